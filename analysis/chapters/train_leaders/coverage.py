"""How many organisations have enough leaders, when leaders arise where they happen to be.

Leaders arise independently of each other, but some places breed more of them than others. So the
number in an organisation is Poisson with an intensity that varies between places as a gamma
distribution: negative binomial (Greenwood & Yule 1920, Journal of the Royal Statistical Society
83:255). With no variation between places it is Poisson.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nbinom, poisson


def coverage_at_random(
    leaders_per_organisation: np.ndarray | float,
    needed: np.ndarray | int,
    local_variation: np.ndarray | float,
) -> np.ndarray:
    """Return the share of organisations that have at least the leaders they need.

    Arguments broadcast together.

    Parameters
    ----------
    leaders_per_organisation : ndarray or float
        Leaders over organisations, at least 0.
    needed : ndarray or int
        Leaders that one organisation needs, at least 1.
    local_variation : ndarray or float
        Coefficient of variation, between places, of how many leaders they breed; 0 or more.
    """
    mean, one_too_few, variation = np.broadcast_arrays(
        np.asarray(leaders_per_organisation, float),
        np.asarray(needed, int) - 1,
        np.asarray(local_variation, float),
    )
    # Below this the gamma is too narrow to tell from a constant, and the formula loses digits.
    varied = variation > 1e-4
    shape = np.where(varied, np.where(varied, variation, 1.0) ** -2.0, 1.0)
    negative_binomial = nbinom.sf(one_too_few, shape, shape / (shape + mean))
    return np.where(varied, negative_binomial, poisson.sf(one_too_few, mean))


def leaders_for_coverage(
    coverage: float, organisations: int, needed: int, local_variation: float
) -> float:
    """Return how many leaders, in all, it takes so that a share of organisations has enough.

    They arise as in `coverage_at_random`, in organisations of equal size.

    Parameters
    ----------
    coverage : float
        Share of organisations, between 0 and 1, both excluded.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage: {coverage} is not between 0 and 1")
    highest = float(needed)
    while coverage_at_random(highest, needed, local_variation) < coverage:
        highest *= 2
    mean = brentq(
        lambda m: float(coverage_at_random(m, needed, local_variation)) - coverage, 0, highest
    )
    return organisations * mean


def coverage_with_moves(
    leaders: float, organisations: int, needed: int, local_variation: float, moving_share: float
) -> float:
    """Return the share of organisations with enough leaders when some leaders go where needed.

    Those who move fill the organisations that lack least, which covers as many as can be.

    Parameters
    ----------
    leaders : float
        In all organisations together.
    moving_share : float
        Share of leaders who take a post wherever it is, 0 to 1.
    """
    staying = leaders * (1 - moving_share) / organisations
    at_least = coverage_at_random(staying, np.arange(1, needed + 1), local_variation)
    share_with = -np.diff(np.concatenate([[1.0], at_least]))  # 0, 1, ... needed - 1 leaders
    covered, movers = float(at_least[-1]), leaders * moving_share / organisations
    for lacking in range(1, needed + 1):
        filled = min(share_with[needed - lacking], movers / lacking)
        covered += float(filled)
        movers -= filled * lacking
    return covered


def moving_share_for_coverage(
    coverage: float, leaders: float, organisations: int, needed: int, local_variation: float
) -> float:
    """Return the share of leaders who must go where needed to reach a coverage.

    0 if none must move; infinite if there are too few leaders even if all do. Arguments as in
    `coverage_with_moves`.
    """

    def coverage_gap(moving_share: float) -> float:
        return coverage - coverage_with_moves(
            leaders, organisations, needed, local_variation, moving_share
        )

    if coverage_gap(0.0) <= 0:
        return 0.0
    return float(brentq(coverage_gap, 0.0, 1.0)) if coverage_gap(1.0) < 0 else np.inf
