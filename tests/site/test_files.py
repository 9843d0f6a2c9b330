"""What the files of the built site promise, without a browser."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from analysis import settings
from tests.site.conftest import CHAPTERS

pytestmark = pytest.mark.integration


def test_every_internal_link_and_anchor_resolves(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme:
                continue
            # What follows a question mark is for the page's script, as a filter that is set.
            path, anchor = urlsplit(link).path, urlsplit(link).fragment
            target = (site / name).parent / unquote(path) if path else site / name
            target = target.resolve()
            if not target.is_file():
                broken.append(f"{name}: {link}")
            elif anchor and target.suffix == ".html":
                ids = pages[target.relative_to(site.resolve()).as_posix()].ids
                if unquote(anchor) not in ids:
                    broken.append(f"{name}: {link}")
    assert not broken


def test_every_image_has_a_text(pages):
    bare = [f"{n}: {i.get('src')}" for n, p in pages.items() for i in p.images if not i.get("alt")]
    assert not bare


def test_every_figure_has_a_text_that_states_what_it_shows(pages):
    """A finding names a quantity or compares; a caption says what is drawn."""
    finding = re.compile(
        r"\d|\b(more|less|fewer|than|most|least|half|none|all|rises?|falls?|above|below|grows?"
        r"|from|before|after|until|higher|lower|steep|steeply|alike)\b"
    )
    empty = [
        f"{name}: {image['alt']}"
        for name in CHAPTERS
        for image in pages[name].images
        if image.get("src", "").endswith(".svg")
        and (
            not finding.search(image["alt"]) or any(image["alt"] in c for c in pages[name].captions)
        )
    ]
    assert not empty


def test_every_figure_has_its_data(site, pages):
    for name in CHAPTERS:
        data = [link for link in pages[name].links if re.search(r"_static/(figures|tables)/", link)]
        assert len(data) == pages[name].figures, name
        for link in data:
            text = ((site / name).parent / link).read_text(encoding="utf-8")
            assert text.count("\n") >= 2, f"{name}: {link} has no rows"


def test_every_chapter_offers_the_executed_notebook(site, pages):
    for name in CHAPTERS:
        notebook = f"../_sources/{name.removesuffix('.html')}.ipynb"
        assert notebook in pages[name].links, name
        text = ((site / name).parent / notebook).read_text(encoding="utf-8")
        cells = [c for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"]
        assert all(cell.execution_count for cell in cells), name
        assert any(cell.outputs for cell in cells), name


def test_no_file_tells_where_it_was_built(site):
    private = [str(settings.ROOT), str(Path.home())]
    leaks = [
        f"{file.relative_to(site)}: {folder}"
        for file in site.rglob("*")
        if file.suffix in {".html", ".ipynb", ".json", ".csv", ".md", ".svg"}
        for folder in private
        if folder != "/" and f"{folder}/" in file.read_text(encoding="utf-8")
    ]
    assert not leaks
