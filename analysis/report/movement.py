"""What moved between two versions: which numbers, by how much, and why.

A number has moved when it fails the rule by which `verify` judges a rerun: its value, or an end of
its interval, differs by more than the Monte Carlo error of the two runs allows.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from analysis.report.agreement import Rule, Verdict, compare
from analysis.report.published import PublishedNumber
from analysis.report.releases import Reason, Release, ReleasedNumber


@dataclass(frozen=True)
class Move:
    """One number that moved.

    Attributes
    ----------
    percent : float or None
        Change of the value in percent of what it was; None from or to nothing or no limit.
    errors : float or None
        Largest change of value or end, in Monte Carlo standard errors of both versions together;
        None in an exact number, or where there is no finite change.
    why : str
        The reasons given, or else what differs behind it.
    """

    before: ReleasedNumber
    after: ReleasedNumber
    percent: float | None
    errors: float | None
    why: str


@dataclass(frozen=True)
class Movement:
    """What differs between two versions.

    Attributes
    ----------
    rule : Rule
        How far a number may lie from what it was without having moved.
    moved : tuple of Move
        By id.
    new, gone : tuple of (ReleasedNumber, str)
        Numbers that only one of the two has, with the reasons given.
    within_error, unchanged : int
        Numbers that differ by less than the rule allows, and those that do not differ.
    """

    rule: Rule
    moved: tuple[Move, ...]
    new: tuple[tuple[ReleasedNumber, str], ...]
    gone: tuple[tuple[ReleasedNumber, str], ...]
    within_error: int
    unchanged: int

    @property
    def nothing(self) -> bool:
        """Whether no number moved, came or went."""
        return not (self.moved or self.new or self.gone)


def what_moved(
    before: Release, after: Release, reasons: Sequence[Reason] = (), rule: Rule | None = None
) -> Movement:
    """Compare two versions number by number.

    Parameters
    ----------
    reasons : sequence of Reason
        Those of the later version are used.
    rule : Rule, optional
        By default that for all numbers of the earlier version.
    """
    earlier, later = _numbers(before), _numbers(after)
    both = sorted(set(earlier) & set(later))
    agreement = compare(earlier, later, rule or Rule.for_numbers(earlier), both)
    current = [reason for reason in reasons if reason.version == after.version]
    return Movement(
        rule=agreement.rule,
        moved=tuple(
            _move(before.numbers[v.id], after.numbers[v.id], v, current) for v in agreement.failures
        ),
        new=_only_in(after, before, current),
        gone=_only_in(before, after, current),
        within_error=sum(v.agrees and any(v.differences) for v in agreement.verdicts),
        unchanged=sum(v.agrees and not any(v.differences) for v in agreement.verdicts),
    )


def _numbers(release: Release) -> dict[str, PublishedNumber]:
    return {id: entry.number for id, entry in release.numbers.items()}


def _only_in(
    release: Release, other: Release, reasons: Iterable[Reason]
) -> tuple[tuple[ReleasedNumber, str], ...]:
    ids = sorted(set(release.numbers) - set(other.numbers))
    return tuple((release.numbers[id], _reasons_for(id, reasons)) for id in ids)


def _move(
    before: ReleasedNumber, after: ReleasedNumber, verdict: Verdict, reasons: Iterable[Reason]
) -> Move:
    old, new = before.number.value, after.number.value
    percent = None if not old or new is None else 100 * (new - old) / abs(old)
    finite = [abs(d) for d in verdict.differences if math.isfinite(d)]
    return Move(
        before,
        after,
        # In another unit the two values cannot be set against each other.
        percent if before.number.unit == after.number.unit else None,
        max(finite, default=0.0) or None,
        _reasons_for(verdict.id, reasons) or _what_differs(before, after),
    )


def _reasons_for(id: str, reasons: Iterable[Reason]) -> str:
    return " ".join(r.reason for r in reasons if fnmatchcase(id, r.number))


def _what_differs(before: ReleasedNumber, after: ReleasedNumber) -> str:
    """Say what differs behind a number for which nobody gave a reason."""
    packages = sorted({*before.data_digest, *after.data_digest})
    data = [p for p in packages if before.data_digest.get(p) != after.data_digest.get(p)]
    parts = [
        ("code changed", before.code_digest != after.code_digest),
        (f"data changed: {', '.join(data)}", bool(data)),
        ("seed changed", before.number.seed != after.number.seed),
    ]
    differences = "; ".join(words for words, differs in parts if differs)
    return differences or "neither its code nor its data changed: the packages or the machine did"
