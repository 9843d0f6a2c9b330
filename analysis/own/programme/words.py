"""Words and rows for the growth of a reader's own groups."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.own.programme.answer import Answer, Summary
    from analysis.own.programme.settings import Target

SPANS = {
    "under_5": "under 5 years",
    "from_5_to_10": "5 to 10 years",
    "over_10": "over 10 years",
    "never": "never",
}

FEW_GROUPS = 30
"""Below this many groups a caution says so."""

HARDLY = 0.25
"""Narrowing of the time below which the answer is the prior's rather than the table's."""


def first_words(found: "Answer", target: "Target") -> str:
    """Return the answer in sentences."""
    what = (
        f"a mean saving of {target.saving:g}% of the benchmark"
        if target.saving is not None
        else f"{100 * target.share:g}% of the eventual gain"
    )
    chances = ", ".join(f"{word} {found.probabilities[key]:.0%}" for key, word in SPANS.items())
    return (
        f"{found.groups:,} groups, {found.rows:,} rows, up to {found.last_seen} years after the "
        f"start.\nYears since the start until {what}: {_years(found.time)}.\n"
        f"Probabilities: {chances}.\n"
        f"Mean gain from the first to the tenth year: {_points(found.gain)} points; "
        f"to the last year seen: {_points(found.seen_gain)}."
    )


def time_rows(found: "Answer") -> list[tuple[str, str, str]]:
    """Return rows of the time to the target, before and after the table was seen."""
    rows = [("years", _years(found.prior_time), _years(found.time))]
    return rows + [
        (word, f"{found.prior_probabilities[key]:.0%}", f"{found.probabilities[key]:.0%}")
        for key, word in SPANS.items()
    ]


def curve_rows(found: "Answer") -> list[tuple[str, ...]]:
    """Return rows of the mean saving by years since the start."""
    return [
        (
            f"{row['years_since_start']:.0f}" + (" (not seen)" if not row["groups"] else ""),
            f"{row['groups']:,.0f}",
            _number(row["raw"]),
            _points({key: row[key] for key in ("value", "low", "high")}),
            _number(row["exits_added"]),
        )
        for row in _curve(found)
    ]


def _curve(found: "Answer") -> list[dict[str, float]]:
    rows = found.curve.to_dict(orient="records")
    return [{str(name): float(value) for name, value in row.items()} for row in rows]


def cautions(found: "Answer") -> list[str]:
    """Return what the table cannot tell, in sentences."""
    said = [_calendar(found), _beyond(found), _exits(found)]
    if found.groups < FEW_GROUPS:
        said.append(f"Only {found.groups} groups: how far they differ is learned from few, too.")
    if found.narrowing < HARDLY:
        said.append(
            "The time is what was believed before rather than what the table shows: its spread "
            f"narrowed by only {max(found.narrowing, 0):.0%}."
        )
    if found.curve["raw"].abs().max() < 0.6:
        said.append("All mean rates are below 0.6: check that they are percent, and not shares.")
    said.append(
        "An exponential approach to a plateau is assumed, savings are against benchmarks and not "
        "against groups outside the programme, and leaving is assumed to follow rates seen before."
    )
    return [sentence for sentence in said if sentence]


def _calendar(found: "Answer") -> str:
    low, high = (_number(end, 2) for end in found.calendar)
    without = (
        "" if found.exits is not None
        else "The table has no calendar years, so all groups are taken to have begun together. "
    )  # fmt: skip
    return (
        f"{without}Experience and calendar time cannot be told apart: it is assumed that "
        f"benchmarks and rules moved savings by {low} to {high} points a year (--calendar). If "
        f"they did so by {_points(found.nothing_learned, 2)}, nothing was learned."
    )


def _beyond(found: "Answer") -> str:
    if math.isnan(found.beyond):
        return ""
    return (
        f"The table shows {found.last_seen} years since the start; if the target is reached, "
        f"it is later than that with a probability of {found.beyond:.0%}: extrapolation."
    )


def _exits(found: "Answer") -> str:
    if found.exits is None:
        return "Without start_year and year it cannot be seen who left."
    left: Any = found.exits
    if not left["left"]:
        return "No group left before the last year."
    gap = (
        "" if math.isnan(left["gap"])
        else f"; in their last year they lay {_number(abs(left['gap']))} points "
        f"{'below' if left['gap'] < 0 else 'above'} those of the same start and year that stayed"
    )  # fmt: skip
    return (
        f"{left['left']} of {left['began']} groups left before the last year{gap}. Exits added "
        f"{_points(left['added'])} points to the mean of those still there after "
        f"{found.last_seen} years; the mean saving above is without that."
    )


def _years(found: "Summary") -> str:
    value, low, high = ("never" if math.isinf(v) else f"{v:.0f}" for v in found.values())
    return f"{value} ({low} to {high})"


def _points(found: "Summary", digits: int = 1) -> str:
    value, low, high = (_number(found[key], digits) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _number(value: float, digits: int = 1) -> str:
    return "" if math.isnan(value) else f"{value + 0.0:.{digits}f}".replace("-", "−")
