"""Number cards: everything a reader needs to quote one figure and find its origin."""

from functools import cache
from pathlib import Path

import jinja2

from analysis import settings
from analysis.report.citations import Work, bibtex_entry, plain_citation
from analysis.report.numbers import Record

GRADE_MEANINGS = {
    "estimated": "Fitted here to data: the interval is a posterior given those data.",
    "calibrated": "Computed from parameters taken from cited, published figures.",
    "assumed": "A structural model under stated priors: a way to reason, not a measurement.",
}
"""What each evidence grade promises."""


@cache
def _environment() -> jinja2.Environment:
    # Labels and assumptions are written by people, so everything is escaped.
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )


def card_html(record: Record, work: Work, page_link: str = "", page_title: str = "") -> str:
    """Return the card of one number.

    Parameters
    ----------
    record : Record
        The number.
    work : Work
        What is cited: this book.
    page_link, page_title : str
        Address and title of the chapter that computed it; without them its name is shown.

    Returns
    -------
    str
        An HTML `article` whose id is the number's own.
    """
    return (
        _environment()
        .get_template("card.html.jinja")
        .render(
            record=record,
            percent=f"{settings.INTERVAL:.0%}",
            unrounded=_unrounded(record),
            flip_value=f"{record.flip_point['value']:g}" if record.flip_point else "",
            plain=plain_citation(record, work),
            bibtex=bibtex_entry(record, work),
            page_link=page_link,
            page_title=page_title,
        )
    )


def _unrounded(record: Record) -> str:
    value, low, high = (
        "no limit" if number is None else f"{number:.6g}"
        for number in (record.value, record.low, record.high)
    )
    return value if record.interval is None else f"{value} ({low} to {high})"


def legend_html() -> str:
    """Return the meaning of the three evidence grades, as an HTML list of definitions."""
    lines = "".join(
        f'<dt><span class="grade grade-{grade}">{grade}</span></dt><dd>{meaning}</dd>'
        for grade, meaning in GRADE_MEANINGS.items()
    )
    return f'<dl class="grade-legend">{lines}</dl>'


def suggestion_title(suggestion: int | None) -> str:
    """Return the heading under which the numbers of one suggestion stand."""
    return "Foundations" if suggestion is None else f"Suggestion {suggestion}"
