"""An address that was published leads somewhere for ever, and pages may move."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from analysis import settings
from analysis.publish.errors import BuildError
from analysis.publish.products.redirects import MOVED, read_redirects, redirects
from analysis.publish.project import Project

PUBLISHED = (Path(__file__).parent / "addresses.txt").read_text("utf-8").split()
"""Every page whose address readers may have; a new page adds a line, and none is taken away."""


def pages_of_the_book():
    text = (settings.ROOT / "book/_toc.yml").read_text("utf-8")
    named = re.findall(r"(?:root|file): *(\S+)", text)
    return {name.removeprefix("book/") for name in named}


@pytest.mark.unit
def test_every_published_address_is_a_page_or_a_redirect():
    moved = read_redirects(settings.ROOT / "book" / MOVED)
    assert [page for page in PUBLISHED if page not in pages_of_the_book() | moved.keys()] == []


@pytest.mark.unit
def test_every_page_is_listed_once_among_the_published_addresses():
    new = sorted(pages_of_the_book() - set(PUBLISHED))
    assert not new, f"add to tests/site/addresses.txt: {new}"
    assert len(PUBLISHED) == len(set(PUBLISHED))


@pytest.mark.integration
def test_the_site_has_every_published_address(site):
    assert [page for page in PUBLISHED if not (site / f"{page}.html").is_file()] == []


@pytest.fixture
def finished(tmp_path):
    project = Project(root=tmp_path, build=tmp_path / "_build")
    project.book.mkdir()
    (project.site / "notebooks").mkdir(parents=True)
    (project.site / "notebooks/new.html").write_text("<h1>New<a></a></h1>")
    return SimpleNamespace(project=project, site=project.site, records={})


@pytest.mark.unit
def test_an_old_address_leads_to_the_new_one(finished):
    (finished.project.book / MOVED).write_text(
        "notebooks/old: notebooks/new\nolder: notebooks/new\n"
    )
    redirects(finished)
    old, older = (
        (finished.site / name).read_text() for name in ("notebooks/old.html", "older.html")
    )
    assert 'content="0; url=../notebooks/new.html"' in old
    assert 'rel="canonical" href="notebooks/new.html"' in older
    assert '<a href="notebooks/new.html">' in older
    assert (finished.site / "notebooks/../notebooks/new.html").is_file()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("moved", "wrong"),
    [
        ({"old": "nowhere"}, "no page"),
        ({"notebooks/new": "notebooks/new2", "notebooks/new2": "x"}, "has moved"),
        ({"old": 3}, "one line"),
        (["old"], "one line"),
    ],
)
def test_a_redirect_to_nowhere_is_refused(finished, moved, wrong):
    (finished.project.book / MOVED).write_text(yaml.safe_dump(moved))
    with pytest.raises(BuildError, match=wrong):
        redirects(finished)


@pytest.mark.unit
def test_a_page_that_is_still_there_has_not_moved(finished):
    (finished.site / "other.html").write_text("")
    (finished.project.book / MOVED).write_text("notebooks/new: other\n")
    with pytest.raises(BuildError, match="page of that name"):
        redirects(finished)
