"""Parameters of the England generator: what the calibration moves and what is assumed."""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from analysis.errors import InputError
from analysis.evidence.catalogue import table

ASSUMED = (
    "transitory_need_log_sd",
    "outpatient_rate",
    "outpatient_cost_log_sd",
    "outpatient_to_admission_cost",
    "primary_need_elasticity",
    "primary_cost_log_sd",
    "diagnosis_rate",
    "diagnosis_rate_ratio",
)
"""Parameters that no published figure settles: `england_...` in the table of assumptions."""

DIAGNOSIS_GROUPS = 6
"""Number of diagnosis groups; a person's groups are one of 2^6 = 64 patterns."""


@dataclass(frozen=True)
class EnglandParameters:
    r"""Parameters of the England generator.

    Every rate is a number of events per person-year at average need in an average cell; every
    ``log_sd`` is the standard deviation of a logarithm.

    Attributes
    ----------
    persistent_need_log_sd : float
        Of the part of latent need that a person keeps from year to year; at least 0.
    transitory_need_log_sd : float
        Of the part that is new every year; at least 0.
    admission_rate : float
        Spells of hospital admission; above 0.
    admission_cost_log_sd : float
        Of the body of the cost of a year's admissions, given need; at least 0.
    tail_shape : float
        Of the tail of that cost, one over its Pareto index; at least 0 (no tail beyond the
        lognormal body) and below one half, so that its variance is finite.
    outpatient_rate : float
        Spells of outpatient care; above 0.
    outpatient_cost_log_sd : float
        Of the cost of a year's outpatient care, given need; at least 0.
    outpatient_to_admission_cost : float
        Outpatient cost of all people over their admission cost; above 0, at most 1.4 (all other
        secondary care).
    other_care_rate : float
        Spells of secondary care outside admissions and outpatient clinics; above 0. Its cost
        given need has the body and the tail of admissions.
    primary_need_elasticity : float
        Percent by which primary care rises with one percent more need; at least 0.
    primary_cost_log_sd : float
        Of the cost of primary care, given need; at least 0.
    diagnosis_need_elasticity : float
        Percent by which the rate of diagnoses rises with one percent more persistent need.
    diagnosis_rate : float
        Rate at which the commonest group of diagnoses is recorded in two years, at average
        expected cost; above 0.
    diagnosis_rate_ratio : float
        Rate of each next group over the one before; above 0.
    """

    persistent_need_log_sd: float
    transitory_need_log_sd: float
    admission_rate: float
    admission_cost_log_sd: float
    tail_shape: float
    outpatient_rate: float
    outpatient_cost_log_sd: float
    outpatient_to_admission_cost: float
    other_care_rate: float
    primary_need_elasticity: float
    primary_cost_log_sd: float
    diagnosis_need_elasticity: float
    diagnosis_rate: float
    diagnosis_rate_ratio: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            zero_allowed = field.name.endswith(("_sd", "_elasticity", "_shape"))
            if not np.isfinite(value) or value < 0 or (value == 0 and not zero_allowed):
                least = "at least" if zero_allowed else "above"
                raise InputError(f"England parameter {field.name}: {value} is not {least} 0")
        if self.tail_shape >= 0.5:
            raise InputError(f"England parameter tail_shape: {self.tail_shape} is not below 0.5")

    @property
    def need_log_variance(self) -> float:
        """Variance of the logarithm of one year's need."""
        return self.persistent_need_log_sd**2 + self.transitory_need_log_sd**2

    @property
    def diagnosis_rates(self) -> np.ndarray:
        """Rates of the groups of diagnoses, shape (group,)."""
        return self.diagnosis_rate * self.diagnosis_rate_ratio ** np.arange(DIAGNOSIS_GROUPS)


def england_parameters(draw: int = 0) -> EnglandParameters:
    """Return calibrated parameters.

    Parameters
    ----------
    draw : int
        0 for the central parameters; from 1, draws that carry the ranges of the published targets
        and of what is assumed (`england_draws` says how many).

    Raises
    ------
    InputError
        If there is no such draw.
    """
    by_draw = _by_draw()
    if draw not in by_draw:
        raise InputError(f"draw: {draw} is not between 0 and {max(by_draw)}")
    return by_draw[draw]


def england_draws() -> int:
    """Return the number of parameter draws."""
    return max(_by_draw())


@cache
def _by_draw() -> dict[int, EnglandParameters]:
    rows = table("england_generator", "parameters").set_index("draw")
    names = [field.name for field in fields(EnglandParameters)]
    values = zip(rows.index, rows[names].itertuples(index=False), strict=True)
    return {int(draw): EnglandParameters(*row) for draw, row in values}
