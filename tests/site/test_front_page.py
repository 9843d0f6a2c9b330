"""The front page: a picture with two handles, few numbers, plain English."""

import re

import pytest

from tests.site.first_screen import first_screen, numbers_of, prose
from tests.site.reading_level import reading_ease, syllables

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PAGE = "index.html"
LEAST_EASE = 60
MOST_NUMBERS = 6


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("budget", 2), ("patients", 2), ("large", 1), ("table", 2), ("insurance", 3)],
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_easy_sentences_read_more_easily_than_hard_ones():
    easy = reading_ease("The cat sat on the mat. It was warm. It slept all day.")
    hard = reading_ease(
        "Notwithstanding considerable heterogeneity, institutional commissioners systematically "
        "underestimated actuarial volatility."
    )
    assert easy > 90 and hard < 10


@pytest.fixture
def front(ready):
    """Return a function that opens the page and waits for its picture."""
    return lambda query="", width=None: ready(PAGE + query, ".front text.own-label", width)


def test_the_first_sentence_is_the_chapters_number(front, numbers):
    text = front().page.locator(".front-enough").inner_text()
    assert numbers["s07.min_size.2pct_5pct"]["text"] in text


def test_each_sentence_has_its_grade(front):
    grades = front().page.locator(".front-answer .grade").all_inner_texts()
    assert grades == ["calibrated", "assumed"]


def test_handles_move_picture_sentence_and_address_by_keyboard(front):
    opened = front()
    page = opened.page
    before = page.locator(".front-answer").inner_text()
    drawn = page.locator(".front svg").get_attribute("aria-label")
    page.locator("#front-people").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert page.locator(".front-answer").inner_text() != before
    page.locator("#front-tolerance").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"tolerance=1\.5"))
    assert page.locator(".front svg").get_attribute("aria-label") != drawn
    shown, address = page.locator(".front-answer").inner_text(), page.url
    again = front(address[address.index("?") :])
    assert again.page.locator(".front-answer").inner_text() == shown
    assert not again.complaints and not again.elsewhere


def test_presets_answer_for_a_network_and_a_group(front):
    page = front().page
    for people in ("50,000", "250,000"):
        page.get_by_role("button", name=f"{people} people", exact=True).click()
        assert f"With {people} people" in page.locator(".front-answer").inner_text()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_picture_stands_on_the_first_screen_and_its_words_can_be_read(front, width):
    page = front(width=width).page
    box = page.locator(".front svg").bounding_box()
    assert box["y"] + box["height"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate(
        "[...document.querySelectorAll('.front svg text')].map("
        "e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 12


def test_the_first_screen_has_few_numbers_in_plain_english(pages):
    html = first_screen(pages[PAGE])
    assert 1 <= len(numbers_of(html)) <= MOST_NUMBERS
    assert reading_ease(prose(html)) >= LEAST_EASE
