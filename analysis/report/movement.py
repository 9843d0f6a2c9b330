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
from analysis.report.releases import KeptNumber, Reason, Release


@dataclass(frozen=True)
class Move:
    """One number that moved.

    Parameters
    ----------
    before, after : KeptNumber
    percent : float or None
        Change of the value in percent of what it was; None from or to nothing or no limit.
    errors : float or None
        Largest change of value or end, in Monte Carlo standard errors of both versions together;
        None in an exact number, or where there is no finite change.
    why : str
        The reasons given, or else what differs behind it.
    """

    before: KeptNumber
    after: KeptNumber
    percent: float | None
    errors: float | None
    why: str


@dataclass(frozen=True)
class Movement:
    """What differs between two versions.

    Parameters
    ----------
    rule : Rule
        How far a number may lie from what it was without having moved.
    moved : tuple of Move
        By id.
    new, gone : tuple of (KeptNumber, str)
        Numbers that only one of the two has, with the reasons given.
    within_error, unchanged : int
        Numbers that differ by less than the rule allows, and those that do not differ.
    """

    rule: Rule
    moved: tuple[Move, ...]
    new: tuple[tuple[KeptNumber, str], ...]
    gone: tuple[tuple[KeptNumber, str], ...]
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
    before, after : Release
    reasons : sequence of Reason
        Those of the later version are used.
    rule : Rule, optional
        By default that for all numbers of the earlier version.

    Returns
    -------
    Movement
    """
    earlier, later = _numbers(before), _numbers(after)
    both = sorted(set(earlier) & set(later))
    found = compare(earlier, later, rule or Rule.for_numbers(earlier), both)
    told = [reason for reason in reasons if reason.version == after.version]
    return Movement(
        rule=found.rule,
        moved=tuple(
            _move(before.numbers[v.id], after.numbers[v.id], v, told) for v in found.failures
        ),
        new=_only_in(after, before, told),
        gone=_only_in(before, after, told),
        within_error=sum(v.agrees and any(v.differences) for v in found.verdicts),
        unchanged=sum(v.agrees and not any(v.differences) for v in found.verdicts),
    )


def _numbers(release: Release) -> dict[str, PublishedNumber]:
    return {name: kept.number for name, kept in release.numbers.items()}


def _only_in(
    release: Release, other: Release, reasons: Iterable[Reason]
) -> tuple[tuple[KeptNumber, str], ...]:
    names = sorted(set(release.numbers) - set(other.numbers))
    return tuple((release.numbers[name], _given(name, reasons)) for name in names)


def _move(
    before: KeptNumber, after: KeptNumber, verdict: Verdict, reasons: Iterable[Reason]
) -> Move:
    one, other = before.number.value, after.number.value
    percent = None if not one or other is None else 100 * (other - one) / abs(one)
    finite = [abs(d) for d in verdict.differences if math.isfinite(d)]
    return Move(
        before,
        after,
        # In another unit the two values cannot be set against each other.
        percent if before.number.unit == after.number.unit else None,
        max(finite, default=0.0) or None,
        _given(verdict.id, reasons) or _found(before, after),
    )


def _given(name: str, reasons: Iterable[Reason]) -> str:
    return " ".join(r.reason for r in reasons if fnmatchcase(name, r.number))


def _found(before: KeptNumber, after: KeptNumber) -> str:
    """Say what differs behind a number for which nobody gave a reason."""
    names = sorted({*before.data_digest, *after.data_digest})
    data = [n for n in names if before.data_digest.get(n) != after.data_digest.get(n)]
    parts = [
        ("code changed", before.code_digest != after.code_digest),
        (f"data changed: {', '.join(data)}", bool(data)),
        ("seed changed", before.number.seed != after.number.seed),
    ]
    told = "; ".join(words for words, differs in parts if differs)
    return told or "neither its code nor its data changed: the packages or the machine did"
