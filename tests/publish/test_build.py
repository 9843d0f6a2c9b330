"""The build as a whole: what it makes, what it refuses, and what survives when it is killed."""

import json
import re

import nbformat
import pytest
from rich.console import Console

from analysis import settings
from analysis.publish.book import build_book, only_build
from analysis.publish.build_times import BUILD_TIMES, BuildTimes
from analysis.publish.errors import BuildError, NotebookError

QUIET = Console(quiet=True)

pytestmark = pytest.mark.xdist_group("built")


@pytest.mark.integration
def test_the_site_holds_pages_numbers_and_data(built):
    for name in (
        "index.html",
        "numbers.html",
        "numbers.json",
        "numbers.csv",
        "numbers.schema.json",
        "numbers.csv-metadata.json",
        "numbers/chance.html",
        "numbers/toy.chance.json",
        "numbers/toy.chance.csv",
        "notebooks/chance.html",
        "_sources/notebooks/chance.ipynb",
        "_static/figures/toy-figure.csv",
        "_static/tables/toy-table.csv",
    ):
        assert (built.site / name).is_file(), name


@pytest.mark.integration
def test_a_build_says_how_long_its_steps_took(built):
    stamp = BuildTimes.from_json((built.build / BUILD_TIMES).read_text())
    assert stamp.notebooks_executed == len(built.chapters())
    assert 0 < stamp.notebooks_seconds < stamp.seconds
    assert f"{stamp.notebooks_executed} notebooks executed" in str(stamp)


@pytest.mark.integration
def test_numbers_file_is_sorted_and_has_no_clock(built):
    text = (built.site / "numbers.json").read_text()
    assert [n["id"] for n in json.loads(text)["numbers"]] == ["toy.chance", "toy.exact"]
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


@pytest.mark.integration
def test_the_offered_notebook_is_the_executed_one(built):
    text = (built.site / "_sources/notebooks/chance.ipynb").read_text()
    notebook = nbformat.reads(text, as_version=4)
    assert all(cell.outputs for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.integration
def test_no_page_tells_where_it_was_built(built):
    for file in built.site.rglob("*"):
        if file.suffix in {".html", ".ipynb", ".json", ".js", ".csv", ".md"}:
            text = file.read_text(encoding="utf-8")
            assert str(built.root) not in text, file
            assert str(settings.ROOT) not in text, file


@pytest.mark.integration
def test_prose_shows_the_recorded_number(built):
    page = (built.site / "index.html").read_text()
    assert '<a class="number reference internal" href="numbers/chance.html#toy.chance"' in page
    assert ">8.0%</a>" in page
    assert 'href="notebooks/chance.html#toy-figure"' in page


@pytest.mark.integration
def test_an_unchanged_book_is_left_alone(built):
    before = {f: f.stat().st_mtime_ns for f in built.build.rglob("*.html")}
    build_book(built, console=QUIET)
    assert {f: f.stat().st_mtime_ns for f in built.build.rglob("*.html")} == before


@pytest.mark.integration
def test_what_changes_is_published_step_by_step(changeable):
    """A page and the style sheet, then a number alone, then the style sheet alone."""
    index, sheet = changeable.book / "index.md", changeable.book / "_static" / "book.css"
    published = changeable.site / "_static" / "book.css"
    # A copy of a book is built whole: only the builds after this one are incremental.
    index.write_text(index.read_text() + "\nRead once here.\n")
    sheet.write_text("body { margin: 1px }")
    build_book(changeable, console=QUIET)
    assert "Read once here." in (changeable.site / "index.html").read_text()
    assert published.read_text() == "body { margin: 1px }"

    module = changeable.root / "toy" / "model.py"
    module.write_text(module.read_text().replace("beta(80, 920", "beta(200, 800"))
    build_book(changeable, console=QUIET)
    text = json.loads((changeable.site / "numbers.json").read_text())["numbers"][0]["value_text"]
    assert text != "8.0%"
    assert f">{text}</a>" in (changeable.site / "index.html").read_text()
    assert f'"number-value">{text}' in (changeable.site / "numbers.html").read_text()

    sheet.write_text("body { margin: 2px }")
    build_book(changeable, console=QUIET)
    assert published.read_text() == "body { margin: 2px }"


@pytest.mark.integration
def test_a_failing_cell_is_named_and_the_old_site_stays(changeable):
    plain = changeable.notebooks / "plain.md"
    cell = "```{code-cell} ipython3\nvalue = 1\nvalue / 0\n```\n"
    plain.write_text(f"{plain.read_text()}\n{cell}")
    before = (changeable.site / "index.html").read_bytes()
    message = r"notebooks/plain\.md, code cell 2 \(beginning `value = 1`\) failed: ZeroDivision"
    with pytest.raises(NotebookError, match=message):
        build_book(changeable, console=QUIET)
    assert (changeable.site / "index.html").read_bytes() == before


@pytest.mark.integration
def test_a_missing_number_fails_every_build_until_mended(changeable):
    index = changeable.book / "index.md"
    text = index.read_text()
    index.write_text(text + "\nSee {number}`toy.absent`.\n")
    for _ in range(2):  # Sphinx alone would pass the second time
        with pytest.raises(BuildError, match=r"number toy\.absent is not recorded"):
            build_book(changeable, console=QUIET)
    index.write_text(text)
    build_book(changeable, console=QUIET)


@pytest.mark.integration
def test_a_page_that_does_not_exist_is_named(changeable):
    toc = changeable.book / "_toc.yml"
    toc.write_text(toc.read_text() + "  - file: book/absent\n")
    with pytest.raises(BuildError, match=r"_toc\.yml names book/absent\.md, which does not exist"):
        build_book(changeable, console=QUIET)


@pytest.mark.integration
def test_a_killed_build_resumes_to_the_same_numbers(built, resumed):
    assert not resumed.had_site
    (finished,) = resumed.finished
    assert f"executing notebooks/{finished}.md" not in resumed.told
    assert "1 of 2 notebooks executed, 2 numbers" in resumed.told
    assert resumed.numbers == (built.site / "numbers.json").read_bytes()
    assert not resumed.unfinished


@pytest.mark.unit
def test_two_builds_at_once_are_refused(tmp_path):
    with only_build(tmp_path), pytest.raises(BuildError, match="another build is running"):  # noqa: SIM117
        with only_build(tmp_path):
            pass
    with only_build(tmp_path):
        assert (tmp_path / ".lock-owner").is_file()
