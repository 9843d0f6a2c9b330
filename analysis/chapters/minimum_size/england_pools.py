"""Pools of English people: every calibrated draw's k, and some draws' whole distribution."""

import numpy as np

from analysis.evidence.assumptions import assumption
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import england_draws, england_parameters
from analysis.risk.adjustment import variation
from analysis.risk.minimum_size import smallest_pool
from analysis.risk.tabulated_costs import TabulatedCosts, england_costs
from analysis.seeds import seed_for


def england_variation() -> np.ndarray:
    """Return k within age and sex of every draw of the England generator.

    Returns
    -------
    ndarray, shape (draw,)
        Exact moments; one for each set of calibrated parameters.
    """
    numbers = range(1, england_draws() + 1)
    moments = (england_moments(england_parameters(n), diagnoses=False) for n in numbers)
    return np.array([of_draw["total"].k("age_sex") for of_draw in moments])


def england_sample(draws: int = 100) -> TabulatedCosts:
    """Return the distribution of English annual cost for some of the generator's draws.

    Parameters
    ----------
    draws : int
        Number of draws, evenly spaced among all; at least 1.
    """
    numbers = np.unique(np.linspace(1, england_draws(), draws).round().astype(int))
    return england_costs(
        [england_parameters(int(number)) for number in numbers],
        seed_for("england-sample"),
        assumption("maximum_annual_cost_multiple").value,
    )


def england_smallest_pool(
    k: np.ndarray, sample: TabulatedCosts, tolerance: float, limit: float
) -> np.ndarray:
    """Return the smallest pool of English people that is safe.

    At one tolerance and limit the smallest pool goes with k squared; the sampled draws say by which
    factor.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        From `england_variation`.
    sample : TabulatedCosts
        From `england_sample`.
    tolerance, limit : float
        See `analysis.risk.minimum_size.smallest_pool`.

    Returns
    -------
    ndarray, shape (draw,)
        People.
    """
    exact = smallest_pool(sample, tolerance, limit)
    return k**2 * np.median(exact / variation(sample, adjusted=True) ** 2)
