"""Kinds of care at today's prices: what each costs, on whom it falls, and k without it."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.evidence.meps import measured_draws, meps_services
from analysis.report.draws_text import measured_texts

SERVICES = {
    "inpatient": "hospital stays",
    "outpatient": "hospital outpatient care",
    "office": "office visits",
    "emergency": "emergency visits",
    "drugs": "prescribed drugs",
    "dental": "dental care",
    "home": "care at home",
    "other": "glasses, equipment and the rest",
}
"""Kinds of care in words, as the survey tells them apart."""

K_WITHIN = "k_of_the_rest_within_age_sex"


def service_measure(measure: str, ages: str = "all") -> pd.DataFrame:
    """Return ``value``, ``low`` and ``high`` of one measure, by kind of care."""
    table = meps_services(ages)
    chosen = table[table["measure"] == measure].set_index("service")
    return chosen.loc[list(SERVICES), ["value", "low", "high"]]


def fall_of_k(ages: str = "all") -> dict[str, np.ndarray]:
    """Return draws of the fall of k, percent, when each kind of care leaves; below 0 it rises."""
    table = 100 * service_measure("fall_of_k", ages)
    return {str(service): measured_draws(row) for service, row in table.iterrows()}


def services_table(ages: str = "all") -> pd.DataFrame:
    """Return what each kind of care costs, on whom it falls, and what its carve-out does to k."""
    columns = {
        "Share of cost, %": ("share_of_cost", 100, 1),
        "People with any, %": ("share_of_people", 100, 1),
        "k of it alone": ("k_alone_within_age_sex", 1, 1),
        "k of all the rest": (K_WITHIN, 1, 2),
        "Fall of k, %": ("fall_of_k", 100, 1),
    }
    return pd.DataFrame(
        measured_texts(partial(service_measure, ages=ages), columns),
        index=pd.Index([name.capitalize() for name in SERVICES.values()], name="What leaves"),
    )


def services_removed(ages: str = "all") -> pd.DataFrame:
    """Return spending removed, percent, and k of the rest, for a figure; one row a kind of care."""
    removed = 100 * service_measure("share_of_cost", ages)["value"]
    left = service_measure(K_WITHIN, ages).rename(columns={"value": "k"})
    table = left.assign(removed_percent=removed, what=pd.Series(SERVICES))
    return table.reset_index()[["service", "what", "removed_percent", "k", "low", "high"]]


def k_of_all_care(ages: str = "all") -> pd.Series:
    """Return ``value``, ``low`` and ``high`` of k within age and sex before anything leaves."""
    return service_measure("k_of_all_within_age_sex", ages).iloc[0]
