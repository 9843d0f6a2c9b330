"""Whose costs the published figures are compared with: like ages with like."""

from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import free_care_formula, rand_formula
from analysis.risk.cost_distribution import CostDistribution

IN_WORDS = {
    "rand": "RAND, all plans, 1974-82, under 65",
    "rand_free_care": "RAND, free care, 1974-82, under 65",
    "meps_under_65": "US survey 2012-15, under 65",
    "meps_over_64": "US survey 2012-15, over 64",
    "meps_all": "US survey 2012-15, all ages",
}
"""Each population with its ages."""


def populations() -> dict[str, CostDistribution]:
    """Return the annual cost of one person within age and sex, fitted to each population."""
    return {
        "rand": rand_formula("age_sex").costs,
        "rand_free_care": free_care_formula("age_sex").costs,
        "meps_under_65": meps_formula("under_65"),
        "meps_over_64": meps_formula("over_64"),
        "meps_all": meps_formula("all"),
    }
