"""The one rule that gives every verdict of the claims ledger.

Each claim names one main test: a recorded number, and the range in which it should lie if the claim
holds in the sense nearest to its author's. The share of the number's draws in that range is the
probability that the claim holds. What the other tests of a claim give are *readings*: the same
claim under another condition. They never raise a verdict, so that listing more of them cannot.

With a main number that is *estimated* or *calibrated*:

- *supported*: the claim holds with at least the probability of the first cut-off, and no reading
  makes it less likely than not;
- *supported with conditions*: it is more likely than not, or it is supported but for a reading;
- *not supported*: its probability is below the last cut-off;
- *cannot be tested here*: between the last two cut-offs the number leaves the claim open.

With a main number that is *assumed* nothing was observed. If the claim reaches the first cut-off it
is *supported under stated assumptions*: it follows from them. Else it *cannot be tested here*,
however improbable it comes out: assumptions that contradict a claim are no evidence against it, for
either may be the one that is wrong. The probability then says on which side the assumptions lie.

A verdict carries the weakest grade of the numbers that it rests on: the main one, and the readings
that made it conditional.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.report.checks import GRADES


class Verdict(StrEnum):
    """What the numbers say of a claim, in the order of the page."""

    SUPPORTED = "supported"
    CONDITIONS = "supported with conditions"
    ASSUMED = "supported under stated assumptions"
    NOT_SUPPORTED = "not supported"
    UNTESTED = "cannot be tested here"


@dataclass(frozen=True)
class Cutoffs:
    """Probabilities at which the verdict changes, `0 < excluded < likely < sure < 1`."""

    sure: float
    likely: float
    excluded: float


@dataclass(frozen=True)
class Range:
    """The values that a claim allows a number to have, in the unit of the number.

    Both ends belong to it; they are infinite where the claim gives no bound.
    """

    low: float = -math.inf
    high: float = math.inf

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Evidence:
    """What the rule needs to know of one test.

    Attributes
    ----------
    probability : float
        That the number lies in the claimed range, between 0 and 1.
    grade : {"estimated", "calibrated", "assumed"}
        Of the number.
    """

    probability: float
    grade: str


@dataclass(frozen=True)
class Judgement:
    """A verdict with what it rests on.

    Attributes
    ----------
    probability : float or None
        That the claim holds, by its main test; None where nothing tests it.
    grade : str
        Weakest grade of the numbers that the verdict rests on; empty where nothing tests it.
    """

    verdict: Verdict
    probability: float | None = None
    grade: str = ""


def judge(main: Evidence | None, readings: Sequence[Evidence], cutoffs: Cutoffs) -> Judgement:
    """Judge a claim.

    Parameters
    ----------
    main : Evidence or None
        Its main test; None where no number tests it.
    readings : sequence of Evidence
        Its other tests, in any order.

    Examples
    --------
    >>> at = Cutoffs(sure=0.9, likely=0.5, excluded=0.1)
    >>> str(judge(Evidence(0.97, "estimated"), [Evidence(0.2, "assumed")], at).verdict)
    'supported with conditions'
    """
    if main is None:
        return Judgement(Verdict.UNTESTED)
    against = [reading for reading in readings if reading.probability < cutoffs.likely]
    verdict = _verdict(main, bool(against), cutoffs)
    turned = verdict is Verdict.CONDITIONS and main.probability >= cutoffs.sure
    grades = [main.grade, *(reading.grade for reading in against if turned)]
    return Judgement(verdict, main.probability, max(grades, key=GRADES.index))


def _verdict(main: Evidence, contradicted: bool, cutoffs: Cutoffs) -> Verdict:
    if main.grade == "assumed":
        reached = main.probability >= cutoffs.sure
        return Verdict.ASSUMED if reached else Verdict.UNTESTED
    if main.probability < cutoffs.excluded:
        return Verdict.NOT_SUPPORTED
    if main.probability < cutoffs.likely:
        return Verdict.UNTESTED
    if main.probability < cutoffs.sure or contradicted:
        return Verdict.CONDITIONS
    return Verdict.SUPPORTED
