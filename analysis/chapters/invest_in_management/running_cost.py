"""What running a consortium costs a head, and how long one lasts."""

import numpy as np

from analysis.chapters.invest_in_management.capability import InvestmentProblem, saving_share


def running_cost_per_head(
    fixed: np.ndarray | float, per_head: np.ndarray | float, people: np.ndarray | float
) -> np.ndarray:
    """Return the running cost of a consortium for each patient, pounds a head and year.

    Parameters
    ----------
    fixed : ndarray or float
        Pounds a year whatever the size.
    per_head : ndarray or float
        Pounds a head and year.
    """
    return np.asarray(fixed, float) / people + per_head


def survival(
    problem: InvestmentProblem,
    capability: np.ndarray,
    hazard: np.ndarray,
    remaining_hazard_share: np.ndarray,
) -> np.ndarray:
    """Return the probability that a group still stands at the end of each year, (year, draw).

    The yearly rate of failing falls with capability as savings rise with it: from the full rate
    without any to a part of it when savings are at their limit.

    Parameters
    ----------
    capability : ndarray, shape (year, draw)
        From `analysis.chapters.invest_in_management.ring_fence.follow`.
    hazard : ndarray, shape (draw,)
        Failures per group-year without capability.
    remaining_hazard_share : ndarray, shape (draw,)
        Rate of failing of a fully capable group over `hazard`.
    """
    share_of_limit = saving_share(problem, capability) / problem.saving_limit
    failure_rate = hazard * (1 - (1 - remaining_hazard_share) * share_of_limit)
    return np.exp(-np.cumsum(failure_rate, axis=0))
