"""Truths from files of which no rows are kept here: a survey, and synthetic Medicare people."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.chapters.gate.truths import Truth, of_people
from analysis.fits.tail_evidence import MEPS_OVER_64, MEPS_UNDER_65

SURVEY = Path("meps_2012_2015") / "meps_2012_2015_person_years.parquet"
MEDICARE = Path("desynpuf_10k") / "DE1_0_2009_Beneficiary_Summary_File_Sample_1.csv.gz"

SURVEY_AGES = (0, 18, 30, 40, 50, 65, 75, 200)
MEDICARE_BIRTHS = (0, 1925, 1935, 1945, 3000)

PAID = ("MEDREIMB", "BENRES", "PPPYMT")
"""Beginnings of the columns of what Medicare, the person and other payers paid."""


def survey_truths(raw: Path) -> list[Truth]:
    """Return the people of the survey with a weight and an age: all, under 65, and (apart) over 64.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of the raw files.
    """
    people = pd.read_parquet(raw / SURVEY)
    people = people[(people["weight"] > 0) & (people["age"] >= 0)]
    rows = pd.DataFrame(
        {
            "cost": people["cost_total"].astype(float),
            "age": pd.cut(people["age"], SURVEY_AGES, right=False).astype(str),
            "sex": people["sex"].astype(int).astype(str),
        }
    )
    own = (MEPS_UNDER_65, MEPS_OVER_64)
    young = people["age"] < 65
    old = of_people("MEPS, over 64, resampled", rows[~young], own)
    return [
        of_people("MEPS, all ages, resampled", rows, own),
        of_people("MEPS, under 65, resampled", rows[young], own),
        replace(old, set_apart=True),
    ]


def medicare_truth(raw: Path) -> Truth:
    """Return the synthetic people of Medicare in 2009, with all that was paid for them."""
    people = pd.read_csv(raw / MEDICARE)
    paid = [name for name in people.columns if name.startswith(PAID)]
    rows = pd.DataFrame(
        {
            "cost": people[paid].clip(lower=0).sum(axis=1).astype(float),
            "age": pd.cut(people["BENE_BIRTH_DT"] // 10_000, MEDICARE_BIRTHS).astype(str),
            "sex": people["BENE_SEX_IDENT_CD"].astype(str),
        }
    )
    return of_people("Synthetic Medicare, resampled", rows)
