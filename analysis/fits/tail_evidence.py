"""What the costliest people of several populations say of the tail of another one."""

from collections.abc import Callable, Mapping
from functools import cache, partial

import numpy as np

from analysis.evidence.assumptions import assumption
from analysis.evidence.large_claims import large_claims
from analysis.evidence.meps import sample_name
from analysis.evidence.rand_hie import person_years
from analysis.fits.annual_costs import people_each, tail_of, tail_positions
from analysis.fits.meps_cells import meps_cells, meps_effects
from analysis.models.annual_cost.largest_costs import SHAPES, LargestCosts, tail_table
from analysis.models.annual_cost.tail_shapes import NewShape, shape_of_new_population
from analysis.population.clustering import design_effects
from analysis.population.groups import add_risk_groups
from analysis.population.risk_cells import RiskCells

RAND = "RAND, 1974-82"
MEPS_UNDER_65 = "MEPS under 65, 2012-15"
MEPS_OVER_64 = "MEPS over 64, 2012-15"

CLAIMS_IN_TAIL = 400
"""Most claims of 1991 above the threshold: about as many as of the other populations."""

LIMIT_OF_CLAIMS = 20
"""Most that a claim of 1991 may cost, in multiples of the largest: their mean is not known."""


def shape_likelihood(cells: RiskCells, effect: float = 1.0) -> np.ndarray:
    """Return the log-likelihood of the tail's shape in some cells, shape of `SHAPES`.

    Scale and largest cost are averaged over; the threshold is the middle one.

    Parameters
    ----------
    effect : float
        Design effect of the tail.
    """
    positions = tail_positions(cells)
    data = tail_of(cells, positions[len(positions) // 2], people_each(cells) / effect)
    limit = assumption("maximum_annual_cost_multiple").value * cells.mean_cost()
    return tail_table(data, np.zeros(len(SHAPES)), limit).log_of_shape()


@cache
def _of_rand() -> np.ndarray:
    from analysis.population.cells import risk_cells  # Ibis, which takes long to import

    people = add_risk_groups(person_years())
    cells = risk_cells(people, ["age_sex"])
    return shape_likelihood(cells, design_effects(people, ["age_sex"], cells.threshold).tail)


@cache
def _of_claims() -> np.ndarray:
    claims = large_claims()
    part = claims[claims["n_claims_from_low_up"] <= CLAIMS_IN_TAIL]
    count = part["n_claims"].to_numpy(float)
    mean = part["log_cost_sum"].to_numpy() / count
    variance = np.maximum(part["log_cost_square_sum"].to_numpy() / count - mean**2, 0.0)
    start = float(part["cost_low_usd"].iloc[0])
    data = LargestCosts.of_bins(start, mean, variance, count)
    limit = LIMIT_OF_CLAIMS * float(data.cost.max())
    return tail_table(data, np.zeros(len(SHAPES)), limit).log_of_shape()


def _of_meps(ages: str) -> np.ndarray:
    sample = sample_name(ages)
    return shape_likelihood(meps_cells(sample), meps_effects(sample).tail)


POPULATIONS: Mapping[str, Callable[[], np.ndarray]] = {
    RAND: _of_rand,
    "US claims, 1991": _of_claims,
    MEPS_UNDER_65: cache(partial(_of_meps, "under_65")),
    MEPS_OVER_64: cache(partial(_of_meps, "over_64")),
}
"""Each independent population's log-likelihood of its tail's shape, reckoned once a process.

The survey follows a person for two years. Its four years count once, together, with a design effect
for those seen twice: four populations of a year each would share people. Its young and its old are
different people.
"""


@cache
def shape_beside(*own: str, unlike: float | None = None) -> NewShape:
    """Return what the other populations say of the shape of one; all of them by default.

    Parameters
    ----------
    own : str
        Names in `POPULATIONS` of the population itself: its own tail may not inform it twice.
    unlike : float, optional
        Probability that it has nothing in common with the others; by default the assumed one.
    """
    if unlike is None:
        unlike = assumption("population_unlike_others").value
    return shape_of_new_population(
        [likelihood() for name, likelihood in POPULATIONS.items() if name not in own],
        unlike,
    )
