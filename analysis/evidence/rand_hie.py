"""RAND Health Insurance Experiment: annual medical cost of people aged under 65."""

import pandas as pd

from analysis.evidence import catalogue

FREE_CARE_PLAN = 11
"""Code of the plan without any cost to the patient; other plans with no coinsurance had some."""


def person_years() -> pd.DataFrame:
    """Return real annual costs of 5,912 people, one row for each person and study year.

    Costs are medical costs without dental and outpatient mental care, in constant US dollars whose
    base year the source does not state. Part-year rows (`share_of_year_enrolled` < 1) are not
    annualised.

    Returns
    -------
    pandas.DataFrame
        20,190 rows sorted by person and year. `person`, `year` (1-5), `site` (1-6), `plan` (code),
        `coinsurance_percent`, `individual_deductible_plan`, `age_years` (0-65), `female`,
        `self_rated_health` (ordered: poor, fair, good, excellent), `physical_limitation`
        (probability), `chronic_disease_index` (points), `share_of_year_enrolled` (0-1],
        `annual_cost_usd` and its parts `outpatient_cost_usd`, `drug_cost_usd`, `supply_cost_usd`,
        `inpatient_cost_usd` (US dollars per person-year), `inpatient_charge_missing`, and
        `prior_year_cost_usd` (missing in a person's first observed year and after a gap).

    References
    ----------
    Newhouse JP and the Insurance Experiment Group (1993) Free for All? Lessons from the RAND Health
    Insurance Experiment. Harvard University Press.

    Examples
    --------
    >>> len(person_years())
    20190
    """
    return catalogue.table("rand_hie", "person_years")
