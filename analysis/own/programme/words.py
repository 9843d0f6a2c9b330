"""Words and rows for the growth of a reader's own groups."""

import math
from typing import TYPE_CHECKING, Any

from analysis.report.draws_text import values_text
from analysis.report.formatting import UNITS, digits
from analysis.tables.small_tables import left_out_words

if TYPE_CHECKING:
    from analysis.own.programme.answer import Answer, Summary
    from analysis.own.programme.settings import Target

NEVER = "never"
"""What an infinite number of years reads."""

SPANS = {
    "under_5": "under 5 years",
    "from_5_to_10": "5 to 10 years",
    "over_10": "over 10 years",
    "never": NEVER,
}

FEW_GROUPS = 30
"""Below this many groups a caution says so."""

HARDLY = 0.25
"""Narrowing of the time below which the answer is the prior's rather than the table's."""


def first_words(answer: "Answer", target: "Target") -> str:
    """Return the answer in sentences."""
    what = (
        f"a mean saving of {target.saving:g}% of the benchmark"
        if target.saving is not None
        else f"{100 * target.share:g}% of the eventual gain"
    )
    chances = ", ".join(f"{word} {answer.probabilities[key]:.0%}" for key, word in SPANS.items())
    return (
        f"{answer.groups:,} groups, {answer.rows:,} rows, up to {answer.last_seen} years after the "
        f"start.\nYears since the start until {what}: {_years(answer.time)}.\n"
        f"Probabilities: {chances}.\n"
        f"Mean gain from the first to the tenth year: {_points(answer.gain)} points; "
        f"to the last year seen: {_points(answer.seen_gain)}."
    )


def time_rows(answer: "Answer") -> list[tuple[str, str, str]]:
    """Return rows of the time to the target, before and after the table was seen."""
    rows = [("years", _years(answer.prior_time), _years(answer.time))]
    return rows + [
        (word, f"{answer.prior_probabilities[key]:.0%}", f"{answer.probabilities[key]:.0%}")
        for key, word in SPANS.items()
    ]


def curve_rows(answer: "Answer") -> list[tuple[str, ...]]:
    """Return rows of the mean saving by years since the start."""
    return [
        (
            f"{row['years_since_start']:.0f}" + (" (not seen)" if not row["groups"] else ""),
            f"{row['groups']:,.0f}",
            _number(row["raw"]),
            _points({key: row[key] for key in ("value", "low", "high")}),
            _number(row["exits_added"]),
        )
        for row in _curve(answer)
    ]


def _curve(answer: "Answer") -> list[dict[str, float]]:
    rows = answer.curve.to_dict(orient="records")
    return [{str(name): float(value) for name, value in row.items()} for row in rows]


def cautions(answer: "Answer") -> list[str]:
    """Return what the table cannot tell, in sentences."""
    sentences = [left_out_words(answer.left_out), _calendar(answer), _beyond(answer)]
    sentences.append(_exits(answer))
    if answer.groups < FEW_GROUPS:
        sentences.append(
            f"Only {answer.groups} groups: how far they differ is learned from few, too."
        )
    if answer.narrowing < HARDLY:
        sentences.append(
            "The time is what was believed before rather than what the table shows: its spread "
            f"narrowed by only {max(answer.narrowing, 0):.0%}."
        )
    if answer.curve["raw"].abs().max() < 0.6:
        sentences.append(
            "All mean rates are below 0.6: check that they are percent, and not shares."
        )
    sentences.append(
        "An exponential approach to a plateau is assumed, savings are against benchmarks and not "
        "against groups outside the programme, and leaving is assumed to follow rates seen before."
    )
    return [sentence for sentence in sentences if sentence]


def _calendar(answer: "Answer") -> str:
    low, high = (_number(end, 2) for end in answer.calendar)
    without = (
        ""
        if answer.exits is not None
        else "The table has no calendar years, so all groups are taken to have begun together. "
    )
    return (
        f"{without}Experience and calendar time cannot be told apart: it is assumed that "
        f"benchmarks and rules moved savings by {low} to {high} points a year (--calendar). If "
        f"they did so by {_points(answer.nothing_learned, 2)}, nothing was learned."
    )


def _beyond(answer: "Answer") -> str:
    if math.isnan(answer.beyond):
        return ""
    return (
        f"The table shows {answer.last_seen} years since the start; if the target is reached, "
        f"it is later than that with a probability of {answer.beyond:.0%}: extrapolation."
    )


def _exits(answer: "Answer") -> str:
    if answer.exits is None:
        return "Without start_year and year it cannot be seen who left."
    left: Any = answer.exits
    if not left["left"]:
        return "No group left before the last year."
    gap = (
        ""
        if math.isnan(left["gap"])
        else f"; in their last year they lay {_number(abs(left['gap']))} points "
        f"{'below' if left['gap'] < 0 else 'above'} those of the same start and year that stayed"
    )
    return (
        f"{left['left']} of {left['began']} groups left before the last year{gap}. Exits added "
        f"{_points(left['added'])} points to the mean of those still there after "
        f"{answer.last_seen} years; the mean saving above is without that."
    )


def _years(years: "Summary") -> str:
    value, low, high = (years[end] for end in ("value", "low", "high"))
    text = values_text(value, low, high, "years", decimals=0, infinite=NEVER)
    return text.replace("no limit", NEVER)


def _points(points: "Summary", decimals: int = 1) -> str:
    value, low, high = (points[end] for end in ("value", "low", "high"))
    return values_text(value, low, high, decimals=decimals)


def _number(value: float, decimals: int = 1) -> str:
    return "" if math.isnan(value) else digits(value, UNITS["none"], 10.0**-decimals)
