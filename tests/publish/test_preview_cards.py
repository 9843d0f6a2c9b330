"""Pictures for previews: made for the pages that name one, of any words."""

import struct
from types import SimpleNamespace

import pytest

from analysis.publish.products.preview_cards import card_png, preview_cards
from analysis.publish.project import Project
from analysis.site.meta_tags import SIZE, card_name, meta_tags

pytestmark = pytest.mark.unit

WORDS = ("Book", 'A "title" of #set [brackets] $x$', "7% (90% interval 4%–10%)", "What")


def test_a_card_has_the_size_that_previews_expect_and_any_words():
    picture = card_png(*WORDS)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == SIZE
    assert picture != card_png("Book", "Another")
    assert picture == card_png(*WORDS)


def test_cards_are_made_for_the_pages_that_name_one(tmp_path):
    site = Project(root=tmp_path, build=tmp_path).site
    page = site / "notebooks/new.html"
    page.parent.mkdir(parents=True)
    page.write_text("<h1>New<a></a></h1>")
    finished = SimpleNamespace(site=site, records={})
    preview_cards(finished)
    assert not (site / "_static").exists()
    image = f"https://example.org/{card_name('notebooks/new')}"
    page.write_text(meta_tags("New", "Book", "", "https://example.org/", image) + page.read_text())
    preview_cards(finished)
    assert (site / card_name("notebooks/new")).is_file()
