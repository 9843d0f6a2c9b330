"""What preventing readmissions is worth to the hospital that would be paid for them.

A prevented readmission releases what any averted admission releases (avoidable cost, and what the
freed bed earns) and costs the payment that is still made for the last readmission. Four rules are
compared: full payment, a share withheld from every readmission, nothing above a threshold, and
nothing at all.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from analysis.chapters.hospital_cooperation.bargaining import Quantity
from analysis.errors import InputError


@dataclass(frozen=True)
class Readmissions:
    """Readmissions of one hospital, and what one is worth.

    Attributes
    ----------
    rate : ndarray, shape (draw,), or float
        Expected readmissions per discharge, 0-1.
    price_gbp : ndarray, shape (draw,), or float
        Full payment for one, pounds, at least 0.
    released_value : ndarray, shape (draw,), or float
        What one that is prevented sets free, share of the full payment: `neutral_rate`.
    """

    rate: Quantity
    price_gbp: Quantity
    released_value: Quantity

    def __post_init__(self) -> None:
        rate = np.asarray(self.rate, float)
        if not ((rate >= 0) & (rate <= 1)).all():
            raise InputError(
                f"rate must be readmissions per discharge, between 0 and 1; found {rate.min():g} "
                f"to {rate.max():g}. Divide a percentage by 100."
            )


def break_even_effort(
    readmissions: Readmissions, prevented_share: Quantity, marginal_payment: Quantity
) -> np.ndarray:
    """Return what a hospital may spend for each discharge on prevention before it loses by it.

    Pounds per discharge; negative where preventing costs the hospital money even if the effort is
    free.

    Parameters
    ----------
    prevented_share : ndarray or float
        Share of all readmissions that the effort prevents, 0-1.
    marginal_payment : ndarray or float
        Payment for the last readmission, share of the full payment: 1 under full payment, 0 where
        none is paid for, 1 less the share withheld where the same share of each is withheld.
    """
    value = np.asarray(readmissions.released_value, float) - marginal_payment
    return np.asarray(readmissions.rate * prevented_share * readmissions.price_gbp * value)


def expected_paid(rate: Quantity, threshold_rate: Quantity, discharges: int) -> np.ndarray:
    """Return how many readmissions are paid for in a year when those above a threshold are not.

    E[min(X, c)] with c the threshold in readmissions.

    Parameters
    ----------
    rate : ndarray or float
        Expected readmissions per discharge, 0-1; their number is binomial.
    threshold_rate : ndarray or float
        Paid readmissions per discharge at most, 0-1; the number is rounded down.
    discharges : int
        Per year, at least 1.
    """
    limit = np.floor(np.asarray(threshold_rate, float) * discharges)
    # E[X; X < c] of a binomial is n r P(Y < c - 1), with Y one trial shorter.
    below = discharges * np.asarray(rate) * binom.cdf(limit - 2, discharges - 1, rate)
    return below + limit * binom.sf(limit - 1, discharges, rate)


def chance_last_is_paid(rate: Quantity, threshold_rate: Quantity, discharges: int) -> np.ndarray:
    """Return the share of one more expected readmission that is paid for under a threshold.

    Slope of `expected_paid` over expected readmissions: the chance that the others stay below the
    threshold; 1 far below it, 0 far above. Arguments as there.
    """
    limit = np.floor(np.asarray(threshold_rate, float) * discharges)
    return np.asarray(binom.cdf(limit - 1, discharges - 1, rate))


def break_even_above_threshold(
    readmissions: Readmissions, prevented_share: Quantity, threshold_rate: Quantity, discharges: int
) -> np.ndarray:
    """Return the break-even effort when readmissions above a threshold are not paid for.

    Pounds per discharge.

    Parameters
    ----------
    prevented_share : ndarray or float
        Share of all readmissions that the effort prevents, 0-1.
    threshold_rate : ndarray or float
        Paid readmissions per discharge at most, 0-1.
    discharges : int
        Per year: with few, chance alone carries a hospital over the threshold or below it.
    """
    rate = np.asarray(readmissions.rate, float)
    reduced_rate = rate * (1 - np.asarray(prevented_share))
    paid_before = expected_paid(rate, threshold_rate, discharges)
    paid_after = expected_paid(reduced_rate, threshold_rate, discharges)
    lost_payment = (paid_before - paid_after) / discharges
    released = (rate - reduced_rate) * readmissions.released_value
    return np.asarray(readmissions.price_gbp * (released - lost_payment))


def worthwhile_risk(
    readmissions: Readmissions,
    prevented_share: Quantity,
    marginal_payment: Quantity,
    effort_cost_gbp: Quantity,
) -> np.ndarray:
    """Return the risk of readmission from which supporting a patient's discharge pays.

    Readmissions per discharge, 0-1; infinite where supporting nobody pays. The hospital's own
    `rate` does not matter.

    Parameters
    ----------
    prevented_share : ndarray or float
        Share of the patients' readmissions that the effort prevents, 0-1.
    marginal_payment : ndarray or float
        Payment for the last readmission, share of the full payment.
    effort_cost_gbp : ndarray or float
        Pounds per discharge.
    """
    value = np.asarray(readmissions.released_value, float) - marginal_payment
    worth_gbp = prevented_share * readmissions.price_gbp * value
    with np.errstate(divide="ignore", invalid="ignore"):
        risk = np.where(worth_gbp > 0, np.asarray(effort_cost_gbp, float) / worth_gbp, np.inf)
    return np.where(risk > 1, np.inf, risk)
