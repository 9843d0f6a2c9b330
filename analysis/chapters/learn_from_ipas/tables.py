"""Tables of the chapter, as its page prints them, and the data of its figures."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.chapters.learn_from_ipas.classes import (
    ACO_YEAR,
    CLASSES,
    HORIZON_YEARS,
    aco_cohorts,
    california_periods,
)
from analysis.chapters.learn_from_ipas.forecast import weighted_success
from analysis.evidence.assumptions import assumption
from analysis.evidence.claims import claims
from analysis.intervals import median_and_interval
from analysis.report.draws_text import values_text

SPREAD = ["percent", "low", "high"]

QUESTIONS = (
    "Taken by doctors alone?",
    "… by IPAs?",
    "… by large groups?",
    "… by integrated systems?",
    "Doctors' own care",
    "Hospital and other care",
    "Rare, costly care",
    "Managing use",
    "Paying the claims",
)
"""Who takes a model of contracting on, and what somebody bears or does under it."""

TAKEN = ("no", "yes", "yes")

RISK_BEARERS = {
    model: dict(zip(QUESTIONS, (*TAKEN, *answers), strict=True))
    for model, answers in {
        "Professional\ncapitation": ("not said", "group", "shared", "not said", "shared", "plan"),
        "Global risk,\nplan pays claims": ("yes", "group", "group", "plan", "group", "plan"),
        "Global risk,\ngroup pays claims": ("yes", "group", "group", "plan", "group", "group"),
    }.items()
}
"""Who bears what under each model of risk contracting (Casalino 2011, pp. 11-12)."""

SUCCESS_MEANS = (
    "successful at risk contracting, in one expert's judgement",
    f"not closed or bankrupt after {HORIZON_YEARS} years",
    f"still taking part, and spending less than its benchmark, in year {ACO_YEAR}",
)
SOURCES = (
    "Casalino (2011) pp. 14, 19",
    "counts by the press, the state's medical association and Robinson (2001)",
    "programme data, three cohorts",
)
"""What success means in each reference class, and where it was counted."""


def success_by_class(success: Mapping[str, np.ndarray], forecast: np.ndarray) -> pd.DataFrame:
    """Return success, per cent, by class and as forecast: ``label``, ``percent`` and ends."""
    labelled = [(label, success[name]) for name, label in CLASSES.items()]
    labelled.append(("Forecast for consortia, weighted", forecast))
    return pd.DataFrame(
        [(label, *(100 * median_and_interval(draws))) for label, draws in labelled],
        columns=["label", *SPREAD],
    )


def contracting_table() -> pd.DataFrame:
    """Return the four models of contracting with health plans, from the Viewpoint's claims."""
    stated = claims().set_index("id")[["value", "low"]].astype(float)
    claimed = stated["value"].fillna(stated["low"])
    growth = f"perhaps {claimed['S032']:.0f} times that by 2000"
    rows = [
        (
            "Doctors alone",
            "each doctor separately",
            "not counted",
            "no: left aside in the Viewpoint",
        ),
        (
            "IPA",
            "a network of small practices that stay independent",
            f"{claimed['S033']:,.0f} or more created, 1980–2000",
            "yes: consortia will resemble them",
        ),
        (
            "Large medical group",
            f"one business of {claimed['S022']:.0f} to several hundred doctors",
            f"about {claimed['S030']:.0f} in 1980, {growth}",
            "only if practices merge",
        ),
        (
            "Integrated delivery system",
            "doctors and hospitals in one organisation",
            f"about {claimed['S031']:.0f} in 1980, {growth}",
            "only if they join with hospitals",
        ),
    ]
    headings = ["Model of contracting", "What it is", "How many", "Like a consortium?"]
    return pd.DataFrame(rows, columns=headings)


def classes_table() -> pd.DataFrame:
    """Return the reference classes, with the range of the weight assumed for each."""
    weights = [assumption(f"reference_weight_{name}") for name in CLASSES]
    return pd.DataFrame(
        {
            "Class": list(CLASSES.values()),
            "Success means": SUCCESS_MEANS,
            "Source": SOURCES,
            "Weight": [
                values_text(weight.value, weight.low, weight.high, "probability", exact=True)
                for weight in weights
            ],
        }
    )


def closures_table() -> pd.DataFrame:
    """Return closures of physician groups at risk in California, by period."""
    periods = california_periods()
    return pd.DataFrame(
        {
            "Period": periods["period"],
            "Closed or bankrupt": periods["closed"].astype(int),
            "Groups at risk, mean": periods["groups"],
            "A year, %": 100 * periods["closed"] / periods["group_years"],
        }
    )


def cohorts_table() -> pd.DataFrame:
    """Return who was left of the first full cohorts of accountable care organisations."""
    headings = {
        "start_year": "Started",
        "started": "Organisations",
        "remaining": f"Still there in year {ACO_YEAR}",
        "succeeding": "of which below benchmark",
    }
    return aco_cohorts().rename(columns=headings).astype(str)


def forecast_by_weight(
    success: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray], shares: np.ndarray
) -> pd.DataFrame:
    """Return the forecast, per cent, by the weight of independent practice associations.

    Parameters
    ----------
    shares : ndarray
        Weights to show, 0 to 1; the other classes share the rest as they are weighted.
    """
    others = {
        name: draws / (1 - weights["ipa"]) for name, draws in weights.items() if name != "ipa"
    }
    rows = []
    for share in shares:
        moved = {"ipa": share} | {name: (1 - share) * part for name, part in others.items()}
        forecast = 100 * weighted_success(success, moved)
        rows.append((100 * share, *median_and_interval(forecast)))
    return pd.DataFrame(rows, columns=["weight_percent", *SPREAD])
