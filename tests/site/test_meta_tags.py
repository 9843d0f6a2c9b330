"""Descriptions for previews and the Binder link: with an address and without one."""

import pytest

from analysis.site.binder import binder_address
from analysis.site.meta_tags import LONGEST, card_name, description, meta_tags

pytestmark = pytest.mark.unit


def test_a_description_ends_with_a_sentence_or_a_word():
    assert description("Short\n text.") == "Short text."
    sentences = "This is one sentence. " * 20
    assert description(sentences).endswith("sentence.")
    words = description("word " * 80)
    assert words.endswith("word …")
    assert len(words) <= LONGEST + 2


def test_without_an_address_nothing_says_one():
    tags = meta_tags("A & B", "Book", "What it says.")
    assert 'content="A &amp; B"' in tags
    assert '<meta name="description" content="What it says." />' in tags
    for absent in ("og:url", "og:image", "twitter", 'content=""'):
        assert absent not in tags


def test_with_an_address_the_card_is_named_absolutely():
    image = f"https://example.org/{card_name('notebooks/minimum-size')}"
    tags = meta_tags("A", "Book", "", "https://example.org/a.html", image)
    assert '<meta property="og:url" content="https://example.org/a.html" />' in tags
    assert f'<meta property="og:image" content="{image}" />' in tags
    assert "summary_large_image" in tags
    assert image.endswith("_static/previews/notebooks-minimum-size.png")


@pytest.mark.parametrize(
    ("repository", "wanted"),
    [
        ("", ""),
        ("https://example.org/one/two", ""),
        ("https://github.com/one", ""),
        (
            "https://github.com/one/two.git",
            "https://mybinder.org/v2/gh/one/two/HEAD?labpath=notebooks",
        ),
        (
            "https://gitlab.com/one/two/",
            "https://mybinder.org/v2/gl/one%2Ftwo/HEAD?labpath=notebooks",
        ),
    ],
)
def test_binder_is_named_only_for_a_repository_it_can_run(repository, wanted):
    assert binder_address(repository) == wanted
