"""Number cards: everything a reader needs to quote one figure and find its origin.

A number is shown twice. Its entry on the page of all numbers is short, stands at its permanent
address and carries the citation; its card, on a page with the other numbers of its chapter, holds
the rest.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from analysis import settings
from analysis.evidence.assumptions import Assumption
from analysis.report import formatting
from analysis.report.citations import Work, bibtex_entry, opening, plain_citation, ris_entry
from analysis.report.grades import GRADE_MEANINGS, suggestion_title
from analysis.report.numbers import Record
from analysis.report.releases import ReleasedNumber
from analysis.site.assumption_list import (
    amount,
    exact_digits,
    group_anchor,
    group_of,
    groups,
    named_in,
)
from analysis.site.templates import filled

CARDS_FOLDER = "numbers"
"""Folder of the site that holds the pages of cards and the files of single numbers."""

SMALLEST_DECIMAL = 1e-6
"""An end that is nearer to 0 is written with a power of ten: decimals would show it as 0."""


@dataclass(frozen=True)
class CardLinks:
    """Where a card points to, as seen from the page it is on; empty where there is no such page.

    Attributes
    ----------
    numbers : str
        The page of all numbers.
    assumptions : str
        The page of assumptions.
    data : mapping of str to str
        The place that describes each data package, by its name.
    """

    numbers: str = "../numbers.html"
    assumptions: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


def cards_page(record: Record) -> str:
    """Return the page of the site that holds a number's card, as `numbers/minimum-size`."""
    return f"{CARDS_FOLDER}/{record.page.rpartition('/')[2]}"


def entry_html(record: Record) -> str:
    """Return the entry of one number on the page of all numbers.

    An HTML `article` whose id is the number's own. Its citation would repeat what stands there, for
    hundreds of numbers: `citation.js` puts it together, hidden until the address names the number.
    """
    return filled(
        "entry",
        record=record,
        interval_words=settings.INTERVAL_WORDS,
        links={"card": f"{cards_page(record)}.html#{record.id}"},
        group=suggestion_title(record.suggestion),
    )


def citation_opening_html(version: str, work: Work) -> str:
    """Return what the citations of all entries begin with, and where the book is published.

    Parameters
    ----------
    work : Work
        What is cited: this book.
    """
    begins, site = Markup.escape(opening(work, version)), Markup.escape(work.site)
    return (
        f'<p data-citation-opening data-site="{site}" hidden>{begins}</p>'
        "<noscript><p>A script puts the citations together, and scripts are off: the card to which "
        "a number's title leads has its citation too.</p></noscript>"
    )


def withdrawn_html(version: str, released: ReleasedNumber) -> str:
    """Return what stands at the permanent address of a number that was withdrawn.

    Parameters
    ----------
    version : str
        The last version that had it.
    released : ReleasedNumber
        As it was published there.
    """
    return filled("withdrawn", version=version, released=released)


def entries_filter_html(titles: Iterable[str]) -> str:
    """Return the form that filters the entries; it stays hidden where no script runs.

    Parameters
    ----------
    titles : iterable of str
        Headings of the groups, as `suggestion_title` gives them.
    """
    return filled("entries_filter", titles=list(titles), grades=list(GRADE_MEANINGS))


def card_html(
    record: Record,
    work: Work,
    links: CardLinks | None = None,
    assumptions: Iterable[Assumption] = (),
) -> str:
    """Return the card of one number: an HTML `article` whose id is the number's own.

    Parameters
    ----------
    work : Work
        What is cited: this book.
    assumptions : iterable of Assumption
        Every assumption with a range: those that the record names are shown in full, those of
        its group are counted.
    """
    rows, group = list(assumptions), group_of(record)
    return filled(
        "card",
        record=record,
        interval_words=settings.INTERVAL_WORDS,
        unrounded=_unrounded(record),
        flip_value=exact_digits(record.flip_point["value"]) if record.flip_point else "",
        plain=plain_citation(record, work),
        bibtex=bibtex_entry(record, work),
        ris=ris_entry(record, work),
        links=links or CardLinks(data={}),
        named=[_named(row) for row in named_in(record.assumptions, rows)],
        group_rows=sum(group in groups(row) for row in rows),
        group_anchor=group_anchor(group),
        group_title=_group_title(record),
    )


def cards_page_html(
    title: str, cards: Iterable[str], numbers_link: str, chapter_link: str = ""
) -> str:
    """Return the page of the cards of one chapter: a section with a heading.

    Parameters
    ----------
    title : str
        Title of the chapter.
    cards : iterable of str
        What `card_html` returned for each of its numbers.
    numbers_link, chapter_link : str
        Addresses of all numbers and of the chapter; a chapter without one is only named.
    """
    return filled(
        "cards_page",
        title=title,
        cards=[Markup(card) for card in cards],
        numbers_link=numbers_link,
        chapter_link=chapter_link,
    )


def _named(row: Assumption) -> dict[str, str]:
    return {
        "name": row.name,
        "amount": amount(row),
        "meaning": row.meaning,
        "source": row.source,
    }


def _group_title(record: Record) -> str:
    if record.suggestion:
        return suggestion_title(record.suggestion).lower()
    return "this chapter"


def _unrounded(record: Record) -> str:
    """Return value and interval in the stored unit, with six digits whatever their error."""
    value, low, high = (
        math.inf if part is None else float(f"{part:.6g}")
        for part in (record.value, record.low, record.high)
    )
    if record.interval is None:
        return exact_digits(value)
    if any(0 < abs(end) < SMALLEST_DECIMAL for end in (low, high)):
        ends = f"{low:g} to {high:g}"
    else:
        ends = formatting.ends_text((low, high), formatting.UNITS["none"], (0, 0))
    return f"{exact_digits(value)} ({ends})"


def grade_legend_html() -> str:
    """Return the meaning of the three evidence grades, as an HTML list of definitions."""
    lines = "".join(
        f'<dt><span class="grade grade-{grade}">{grade}</span></dt><dd>{meaning}</dd>'
        for grade, meaning in GRADE_MEANINGS.items()
    )
    return f'<dl class="grade-legend">{lines}</dl>'
