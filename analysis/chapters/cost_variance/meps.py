"""k of the people of the Medical Expenditure Panel Survey beside RAND's, by age."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.meps import meps_sample, meps_variation, sample_name
from analysis.fits.meps_costs import meps_formula
from analysis.report.draws_text import interval_text, values_text
from analysis.risk.adjustment import variation

AGES_IN_WORDS = {"all": "all ages", "under_65": "under 65", "over_64": "65 and over"}
"""Groups of ages of the survey, in words."""

SURVEY = "United States, 2012-15"


def survey_k() -> dict[str, np.ndarray]:
    """Return k within age and sex, by draw, of each group of ages of the survey."""
    return {ages: variation(meps_formula(ages), adjusted=True) for ages in AGES_IN_WORDS}


def k_by_age(survey: Mapping[str, np.ndarray], others: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return a row for each population: whose costs, of what ages, observed and fitted k.

    Parameters
    ----------
    survey : mapping of ndarray
        From `survey_k`.
    others : mapping of ndarray, shape (draw,)
        k within age and sex of other people under 65, by name.
    """
    rows = [
        {"Whose costs": name, "Ages": AGES_IN_WORDS["under_65"], "k fitted": _two_decimals(k)}
        for name, k in others.items()
    ]
    return pd.DataFrame(rows + [_survey_row(ages, k) for ages, k in survey.items()])[
        [
            "Whose costs",
            "Ages",
            "Person-years",
            "k observed",
            "k observed, costs cut at the 99th percentile",
            "k fitted",
        ]
    ].fillna("")


def _survey_row(ages: str, k: np.ndarray) -> dict[str, str]:
    sample = sample_name(ages)
    observed = meps_variation(sample)
    texts = {
        measure: values_text(row["value"], row["low"], row["high"], decimals=2)
        for measure, row in observed.iterrows()
    }
    return {
        "Whose costs": SURVEY,
        "Ages": AGES_IN_WORDS[ages],
        "Person-years": f"{meps_sample(sample)['rows']:,}",
        "k observed": texts["k_within_age_sex"],
        "k observed, costs cut at the 99th percentile": texts["k_p99"],
        "k fitted": _two_decimals(k),
    }


def _two_decimals(k: np.ndarray) -> str:
    return interval_text(k, decimals=2)
