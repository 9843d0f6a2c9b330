"""A programme with a known truth, to see whether the model of growth finds it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.typing import DataFrameGroupBy
from scipy.special import expit

from analysis.evidence import mssp
from analysis.evidence.mssp_sums import SUM_COLUMNS, row_terms, with_moments
from analysis.fits.savings_growth import Programme
from analysis.models.growth.cohorts import KnownSpread
from analysis.models.savings.components import PERCENTAGE_POINTS


@dataclass(frozen=True)
class ProgrammeTruth:
    """What is true in a simulated programme; percentage points.

    Attributes
    ----------
    level, plateau_gain : float
        Mean rate in the first year, and what is gained at the plateau.
    period_trend, cohort_trend : float
        Per year.
    period_sd, cohort_sd : float
        Scatter of years and cohorts around these trends, of which it has none itself.
    leaving : float
        Share that leaves in a year at a rate of zero.
    leaving_slope : float
        Change of the log odds of leaving for one point more.
    entrants : int
        Organisations that begin with each cohort.
    """

    level: float = 0.5
    plateau_gain: float = 5.0
    years_to_80pct: float = 7.0
    period_trend: float = 0.0
    cohort_trend: float = 0.0
    period_sd: float = 0.3
    cohort_sd: float = 0.3
    leaving: float = 0.12
    leaving_slope: float = -0.3
    entrants: int = 100


def simulated_programme(
    truth: ProgrammeTruth, known: KnownSpread, generator: np.random.Generator
) -> Programme:
    """Return a programme with the cohorts and years of the real one, and a known truth.

    Returns
    -------
    Programme
    """
    present = mssp.cells().dropna(subset=["start_year"])
    years = sorted(present["performance_year"].unique())
    starts = sorted(present["start_year"].astype(int).unique())
    together = simulated_rows(truth, known, starts, years, generator)
    # 2019's entrants are first seen in 2020, as in the real files.
    together = together.merge(
        present[["start_year", "performance_year"]].astype(int).drop_duplicates()
    )
    together["leaves_next_year"] = together["leaves_next_year"].where(
        together["performance_year"] < max(years)
    )
    sums = row_terms(together)
    keys = ["start_year", "performance_year"]
    cells = sums.groupby(
        [*(together[key] for key in keys), together["leaves_next_year"]], dropna=False
    )
    bands = np.searchsorted([8_000, 15_000, 30_000], together["assigned_beneficiaries"])
    by_band = sums.groupby([together["performance_year"], pd.Series(bands, name="size_low")])
    return Programme(_summed(cells), _summed(by_band), known)


def simulated_rows(
    truth: ProgrammeTruth,
    known: KnownSpread,
    starts: Sequence[int],
    years: Sequence[int],
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return the rows of the organisations of a programme with a known truth.

    Parameters
    ----------
    starts, years : sequence of int
        Years of entry, and calendar years that are seen.

    Returns
    -------
    DataFrame, one row an organisation and year
        ``group`` (a number), ``start_year``, ``performance_year``, ``savings_rate`` (a share),
        ``assigned_beneficiaries``, ``leaves_next_year``, and what else `row_terms` adds up.
    """
    effects = _effects(truth, list(years), list(starts), generator)
    rows = []
    for number, start in enumerate(starts):
        seen = [year for year in years if year >= start]
        cohort = _cohort(truth, known, start, seen, effects, generator)
        rows.append(cohort.assign(group=cohort["group"] + number * truth.entrants))
    return pd.concat(rows, ignore_index=True)


def _summed(grouped: DataFrameGroupBy) -> pd.DataFrame:
    return with_moments(grouped[SUM_COLUMNS].sum(min_count=1).reset_index())


def _effects(
    truth: ProgrammeTruth, years: list[int], starts: list[int], generator: np.random.Generator
) -> dict[tuple[str, int], float]:
    parts: dict[tuple[str, int], float] = {}
    for name, values, trend, sd in (
        ("period", years, truth.period_trend, truth.period_sd),
        ("cohort", starts, truth.cohort_trend, truth.cohort_sd),
    ):
        from_middle = np.array(values, dtype=float) - np.mean(values)
        scatter = sd * generator.standard_normal(len(values))
        # A trend that chance draws would be one the truth does not state: growth would take it.
        scatter -= np.polyval(np.polyfit(from_middle, scatter, 1), from_middle)
        drawn = trend * from_middle + scatter
        parts |= {(name, value): float(part) for value, part in zip(values, drawn, strict=True)}
    return parts


def _cohort(
    truth: ProgrammeTruth,
    known: KnownSpread,
    start: int,
    years: list[int],
    effects: dict[tuple[str, int], float],
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Rows of one cohort: rates with the known covariance, exit that depends on the rate."""
    people = np.exp(generator.normal(np.log(13_000), 0.6, truth.entrants))
    elapsed = np.array(years) - start
    reached = 1 - np.exp(-elapsed * np.log(5) / truth.years_to_80pct)
    mean = truth.level + truth.plateau_gain * reached + effects["cohort", start]
    mean = mean + np.array([effects["period", year] for year in years])
    first, second = np.meshgrid(years, years, indexing="ij")
    root = np.linalg.cholesky(known.covariance(first, second, 1 / people[:, None, None]))
    noise = np.einsum("iab,ib->ia", root, generator.normal(size=(truth.entrants, len(years))))
    rate = mean + noise
    odds = np.log(truth.leaving / (1 - truth.leaving)) + truth.leaving_slope * rate
    leaves = generator.random(rate.shape) < expit(odds)
    there = np.cumsum(leaves, axis=1) - leaves == 0
    who, when = np.nonzero(there)
    return pd.DataFrame(
        {
            "group": who,
            "start_year": start,
            "performance_year": np.array(years)[when],
            "savings_rate": rate[who, when] / PERCENTAGE_POINTS,
            "assigned_beneficiaries": people[who],
            "leaves_next_year": leaves[who, when].astype(float),
            "quality_score": np.nan,
            "two_sided": False,
            "minimum_savings_rate": 0.02,
            "benchmark_usd": people[who],
            "savings_usd": people[who] * rate[who, when] / PERCENTAGE_POINTS,
        }
    )
