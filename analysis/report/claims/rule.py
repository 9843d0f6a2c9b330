"""The one rule that gives every verdict of the claims ledger.

A claim is tested by one or more recorded numbers. For each, the claim says in which range the
number should lie, both ends included. The number's value and the ends of its published interval
(an exact number is its own interval) then lie in one of four ways:

- *inside*: the whole interval lies in the range;
- *reaches out*: the value lies in the range, the interval not wholly;
- *reaches in*: the value lies outside, but part of the interval in the range;
- *outside*: nothing of the interval lies in the range.

The verdict follows:

- *supported*: every test is inside;
- *supported with conditions*: not every test is inside, but the value lies in the range in at least
  one (inside or reaches out);
- *not supported*: the value lies in the range in none;
- *cannot be tested here*: no recorded number tests the claim.

*Not supported* is not *refuted*: a test that reaches in leaves the claim open.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a number with its interval lies to the range that a claim gives it."""

    INSIDE = "inside"
    REACHES_OUT = "inside, but the interval reaches out"
    REACHES_IN = "outside, but the interval reaches in"
    OUTSIDE = "outside"


class Verdict(StrEnum):
    """What the numbers say of a claim."""

    SUPPORTED = "supported"
    CONDITIONS = "supported with conditions"
    NOT_SUPPORTED = "not supported"
    UNTESTED = "cannot be tested here"


VERDICT_MEANINGS = {
    Verdict.SUPPORTED: "In every test of the claim, the whole interval lies in the range that the "
    "claim gives.",
    Verdict.CONDITIONS: "In at least one test the value lies in the range, but in another it does "
    "not, or an interval reaches out of it.",
    Verdict.NOT_SUPPORTED: "In no test does the value lie in the range. Where an interval reaches "
    "into it, the claim is not refuted either.",
    Verdict.UNTESTED: "No recorded number tests the claim; the row says why.",
}
"""The rule in the words of the page, in the order from the best verdict down."""


@dataclass(frozen=True)
class Range:
    """The values that a claim allows a number to have, in the unit of the number.

    Both ends belong to it; they are infinite where the claim gives no bound.
    """

    low: float = -math.inf
    high: float = math.inf

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def outcome(value: float, low: float, high: float, claimed: Range) -> Outcome:
    """Return how a number lies to the claimed range.

    Parameters
    ----------
    value : float
        The number, in its unit; may be infinite.
    low, high : float
        Ends of its interval, the same unit, `low <= value <= high`; for an exact number its value.

    Examples
    --------
    >>> str(outcome(126_000, 95_000, 170_000, Range(low=100_000)))
    'inside, but the interval reaches out'
    """
    if low in claimed and high in claimed:
        return Outcome.INSIDE
    if value in claimed:
        return Outcome.REACHES_OUT
    overlaps = low <= claimed.high and high >= claimed.low
    return Outcome.REACHES_IN if overlaps else Outcome.OUTSIDE


def verdict(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the verdict on a claim from how all its tests came out, in any order.

    Examples
    --------
    >>> str(verdict([Outcome.INSIDE, Outcome.OUTSIDE]))
    'supported with conditions'
    """
    if not outcomes:
        return Verdict.UNTESTED
    if set(outcomes) == {Outcome.INSIDE}:
        return Verdict.SUPPORTED
    if {Outcome.INSIDE, Outcome.REACHES_OUT} & set(outcomes):
        return Verdict.CONDITIONS
    return Verdict.NOT_SUPPORTED
