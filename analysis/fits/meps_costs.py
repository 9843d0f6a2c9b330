"""The cost of one person fitted to the Medical Expenditure Panel Survey, 2012 to 2015.

A cost today, at every age, beside RAND's of forty years before. Never compare all ages with people
under 65: the old cost more and differ less, so their k is about half.
"""

from functools import cache

from analysis.evidence.assumptions import assumption
from analysis.evidence.meps import PAIRS, sample_name
from analysis.fits.annual_costs import fit_annual_costs
from analysis.fits.meps_cells import meps_cells, meps_effects, meps_ladder_cells
from analysis.fits.tail_evidence import MEPS_OVER_64, MEPS_UNDER_65, shape_beside
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution

OWN = {
    "all": (MEPS_UNDER_65, MEPS_OVER_64),
    "under_65": (MEPS_UNDER_65,),
    "over_64": (MEPS_OVER_64,),
}
"""Populations of the tail evidence that are part of each, and may not inform it."""


@cache
def meps_formula(ages: str = "all", maximum_multiple: float | None = None) -> CostDistribution:
    """Return the annual cost of the people of the survey by age and sex, current US dollars.

    Parameters
    ----------
    ages : {"all", "under_65", "over_64"}
        Age at the end of the year. Who died or left in the year has no age: a group of its own in
        ``all``, absent from the others.
    maximum_multiple : float, optional
        Most that a year's care of one person may cost, in multiples of the mean; by default the
        assumption's.
    """
    sample = sample_name(ages)
    return _fitted(meps_cells(sample), sample, OWN[ages], maximum_multiple)


@cache
def meps_ladder_formula(formula: str) -> CostDistribution:
    """Return the annual cost of people whose year before is known, by the groups of a formula.

    Parameters
    ----------
    formula : {"age_sex", "health", "conditions", "prior_cost"}
    """
    return _fitted(meps_ladder_cells(formula), PAIRS, OWN["all"])


def _fitted(
    cells: RiskCells, sample: str, own: tuple[str, ...], maximum_multiple: float | None = None
) -> CostDistribution:
    maximum = maximum_multiple or assumption("maximum_annual_cost_multiple").value
    return fit_annual_costs(cells, shape_beside(*own), maximum, meps_effects(sample))
