"""Notebooks hold prose and calls; prose pages type no number that a model produces."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from tests.project.source import ROOT, name_of

pytestmark = pytest.mark.unit

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.md"))
PAGES = sorted((ROOT / "book").glob("*.md"))

MOST_LINES = 24
"""Of a cell of code."""


def cells(path: Path, kind: str) -> list[str]:
    notebook = jupytext.read(path, fmt="md:myst")
    return [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == kind]


def parsed(source: str) -> ast.Module:
    """Parse a cell without its magic commands."""
    return ast.parse(re.sub(r"^%.*$", "", source, flags=re.MULTILINE))


def headings(markdown: str) -> list[str]:
    without_code = re.sub(r"^(```+|:::+).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^# +\S.*$", without_code, flags=re.MULTILINE)


def defines(node: ast.AST) -> bool:
    named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(node, named) or (
        isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)
        and isinstance(node.value, ast.Lambda)
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_notebooks_define_nothing(path: Path):
    defined = [
        ast.unparse(node)[:60]
        for source in cells(path, "code")
        for node in ast.walk(parsed(source))
        if defines(node)
    ]
    assert not defined, "definitions live in analysis/"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_notebooks_use_the_project_interval(path: Path):
    for source in cells(path, "code"):
        assert not re.search(
            r"(quantile|percentile)\([^)]*(?<![\w.])(0?\.05|0?\.95|5|95)\b", source
        )


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=name_of)
def test_each_page_has_one_title(path: Path):
    markdown = "\n\n".join(cells(path, "markdown"))
    assert len(headings(markdown)) == 1


def called(statement: ast.stmt) -> str:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_every_figure_and_table_is_shown(path: Path):
    """A notebook shows the last expression of a cell; what stands before it needs `display`."""
    lost = [
        ast.unparse(statement)[:60]
        for source in cells(path, "code")
        for statement in parsed(source).body[:-1]
        if called(statement) in {"show_figure", "show_table", "stamp"}
    ]
    assert not lost, "wrap it in display(...)"


def ruff_complaints(notebooks: Path) -> str:
    """Lint and format a folder of Jupyter notebooks by the project's settings."""
    settings = ["--config", str(ROOT / "pyproject.toml"), "--config", f'src=["{ROOT}"]']
    complaints = ""
    for order in (["check", "--output-format=concise"], ["format", "--diff"]):
        command = [sys.executable, "-m", "ruff", *order, "-q", "--no-cache", *settings, "."]
        done = subprocess.run(command, cwd=notebooks, capture_output=True, text=True, check=False)
        complaints += done.stdout + done.stderr if done.returncode else ""
    return complaints


def as_jupyter(path: Path, target: Path) -> None:
    notebook = jupytext.read(path, fmt="md:myst")
    notebook.metadata["language_info"] = {"name": "python"}  # without it ruff reads nothing
    jupytext.write(notebook, target)


def test_code_is_linted_and_formatted_as_that_of_the_package(tmp_path: Path):
    for path in NOTEBOOKS:
        as_jupyter(path, tmp_path / f"{path.stem}.ipynb")
    complaints = ruff_complaints(tmp_path)
    assert not complaints, complaints


def test_the_linter_reads_notebooks(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n```{code-cell} ipython3\ntwice = lambda x: 2 * x\n```\n", "utf-8")
    as_jupyter(page, tmp_path / "page.ipynb")
    page.unlink()
    assert "E731" in ruff_complaints(tmp_path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_cells_are_short(path: Path):
    """A cell computes, records or draws."""
    lengths = {source: source.count("\n") + 1 for source in cells(path, "code")}
    long = [source[:60] for source, lines in lengths.items() if lines > MOST_LINES]
    assert not long, f"cut it: a cell has at most {MOST_LINES} lines"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_no_probability_of_an_interval_is_typed(path: Path):
    """`INTERVAL_PERCENT` prints the constant that the numbers follow."""
    assert not [source[:60] for source in cells(path, "code") if "90%" in source]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_shares_of_draws_are_recorded_with_their_error(path: Path):
    """A mean taken before `record` would be published as exact: give it the draws."""
    averaged = [
        ast.unparse(node)[:60]
        for source in cells(path, "code")
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "record"
        and re.search(r"\.mean\(\)|np\.mean\(", ast.unparse(node.args[1]))
        and "Simulated" not in ast.unparse(node.args[1])
    ]
    assert not averaged


def test_labels_are_unique_in_the_book():
    """Sphinx labels are global: two chapters with one label point at each other."""
    labels = [
        label
        for path in [*NOTEBOOKS, *PAGES]
        for label in re.findall(
            r"^\(([\w-]+)\)=$|\bname=\"([a-z0-9-]+)\"", path.read_text("utf-8"), flags=re.MULTILINE
        )
    ]
    names = ["".join(label) for label in labels]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_labels_of_numbers_stand_alone(path: Path):
    """A citation shows the label without its neighbours."""
    assert not re.search(r"""label=f?["']The same""", path.read_text("utf-8"))


def test_there_are_chapters():
    assert NOTEBOOKS, "no notebook found: the other tests here would check nothing"
