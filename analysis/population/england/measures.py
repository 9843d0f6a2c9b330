"""Everything about the generated costs that a published figure speaks to, by one set of names."""

from collections.abc import Mapping

import numpy as np

from analysis.evidence.facts import fact
from analysis.population.england.cells import EnglandCells, england_cells
from analysis.population.england.concentration import Sample, concentration
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import EnglandParameters

MEAN_PRACTICE_LIST = 6_833
"""People on the list of an average practice (Dixon et al. 2011, table 2; fact B-PBRA-10pct)."""


def england_measures(parameters: EnglandParameters, sample: Sample) -> Mapping[str, float]:
    """Measure generated costs as the published figures do.

    Parameters
    ----------
    sample : Sample
        For shares and persistence; means and R² are exact.

    Returns
    -------
    mapping of str to float
        By the name in column `measure` of the table of targets: shares and R² between 0 and 1,
        amounts in GBP a year, spread of practices in percent.
    """
    moments = england_moments(parameters)
    hospital, total = moments["hospital"], moments["total"]
    random_practice = hospital.k("diagnoses_additive") / np.sqrt(MEAN_PRACTICE_LIST)
    return {
        **concentration(parameters, sample, _counted_mean()),
        "mean_gbp": total.mean,
        "deprivation_ratio": deprivation_ratio(england_cells()),
        "k_hospital": hospital.k("age_sex"),
        "k_all": total.k("age_sex"),
        "r2_age_sex": hospital.explained["age_sex"],
        "r2_diagnoses": hospital.explained["diagnoses_additive"],
        # The generator knows no practices. Where people join at random, a formula explains the
        # same share of the differences between practices as between people.
        "practice_r2_age_sex": hospital.explained["age_sex"],
        "practice_residual_percent": float(100 * random_practice),
    }


def deprivation_ratio(cells: EnglandCells) -> float:
    """Mean cost in the most deprived fifth of areas over that in the least deprived."""
    people, cost = (
        np.bincount(cells.deprivation_quintile, weights=weights)
        for weights in (cells.share, cells.share * cells.total)
    )
    mean = cost[1:] / people[1:]
    return float(mean[0] / mean[-1])


def _counted_mean() -> float:
    """Mean cost that the Health Foundation counted, GBP; a role keeps it out of validation."""
    found = fact("B-HF-mean").value
    assert found is not None
    return found
