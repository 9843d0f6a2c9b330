"""Small parts of the build, one at a time."""

import csv
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.publish.errors import BuildError, NotebookError
from analysis.publish.kernels import ThisPython, kernel_environment
from analysis.publish.notebooks import without_paths
from analysis.publish.products.forecast_file import forecast_files
from analysis.publish.products.number_files import numbers_csv
from analysis.publish.project import Project
from analysis.publish.server import make_server
from analysis.publish.site import publish_site
from analysis.publish.sources import read_notebook
from analysis.publish.staging import beside_the_root, one_folder_up
from analysis.report import forecasts
from analysis.report.numbers import record

pytestmark = pytest.mark.unit


def test_links_follow_the_pages_to_their_addresses():
    page = "[a](../notebooks/minimum-size.md#tail) and `../notebooks/`"
    assert one_folder_up(page) == "[a](notebooks/minimum-size.ipynb#tail) and `../notebooks/`"
    assert beside_the_root("[a](../book/numbers.md)") == "[a](../numbers.md)"


def test_a_notebook_is_read_with_the_same_ids(tmp_path):
    file = tmp_path / "toy.md"
    file.write_text("# Toy\n\n```{code-cell} ipython3\n1\n```\n")
    first, second = read_notebook(file), read_notebook(file)
    assert first == second
    assert [cell.cell_type for cell in first.cells] == ["markdown", "code"]


def test_an_unreadable_notebook_is_named(tmp_path):
    file = tmp_path / "toy.md"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotebookError, match=r"notebooks/toy\.md cannot be read"):
        read_notebook(file)


def test_paths_of_this_machine_are_removed(tmp_path):
    project = Project(root=tmp_path, build=tmp_path)
    text = f"{tmp_path}/analysis/x.py {sys.prefix}/lib /tmp/ipykernel_12/345.py"
    assert without_paths(text, project) == "analysis/x.py lib notebook cell"


def test_the_kernel_is_this_python_on_one_thread(tmp_path):
    assert ThisPython().get_kernel_spec("any").argv[0] == sys.executable
    env = kernel_environment({"toy": tmp_path}, {"IPYTHONDIR": "x"})
    assert (env["OMP_NUM_THREADS"], env["PYTHONHASHSEED"]) == ("1", "0")
    assert env["PYTHONPATH"] == str(tmp_path)


def test_forecasts_come_from_one_page(tmp_path):
    project = Project(root=tmp_path, build=tmp_path)
    for page in ("forecast", "other"):
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        (tmp_path / "notebooks" / f"{page}.md").touch()
        (project.executed / page / "records").mkdir(parents=True)
    assert forecast_files(project) == []
    first, second = (folder / forecasts.FILE for folder in project.records_folders())
    first.write_text("{}")
    assert forecast_files(project) == [first]
    second.write_text("{}")
    with pytest.raises(BuildError, match="forecast and other"):
        forecast_files(project)


def test_numbers_as_csv(tmp_path, monkeypatch):
    monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path))
    fields = {"label": "A, b", "unit": "people", "estimand": "E.", "grade": "assumed"}
    exact = record("toy.exact", 1500, **fields)
    row = next(csv.DictReader(numbers_csv({exact.id: exact}).splitlines()))
    assert (row["id"], row["label"], row["value"], row["low"]) == (
        "toy.exact",
        "A, b",
        "1500.0",
        "",
    )


def test_the_server_listens_to_this_machine_only(tmp_path):
    with pytest.raises(BuildError, match="there is no site"):
        make_server(tmp_path, 0)
    (tmp_path / "index.html").write_text("<p>")
    with make_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(BuildError, match="cannot be used"):
            make_server(tmp_path, server.server_port)


def test_a_failed_sphinx_leaves_no_site(tmp_path):
    project = Project(root=tmp_path, build=tmp_path / "_build")
    (project.source).mkdir(parents=True)
    with pytest.raises(BuildError, match="the book has problems"):
        publish_site(project, {})
    assert not project.site.exists()


def test_what_stopped_sphinx_is_said_once(tmp_path, monkeypatch):
    log = "reading sources... [ 2%] errata\nanalysis.errors.InputError: reasons.csv: altered\n" * 2
    ended = subprocess.CompletedProcess([], 1, stdout="", stderr=log)
    monkeypatch.setattr(subprocess, "run", lambda *command, **options: ended)
    project = Project(root=tmp_path, build=tmp_path / "_build")
    project.source.mkdir(parents=True)
    with pytest.raises(BuildError) as failure:
        publish_site(project, {})
    assert str(failure.value).splitlines()[1:] == [
        "  analysis.errors.InputError: reasons.csv: altered"
    ]


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [(BuildError("no luck"), 1, "error: no luck"), (KeyboardInterrupt(), 130, "interrupted")],
)
def test_failures_are_one_line_and_an_exit_code(monkeypatch, failure, code, message):
    def fail(**options):
        raise failure

    monkeypatch.setattr("analysis.publish.book.build_book", fail)
    result = CliRunner().invoke(app, ["book"])
    assert result.exit_code == code
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_help_tells_commands_and_exit_codes():
    help_text = CliRunner().invoke(app, ["--help"]).output
    for word in ("book", "serve", "numbers", "Exit codes"):
        assert word in help_text
