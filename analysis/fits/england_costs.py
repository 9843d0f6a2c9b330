"""What one person costs in England, of any age, all care: where the chapters start.

Ages, sexes and mean costs are England's (Asaria 2017, 2014/15). How the costs of people of one age
and sex are spread is taken from the Medical Expenditure Panel Survey, the one modern population of
all ages whose single people are seen, stretched to the *k* that all populations together give for
England (`analysis.fits.england_variation`).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.evidence.meps import sample_name
from analysis.fits.england_variation import england_k
from analysis.fits.meps_cells import meps_cells
from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import by_chain
from analysis.population.england.cells import SEXES, england_cells
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.stretched_costs import CostGroups, stretched_costs
from analysis.risk.tabulated_costs import TabulatedCosts

SURVEY_AGES = {
    "00-05": 0,
    "06-17": 5,
    "18-29": 20,
    "30-39": 30,
    "40-49": 40,
    "50-64": 50,
    "65-74": 65,
    "75 and over": 75,
}
"""Groups of ages of the survey, and the first age of the English bands that take their spread: the
two countries' bands begin up to two years apart."""


@dataclass(frozen=True)
class EnglandCosts:
    """Annual cost of one English person by age and sex.

    Attributes
    ----------
    costs : TabulatedCosts
        GBP of 2014/15; as many draws as the survey's fit.
    """

    costs: TabulatedCosts

    def by_chain(self, values: np.ndarray) -> xr.DataArray:
        """Return one value a draw, in the order of `costs`, with dims ``chain, draw``."""
        return by_chain(values)


@cache
def england_formula() -> EnglandCosts:
    """Return what English people cost under a budget that follows age and sex."""
    maximum = assumption("maximum_annual_cost_multiple").value
    survey = meps_formula("all")
    return EnglandCosts(_stretched(survey, england_k()[: survey.draws], maximum))


def england_costs_with_maximum(maximum_multiple: float, draws: int) -> TabulatedCosts:
    """Return English costs with the same variation under another largest cost.

    Parameters
    ----------
    maximum_multiple : float
        Most that a year's care of one person may cost, in multiples of the mean.
    draws : int
        At most so many, evenly spaced: for a comparison, few will do.
    """
    survey = fewer_draws(meps_formula("all", maximum_multiple), draws)
    k = england_k()
    evenly = np.linspace(0, len(k), survey.draws, endpoint=False).astype(int)
    return _stretched(survey, k[evenly], maximum_multiple)


def _stretched(survey: CostDistribution, k: np.ndarray, maximum_multiple: float) -> TabulatedCosts:
    groups = english_groups()
    limit = maximum_multiple * float(groups.share @ groups.mean)
    return stretched_costs(survey, groups, k, limit)


def english_groups() -> CostGroups:
    """Return English people by age and sex: shares, mean costs (GBP), and whose spread they take.

    Ages are grouped as in the survey.
    """
    cells = england_cells()
    names = list(SURVEY_AGES)
    age = np.searchsorted(list(SURVEY_AGES.values()), cells.age_low, side="right") - 1
    code = age * len(SEXES) + cells.sex
    share = np.bincount(code, cells.share)
    labels = tuple(f"{name} {sex}" for name in names for sex in SEXES)
    survey = list(meps_cells(sample_name("all")).table["age_sex"])
    return CostGroups(
        labels=labels,
        mean=np.bincount(code, cells.share * cells.total) / share,
        share=share,
        cell=np.array([survey.index(label) for label in labels]),
    )
