"""The minimum size by whose costs count: England, each source alone, and people under 65."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.rand_hie import FREE_CARE_PLAN
from analysis.fits.dutch_variation import dutch_k
from analysis.fits.england_variation import ENGLAND, england_person_variation, evidence
from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import fitted_formula, free_care_formula, rand_formula
from analysis.population.groups import LADDER
from analysis.risk.annual_cost import AnnualCost, fewer_draws
from analysis.risk.minimum_size import size_over_squared_k, smallest_pool

SOURCE_IDS = {
    "Netherlands, 2015": "netherlands",
    "United States, 2012-15": "meps",
    "United States, 1974-82, free care": "free_care_all_ages",
    "England, hospital care": "england_hospital",
    "England, generated people": "england",
}
"""Last part of the id of each source's size."""

COSTLIEST = 5

DRAWS = 1_000
"""Draws of the sizes beside the headline."""


@dataclass(frozen=True)
class PopulationSize:
    """The minimum size with the costs of some people.

    Attributes
    ----------
    id, label, whose : str
        Last part of its number's name, in a figure, and in a sentence.
    people : ndarray, shape (draw,)
        Smallest size that is enough.
    grade : str
    assumptions : tuple of str
        What the size rests on, beside independence.
    p_id : str
        Last part of the name of the probability that 100,000 is enough; empty if not recorded.
    """

    id: str
    label: str
    whose: str
    people: np.ndarray
    grade: str = "calibrated"
    assumptions: tuple[str, ...] = ()
    p_id: str = ""


def size_by_population(
    together: np.ndarray, factor: float, tolerance: float, limit: float
) -> list[PopulationSize]:
    """Return the size with England's costs, with those of each source, and of people under 65.

    Parameters
    ----------
    together : ndarray, shape (draw,)
        Size with what all sources say together for England.
    factor : float
        Size over k squared of English pools: at one tolerance and limit the two go together.
    tolerance, limit : float
        See `analysis.risk.minimum_size.smallest_pool`.
    """
    own = england_person_variation().of(ENGLAND)
    england = "England, all ages, all care"
    return [
        PopulationSize("together", "England, predicted", england, together, p_id="england"),
        PopulationSize(
            "england_own",
            "England, its own sources believed",
            f"{england}, if its own two sources tell it from other countries",
            factor * own**2,
            assumptions=("The ratios behind the English sources are right within their ranges.",),
            p_id="england_own",
        ),
        *_by_source(factor),
        *_under_65(tolerance, limit),
    ]


def _by_source(factor: float) -> list[PopulationSize]:
    return [
        PopulationSize(
            SOURCE_IDS[source.name],
            source.name,
            f"{source.name}, {source.scope}, at England's ages, corrected for its own bias",
            factor * source.corrected() ** 2,
            assumptions=("One source alone, corrected for its stated bias.",),
        )
        for source in evidence()
    ]


def _under_65(tolerance: float, limit: float) -> list[PopulationSize]:
    young = fewer_draws(meps_formula("under_65"), DRAWS)
    survey = smallest_pool(young, tolerance, limit)
    factor = size_over_squared_k(young, survey)
    dutch = PopulationSize(
        "netherlands_under_65",
        "under 65: Netherlands, 2015",
        "people under 65, Netherlands, statutory insurance, 2015",
        factor * dutch_k("under_65") ** 2,
        "estimated",
        ("k inferred from how mean costs of small groups scatter.",),
    )
    today = PopulationSize(
        "meps_under_65",
        "under 65: United States, 2012-15",
        "people under 65 outside institutions, United States, 2012-15",
        survey,
        "estimated",
        ("Costs as households and their providers report them.",),
    )
    return [dutch, today, *_rand(tolerance, limit)]


def _rand(tolerance: float, limit: float) -> list[PopulationSize]:
    """RAND's people: all, by what they paid, and without the costliest."""
    whole = rand_formula("age_sex")
    people = whole.people
    free = people["plan"] == FREE_CARE_PLAN
    costliest = people["annual_cost_usd"].nlargest(COSTLIEST).index
    parts = {
        ("rand", "RAND, all plans", "all"): whole.costs,
        ("free_care", "RAND, free care", "free_care"): free_care_formula().costs,
        ("cost_sharing", "RAND, cost sharing", ""): _costs(people[~free]),
        ("without_five", "RAND, without the five costliest", ""): _costs(people.drop(costliest)),
    }
    return [
        PopulationSize(
            id,
            f"under 65: {label}",
            f"{label}: person-years of people under 65, United States, 1974-82",
            smallest_pool(fewer_draws(costs, DRAWS), tolerance, limit),
            "estimated",
            ("RAND's people: under 65, United States, 1974-82.",),
            p_id,
        )
        for (id, label, p_id), costs in parts.items()
    ]


def _costs(people: pd.DataFrame) -> AnnualCost:
    return fitted_formula(LADDER["age_sex"], people).costs
