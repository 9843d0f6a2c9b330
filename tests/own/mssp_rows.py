"""Invented rows whose means by cohort, year and leaving are those of the committed cells."""

import numpy as np
import pandas as pd

from analysis.evidence import mssp
from analysis.models.growth.cohorts import cohort_table
from analysis.own.programme.example import SPREAD
from analysis.own.programme.table import OwnGroups


def mssp_like_groups(generator):
    """Only the differences between organisations are invented, with about their known spread."""
    rows = [
        _cohort(int(start), cohort, generator)
        for start, cohort in cohort_table(mssp.cells()).groupby("start_year")
    ]
    table = pd.concat(rows).sort_values(["group", "year"], ignore_index=True)
    return OwnGroups(table, has_calendar=True)


def _cohort(start, cohort, generator):
    years, n = cohort["performance_year"].to_numpy(), cohort["n"].to_numpy()
    people = np.exp(generator.normal(np.log(13_000), 0.6, n[0]))
    lag = np.abs(years[:, None] - years)
    root = np.linalg.cholesky(SPREAD.covariance(lag, 1 / people[:, None, None]))
    gap = np.einsum("iab,ib->ia", root, generator.normal(size=(n[0], len(years))))
    there, rows = np.arange(n[0]), []
    for j, row in enumerate(cohort.itertuples()):
        leaving = n[j] - n[j + 1] if j + 1 < len(n) else 0
        odds = np.exp(-0.25 * gap[there, j])
        gone = generator.choice(there, leaving, replace=False, p=odds / odds.sum())
        stay, share = np.setdiff1d(there, gone), leaving / len(there)
        apart = np.nan_to_num(row.gap)
        for who, mean in ((stay, row.rate + apart * share), (gone, row.rate - apart * (1 - share))):
            if len(who):
                rate = mean + gap[who, j] - gap[who, j].mean()
                rows.append(_year(start, int(years[j]), who, rate, people[who]))
        there = stay
    return pd.concat(rows)


def _year(start, year, who, rate, people):
    told = {"group": [f"{start}-{i}" for i in who], "start_year": start, "year": year}
    return pd.DataFrame(told | {"elapsed": year - start, "rate": rate, "people": people})
