"""The small picture of an answer: numbers with their intervals on the range that a claim gives.

Drawn as SVG in the page's own colours, so that it can be read in light and dark, in print and on a
phone. Each row is one test; the shaded part is where its number should lie.
"""

import math
from dataclasses import dataclass
from html import escape

from analysis.report import formatting
from analysis.report.claims.ledger import Comparison, LedgerRow
from analysis.report.claims.ranges import Row, interval
from analysis.report.claims.wording import asked_text, holds_text
from analysis.report.formatting import Unit

WIDTH, LEFT, RIGHT = 360.0, 14.0, 346.0
"""The picture and its scale, in its own units, which are about pixels on a phone."""

TOP, ROW, AXIS = 30.0, 46.0, 34.0
"""Heights of the legend, of one row and of the axis."""


@dataclass(frozen=True)
class Scale:
    """From a number to its place.

    Attributes
    ----------
    ticks : tuple of float
        Labelled places, in stored units; the first and the last are the ends.
    logarithmic : bool
        Whether equal ratios take equal space.
    unit : Unit
        Unit of the labels.
    """

    ticks: tuple[float, ...]
    logarithmic: bool
    unit: Unit

    def place(self, value: float) -> float:
        """Return the horizontal place of a value; beyond an end it is that end."""
        low, high = self.ticks[0], self.ticks[-1]
        within = min(max(value, low), high)
        if self.logarithmic:
            share = math.log(within / low) / math.log(high / low)
        else:
            share = (within - low) / (high - low)
        return LEFT + share * (RIGHT - LEFT)


def answer_scale(answer: Row, result: Comparison) -> Scale:
    """Return the scale of a picture, in the unit of the main test.

    Parameters
    ----------
    answer : mapping
        A row of the table `answers`.
    """
    ticks = tuple(float(tick) for tick in str(answer["ticks"]).split())
    unit = formatting.unit_named(result.record.unit)
    return Scale(ticks, answer["axis"] == "log", unit)


def picture_svg(row: LedgerRow, answer: Row) -> str:
    """Return the picture of a tested claim: an SVG element with its alternative text.

    Parameters
    ----------
    row : LedgerRow
        The claim; its tests in the unit of the first are drawn.
    answer : mapping
        Its row of `answers`: scale and name of the shaded part.
    """
    tests = _tests_of_one_unit(row)
    scale = answer_scale(answer, tests[0])
    height = TOP + ROW * len(tests) + AXIS
    parts = [_legend(str(answer["mark"]))]
    parts += [_row(result, scale, TOP + ROW * at) for at, result in enumerate(tests)]
    parts.append(_axis(scale, TOP + ROW * len(tests)))
    return (
        f'<svg class="answer-picture" viewBox="0 0 {WIDTH:g} {height:g}" role="img" '
        f'aria-label="{escape(picture_text(row))}">{"".join(parts)}</svg>'
    )


def picture_text(row: LedgerRow) -> str:
    """Return what the picture of a claim shows, for readers who do not see it.

    The verdict, then each number with its interval, what was asked and how probable that is.
    """
    outcomes = "; ".join(
        f"{result.label}: {result.record.text}; what the claim asks ({asked_text(result)}) "
        f"{holds_text(result.probability)}"
        for result in _tests_of_one_unit(row)
    )
    return f"Verdict on the claim: {row.verdict.value}. {outcomes}."


def _tests_of_one_unit(row: LedgerRow) -> list[Comparison]:
    return [result for result in row.tests if result.record.unit == row.tests[0].record.unit]


def _legend(mark: str) -> str:
    return (
        f'<rect class="claimed" x="{LEFT}" y="6" width="22" height="12"/>'
        f'<text x="{LEFT + 30}" y="17">the claim: {escape(mark)}</text>'
    )


def _row(result: Comparison, scale: Scale, top: float) -> str:
    low, high = scale.place(result.claimed.low), scale.place(result.claimed.high)
    line = top + 31
    return (
        f'<text x="{LEFT}" y="{top + 15}">{escape(result.label)}</text>'
        f'<text class="value" x="{RIGHT}" y="{top + 15}" text-anchor="end">'
        f"{escape(result.record.value_text)}</text>"
        f'<rect class="claimed" x="{low:.1f}" y="{line - 9}" width="{high - low:.1f}" height="18"/>'
        + _interval(result, scale, line)
    )


def _interval(result: Comparison, scale: Scale, line: float) -> str:
    value, low, high = interval(result.record)
    ends = (scale.place(low), scale.place(high))
    parts = [f'<path class="spread" d="M{ends[0]:.1f} {line}H{ends[1]:.1f}"/>']
    if high > scale.ticks[-1]:
        parts.append(f'<path class="spread" d="M{RIGHT - 6} {line - 5}l6 5l-6 5"/>')
    if low < scale.ticks[0]:
        parts.append(f'<path class="spread" d="M{LEFT + 6} {line - 5}l-6 5l6 5"/>')
    if scale.ticks[0] <= value <= scale.ticks[-1]:
        parts.append(f'<circle class="value" cx="{scale.place(value):.1f}" cy="{line}" r="5.5"/>')
    return "".join(parts)


def _axis(scale: Scale, top: float) -> str:
    parts = [f'<path class="axis" d="M{LEFT} {top + 4}H{RIGHT}"/>']
    sign = scale.unit.suffix if not scale.unit.suffix.startswith(" ") else ""
    for tick in scale.ticks:
        x = scale.place(tick)
        anchor = {scale.ticks[0]: "start", scale.ticks[-1]: "end"}.get(tick, "middle")
        at = {"start": LEFT - 8, "end": RIGHT + 10}.get(anchor, x)
        label = formatting.digits(tick, scale.unit, 0) + sign
        parts.append(f'<path class="axis" d="M{x:.1f} {top + 4}v5"/>')
        parts.append(f'<text class="tick" x="{at:.1f}" y="{top + 23}" text-anchor="{anchor}">')
        parts.append(f"{escape(label)}</text>")
    return "".join(parts)
