"""Whether a number that was computed again is the one that was published: the rule, by number.

Two runs of the same analysis differ by chance only, and each states how much: the Monte Carlo
standard error of its value and of both ends of its interval. A number agrees when each of the
three differs by no more than `Rule.errors` times the error of the two runs together.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analysis.report.monte_carlo import GROUPS
from analysis.report.published import PARTS, PublishedNumber

FALSE_ALARM = 0.01
"""Probability that a sound rerun of all numbers fails in one of them or more: at most this."""

ERROR_FREEDOM = GROUPS - 1
"""Degrees of freedom of a stated error: errors are estimates too, most from at least 50 groups
of draws; a few, from five or ten runs, are rougher."""

SAME_TO = 1e-9
"""Relative difference within which two numbers are equal: the last bits differ by processor."""


@dataclass(frozen=True)
class Rule:
    """How far two runs may lie apart.

    Attributes
    ----------
    comparisons : int
        Values and ends that carry a Monte Carlo error, in the whole published file. A part of the
        file is held to the same rule, so that a number's verdict does not hang on its company.
    false_alarm : float
        Between 0 and 1: probability of one wrong failure or more among all of them.
    """

    comparisons: int
    false_alarm: float = FALSE_ALARM

    @property
    def errors(self) -> float:
        """Standard errors that a difference may have: Bonferroni's two-sided quantile of t."""
        from scipy.stats import t as student

        each = self.false_alarm / max(1, self.comparisons)
        return float(student.isf(each / 2, ERROR_FREEDOM))

    @classmethod
    def for_numbers(cls, numbers: Mapping[str, PublishedNumber]) -> "Rule":
        """Return the rule for a published file, from all its numbers by id."""
        return cls(sum(number.error(part) > 0 for number in numbers.values() for part in PARTS))


@dataclass(frozen=True)
class Verdict:
    """What became of one number.

    Attributes
    ----------
    published, recomputed : str
        As printed; empty where there is none.
    reason : str
        Why it does not agree, in words; empty when it does.
    differences : tuple of float
        Difference of each part that carries an error, in combined standard errors.
    same_text : bool
        Whether the same is printed.
    """

    id: str
    published: str
    recomputed: str
    reason: str = ""
    differences: tuple[float, ...] = ()
    same_text: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the two runs agree about this number."""
        return not self.reason


@dataclass(frozen=True)
class Agreement:
    """The verdicts on all numbers that were looked at, in the order of their ids."""

    rule: Rule
    verdicts: tuple[Verdict, ...]

    @property
    def failures(self) -> list[Verdict]:
        """The numbers that do not agree."""
        return [verdict for verdict in self.verdicts if not verdict.agrees]

    @property
    def agrees(self) -> bool:
        """Whether all agree; nothing compared is no agreement."""
        return bool(self.verdicts) and not self.failures

    @property
    def spread(self) -> float | None:
        """Root mean square of all differences, in standard errors; None when nothing has one.

        About 1 when the runs are independent and state their errors rightly; 0 when they drew the
        same random numbers; well above 1 when errors are understated.
        """
        finite = [d for verdict in self.verdicts for d in verdict.differences if math.isfinite(d)]
        return math.sqrt(sum(d * d for d in finite) / len(finite)) if finite else None

    def sentence(self) -> str:
        """Say in one sentence what came out."""
        total, failed = len(self.verdicts), len(self.failures)
        alike = sum(verdict.same_text for verdict in self.verdicts)
        head = f"All {total} numbers agree" if self.agrees else f"{failed} of {total} do not agree"
        if not total:
            return "No number was compared."
        spread = "" if self.spread is None else f"; root mean square {self.spread:.2f}"
        return (
            f"{head}. Allowed: {self.rule.errors:.2f} standard errors of both runs together"
            f"{spread}. Printed alike: {alike} of {total}."
        )


def compare(
    published: Mapping[str, PublishedNumber],
    recomputed: Mapping[str, PublishedNumber],
    rule: Rule,
    ids: Collection[str] | None = None,
    same_text: bool = False,
) -> Agreement:
    """Compare two sets of numbers, id by id.

    Parameters
    ----------
    rule : Rule
        From the whole published file.
    ids : collection of str, optional
        The ids to look at; by default all of both. An id that only one of the two has fails.
    same_text : bool
        Whether a number must be printed alike as well: with the same seed on the same machine it
        should be.
    """
    compared = {*published, *recomputed} if ids is None else set(ids)
    verdicts = [
        _verdict(id, published.get(id), recomputed.get(id), rule, same_text)
        for id in sorted(compared)
    ]
    return Agreement(rule, tuple(verdicts))


def _verdict(
    id: str,
    before: PublishedNumber | None,
    after: PublishedNumber | None,
    rule: Rule,
    same_text: bool,
) -> Verdict:
    if before is None or after is None:
        reason = "not published" if before is None else "missing: published, but not recomputed"
        printed, again = (number.text if number else "" for number in (before, after))
        return Verdict(id, printed, again, reason, same_text=False)
    parts = [(part, _difference(before, after, part)) for part in PARTS]
    alike = before.text == after.text
    reasons = _other_meaning(before, after) or [
        f"{part} {_six_digits(before, part)} → {_six_digits(after, part)}, {_words(difference)}"
        for part, difference in parts
        # Written so that a difference that is not a number fails.
        if not abs(difference) <= rule.errors
    ]
    if same_text and not alike and not reasons:
        reasons = ["printed otherwise"]
    measured = tuple(d for part, d in parts if before.error(part) or after.error(part))
    return Verdict(id, before.text, after.text, "; ".join(reasons), measured, alike)


def _other_meaning(before: PublishedNumber, after: PublishedNumber) -> Sequence[str]:
    """Return in what the two are not the same quantity, so that comparing would mean nothing."""
    return [
        f"{field}: {getattr(before, field)} → {getattr(after, field)}"
        for field in ("unit", "interval", "grade")
        if getattr(before, field) != getattr(after, field)
    ]


def _difference(before: PublishedNumber, after: PublishedNumber, part: str) -> float:
    """Return a difference in combined standard errors: 0 when equal, infinite where none may be."""
    old, new = getattr(before, part), getattr(after, part)
    if old is None or new is None:
        return 0.0 if old is new else math.inf
    if math.isclose(old, new, rel_tol=SAME_TO, abs_tol=SAME_TO**2):
        return 0.0
    error = math.hypot(before.error(part), after.error(part))
    return (new - old) / error if error else math.inf


def _six_digits(number: PublishedNumber, part: str) -> str:
    value = getattr(number, part)
    return "no limit" if value is None else f"{value:.6g}"


def _words(difference: float) -> str:
    if math.isinf(difference):
        return "where no error is stated"
    return f"{abs(difference):.1f} standard errors"
