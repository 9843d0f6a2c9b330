"""The ledger of checks: a comparison is declared, with its tolerance, before it is computed.

`Ledger.declare` takes what is expected and how far off the model may be; `Ledger.evaluate` takes a
function, not a value, and calls it only for a check that was declared. A check that was declared
and never evaluated stays in the table as not run, and a check that failed stays as failed. One that
does not compare like with like is set apart, before its result is known: it stays in the table, and
counts neither as passed nor as failed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.errors import InputError
from analysis.intervals import median_and_interval, normal_spread

if TYPE_CHECKING:
    import xarray as xr

Kind = Literal["limit", "recovery", "calibration", "published"]
"""Against a limiting case, simulated truth, ranks of simulated truths, or a published figure."""

KINDS: dict[str, str] = {
    "limit": "Limiting case",
    "recovery": "Known truth",
    "calibration": "Calibration",
    "published": "Published figure",
}
"""What readers see for each kind."""

type Achieved = Callable[[], float | np.ndarray | xr.DataArray]
"""Computes what the model gives: one number, or draws of it."""


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes
    ----------
    name : str
        Unique in its ledger.
    kind : {"limit", "recovery", "calibration", "published"}
    what : str
        What is compared, for readers.
    expected : float
        In `unit`.
    tolerance : float
        Largest absolute difference that passes, in `unit`.
    because : str
        Why the tolerance is what it is.
    unit : str
        Unit of the three numbers, for readers; empty for a ratio.
    source : str
        Where the expected value stands; empty for a limiting case.
    achieved : float or None
        What the model gives: the median, if it has draws. None: not run.
    low, high : float or None
        Ends of its interval, if it has draws.
    explanation : str
        Why it failed, or what the reader must know about the comparison.
    apart : str
        Why it does not compare like with like; empty where it does.
    """

    name: str
    kind: Kind
    what: str
    expected: float
    tolerance: float
    because: str
    unit: str = ""
    source: str = ""
    achieved: float | None = None
    low: float | None = None
    high: float | None = None
    explanation: str = ""
    apart: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the difference is within the tolerance; None if not run, or set apart."""
        if self.achieved is None or self.apart:
            return None
        return bool(abs(self.achieved - self.expected) <= self.tolerance)


def error_of_passes(checks: Iterable[Check], effective_draws: float, factor: float = 1.0) -> float:
    """Return by how much chance in the draws moves the number of checks that pass.

    Parameters
    ----------
    checks : iterable of Check
        Evaluated. Those without an interval are taken to be exact.
    effective_draws : float
        Independent draws that the draws of each are worth, or fewer.
    factor : float
        The tolerances are widened by this factor.

    Returns
    -------
    float
        Standard error: each passes or fails with the probability that its median, normal with the
        error of a median of normal draws, lies within the tolerance. Checks are taken to be
        independent; those that rest on one fit are not, and then this is too small.
    """
    variance = 0.0
    for check in checks:
        if check.achieved is None or check.low is None or check.high is None:
            continue
        sd = normal_spread(check.low, check.high)
        error = max(sd * np.sqrt(np.pi / 2 / effective_draws), np.finfo(float).tiny)
        margin = factor * check.tolerance - abs(check.achieved - check.expected)
        passes = ndtr(margin / error)
        variance += float(passes * (1 - passes))
    return float(np.sqrt(variance))


COLUMNS = (
    "name",
    "kind",
    "what",
    "unit",
    "expected",
    "tolerance",
    "achieved",
    "low",
    "high",
    "outcome",
    "because",
    "source",
    "explanation",
    "apart",
)
"""Of the table of checks."""


class Ledger:
    """Declared and evaluated checks, in the order of their declaration."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def declare(self, *checks: Check) -> None:
        """Enter checks, each with its tolerance and without a result.

        Raises
        ------
        InputError
            If a name is taken, a tolerance is missing or unusable, or a result is already there.
        """
        for check in checks:
            if check.name in self._checks:
                raise InputError(f"check {check.name!r} is declared twice: give each its own name.")
            self._refuse_unusable(check)
            self._checks[check.name] = check

    @staticmethod
    def _refuse_unusable(check: Check) -> None:
        if check.achieved is not None:
            raise InputError(f"check {check.name!r} has a result before it is declared.")
        if not (np.isfinite(check.tolerance) and check.tolerance >= 0):
            raise InputError(
                f"check {check.name!r}: tolerance {check.tolerance!r} must be a number of at "
                "least 0, stated before the comparison."
            )
        if not np.isfinite(check.expected):
            raise InputError(f"check {check.name!r}: expected {check.expected!r} is not a number.")
        if not check.because.strip():
            raise InputError(f"check {check.name!r}: say why the tolerance is what it is.")
        if check.kind not in KINDS:
            raise InputError(f"check {check.name!r}: kind must be one of {', '.join(KINDS)}.")

    def evaluate(self, name: str, achieved: Achieved) -> Check:
        """Compute what the model gives, and compare.

        Parameters
        ----------
        name : str
            Of a check that was declared and not yet evaluated.
        achieved : callable
            Returns one number, or draws whose median is compared.

        Returns
        -------
        Check
            With its result.

        Raises
        ------
        InputError
            If the check was not declared, was evaluated before, or gives something not a number.
        """
        if name not in self._checks:
            raise InputError(
                f"check {name!r} was not declared: state what is expected and the tolerance first."
            )
        if self._checks[name].achieved is not None:
            raise InputError(f"check {name!r} was already evaluated: a check is run once.")
        draws = np.asarray(achieved(), float)
        if draws.size == 0 or np.isnan(draws).any():
            raise InputError(f"check {name!r} gave something that is not a number.")
        evaluated = replace(self._checks[name], achieved=float(np.median(draws)))
        if draws.size > 1:
            _, low, high = median_and_interval(draws)
            evaluated = replace(evaluated, low=float(low), high=float(high))
        self._checks[name] = evaluated
        return evaluated

    def set_apart(self, name: str, reason: str) -> None:
        """Say that a check does not compare like with like; it is computed, and not judged.

        Parameters
        ----------
        name : str
            Of a check that was declared and not yet evaluated.
        reason : str
            One sentence or two.

        Raises
        ------
        InputError
            If there is no such check, its result is known already, or no reason is given.
        """
        if name not in self._checks:
            raise InputError(f"check {name!r} was not declared, so it cannot be set apart.")
        if self._checks[name].achieved is not None:
            raise InputError(f"check {name!r} has a result: too late to set it apart.")
        if not reason.strip():
            raise InputError(f"check {name!r}: say why it is set apart.")
        self._checks[name] = replace(self._checks[name], apart=reason.strip())

    def explain(self, name: str, explanation: str) -> None:
        """Say why a check failed, or what a reader must know about it.

        Parameters
        ----------
        explanation : str
            One or two sentences.
        """
        if name not in self._checks:
            raise InputError(f"check {name!r} was not declared, so it cannot be explained.")
        self._checks[name] = replace(self._checks[name], explanation=explanation.strip())

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks, in the order of their declaration."""
        return tuple(self._checks.values())

    def failures(self) -> list[Check]:
        """Return the checks that failed or were not run, in order."""
        return [check for check in self.checks if not check.passed and not check.apart]

    def table(self) -> pd.DataFrame:
        """Return one row a check, whatever its outcome.

        Returns
        -------
        DataFrame
            ``name``, ``kind``, ``what``, ``unit``, ``expected``, ``tolerance``, ``achieved``,
            ``low``, ``high``, ``outcome`` (pass, FAIL, not run or set apart), ``because``,
            ``source``, ``explanation`` and ``apart``.
        """
        words = {True: "pass", False: "FAIL", None: "not run"}
        rows = [
            {**vars(check), "outcome": "set apart" if check.apart else words[check.passed]}
            for check in self.checks
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))
