"""Notebooks hold prose and calls; prose pages type no number that a model produces."""

import ast
import re
from pathlib import Path

import jupytext
import pytest

from tests.project.source import ROOT, name_of

pytestmark = pytest.mark.unit

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.md"))
PAGES = sorted((ROOT / "book").glob("*.md"))


def cells(path: Path, kind: str) -> list[str]:
    notebook = jupytext.read(path, fmt="md:myst")
    return [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == kind]


def parsed(source: str) -> ast.Module:
    """Parse a cell without its magic commands."""
    return ast.parse(re.sub(r"^%.*$", "", source, flags=re.MULTILINE))


def headings(markdown: str) -> list[str]:
    without_code = re.sub(r"^(```+|:::+).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^# +\S.*$", without_code, flags=re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_notebooks_define_nothing(path: Path):
    defined = [
        node.name
        for source in cells(path, "code")
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_every_import_is_used(path: Path):
    """The linter does not look into notebooks."""
    nodes = [node for source in cells(path, "code") for node in ast.walk(parsed(source))]
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not imported - {node.id for node in nodes if isinstance(node, ast.Name)}


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
