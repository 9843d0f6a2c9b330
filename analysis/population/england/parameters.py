"""Parameters of the England generator: what the calibration moves and what is assumed."""

from dataclasses import dataclass, fields

import numpy as np

from analysis.errors import InputError

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
    tail_index : float
        Pareto index of the tail of that cost; above 2, so that its variance is finite.
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
    diagnosis_rate_1, ... : float
        Rate at which each of the six groups of diagnoses is recorded in two years, at average
        expected cost; above 0.
    """

    persistent_need_log_sd: float
    transitory_need_log_sd: float
    admission_rate: float
    admission_cost_log_sd: float
    tail_index: float
    outpatient_rate: float
    outpatient_cost_log_sd: float
    outpatient_to_admission_cost: float
    other_care_rate: float
    primary_need_elasticity: float
    primary_cost_log_sd: float
    diagnosis_need_elasticity: float
    diagnosis_rate_1: float = 0.1
    diagnosis_rate_2: float = 0.06
    diagnosis_rate_3: float = 0.03
    diagnosis_rate_4: float = 0.015
    diagnosis_rate_5: float = 0.008
    diagnosis_rate_6: float = 0.004

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            floor = 2.0 if field.name == "tail_index" else 0.0
            zero_allowed = field.name.endswith(("_sd", "_elasticity"))
            if not np.isfinite(value) or value < floor or (value == floor and not zero_allowed):
                at_least = "at least" if zero_allowed else "above"
                raise InputError(
                    f"England parameter {field.name}: {value} is not {at_least} {floor:g}"
                )

    @property
    def need_log_variance(self) -> float:
        """Variance of the logarithm of one year's need."""
        return self.persistent_need_log_sd**2 + self.transitory_need_log_sd**2

    @property
    def diagnosis_rates(self) -> np.ndarray:
        """Rates of the groups of diagnoses, shape (group,)."""
        names = [f"diagnosis_rate_{i}" for i in range(1, DIAGNOSIS_GROUPS + 1)]
        return np.array([getattr(self, name) for name in names])


def england_parameters() -> EnglandParameters:
    """Return the calibrated parameters.

    Returns
    -------
    EnglandParameters
    """
    return EnglandParameters(
        persistent_need_log_sd=1.13,
        transitory_need_log_sd=0.3,
        admission_rate=0.1,
        admission_cost_log_sd=0.8,
        tail_index=3.6,
        outpatient_rate=0.9,
        outpatient_cost_log_sd=0.7,
        outpatient_to_admission_cost=10.7 / 26.9,
        other_care_rate=0.2,
        primary_need_elasticity=0.5,
        primary_cost_log_sd=0.8,
        diagnosis_need_elasticity=1.35,
    )
