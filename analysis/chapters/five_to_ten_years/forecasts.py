"""Mean savings in years not seen yet, by years in the programme and by size."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.fits.savings_components import MsspComponents
from analysis.fits.savings_growth import Programme
from analysis.inference.fitting import Fit
from analysis.models.growth.cohorts import KnownSpread, sampling_covariance
from analysis.models.growth.data import GrowthData
from analysis.models.growth.priors import PER_TEN_THOUSAND, REFERENCE_PEOPLE
from analysis.models.savings.components import PERCENTAGE_POINTS
from analysis.seeds import seed_for

DRAWS = 2_000
"""Draws of a forecast."""

SIZE_EDGES = (0, 8_000, 15_000, 30_000, 10_000_000)
"""Beneficiaries at which size groups begin; the last is above any organisation."""

PROGRAMME_YEARS = {
    "year 1": (1, 1),
    "years 2-3": (2, 3),
    "years 4-6": (4, 6),
    "years 7-9": (7, 9),
    "year 10 and later": (10, 99),
    "all": (1, 99),
}
"""Groups of organisations by year in the programme."""


@dataclass(frozen=True)
class CohortForecast:
    """Forecast means of cohorts.

    Attributes
    ----------
    rows : DataFrame
        ``start_year``, ``performance_year``, ``elapsed``, ``n`` (expected organisations),
        ``inverse_size``.
    draws : ndarray, shape (draw, row)
        Mean savings rates, percentage points.
    """

    rows: pd.DataFrame
    draws: np.ndarray


def cohort_forecast(
    programme: Programme, fitted: Fit, data: GrowthData, last_year: int, years: tuple[int, ...]
) -> CohortForecast:
    """Return forecast mean savings of cohorts after the last year used.

    Parameters
    ----------
    programme : Programme
    fitted : Fit
        Of the growth of this programme, to `last_year`.
    data : GrowthData
        What was fitted.
    last_year : int
    years : tuple of int
        Performance years to forecast, in order, the first right after `last_year`.

    Returns
    -------
    CohortForecast
    """
    table = programme.table
    seen = table[table["performance_year"] <= last_year]
    future = _future_rows(seen, last_year, years)
    generator = np.random.default_rng(seed_for(f"forecast-after-{last_year}"))
    draws = _flat_draws(fitted, generator)
    mean = _expected(future, draws, data, last_year, generator)
    mean += _exit(seen, future, programme.known, last_year, generator)
    mean += _carried(seen, future, draws, programme.known, generator)
    return CohortForecast(future, mean)


def _future_rows(seen: pd.DataFrame, last_year: int, years: tuple[int, ...]) -> pd.DataFrame:
    """Cohorts of the last year, smaller by exits, and new ones as large as recent ones."""
    known = seen[seen["leaving_share"].notna() & (seen["performance_year"] < last_year)]
    leaving = float(np.average(known["leaving_share"], weights=known["n"]))
    last = seen[seen["performance_year"] == last_year]
    inverse = float(np.average(last["inverse_size"], weights=last["n"]))
    entrants = seen[seen["elapsed"] == 0]["n"].tail(2).mean()
    columns = ["start_year", "since", "n", "inverse_size"]
    old = last.assign(since=last_year)[columns]
    new = pd.DataFrame([(year, year, entrants, inverse) for year in years], columns=columns)
    cohorts = pd.concat([old, new], ignore_index=True)
    rows = cohorts.merge(pd.Series(years, name="performance_year"), how="cross")
    rows = rows[rows["performance_year"] >= rows["start_year"]].reset_index(drop=True)
    rows["n"] *= (1 - leaving) ** (rows["performance_year"] - rows["since"])
    return rows.assign(elapsed=rows["performance_year"] - rows["start_year"])


def _flat_draws(fitted: Fit, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Draws by parameter, first axis draw, in random order."""
    sizes = fitted.posterior.sizes
    chosen = generator.choice(sizes["chain"] * sizes["draw"], DRAWS, replace=False)
    return {
        str(name): draws.reshape(-1, *draws.shape[2:])[chosen]
        for name, values in fitted.posterior.data_vars.items()
        for draws in [values.transpose("chain", "draw", ...).to_numpy()]
    }


def _expected(
    future: pd.DataFrame,
    draws: dict[str, np.ndarray],
    data: GrowthData,
    last_year: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Level, growth, size, and effects of years and cohorts that are known or still to come."""
    column = {name: values[:, None] for name, values in draws.items() if values.ndim == 1}
    elapsed = future["elapsed"].to_numpy(float)[None, :]
    mean = column["level"] + column["plateau_gain"] * (
        1 - 5 ** (-elapsed / column["years_to_80pct"])
    )
    inverse = PER_TEN_THOUSAND * (future["inverse_size"].to_numpy(float) - 1 / REFERENCE_PEOPLE)
    mean = mean + column["size"] * inverse
    for name, key in (("period", "performance_year"), ("cohort", "start_year")):
        labels = [int(label) for label in getattr(data, f"{name}s")]
        middle = np.mean(labels)
        for value in np.unique(future[key]):
            fresh = column[f"{name}_trend"] * (value - middle)
            fresh = fresh + column[f"{name}_sd"] * generator.normal(size=(DRAWS, 1))
            known = value in labels and value <= last_year
            effect = draws[f"{name}_effect"][:, [labels.index(value)]] if known else fresh
            mean = mean + effect * (future[key].to_numpy() == value)
    return mean


def _exit(
    seen: pd.DataFrame,
    future: pd.DataFrame,
    known: KnownSpread,
    last_year: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Shift by exits that were seen, and by those to come, drawn from those that were seen."""
    shift = seen["shift"][seen["leaving_share"].notna() & (seen["performance_year"] < last_year)]
    inverse = float(np.average(seen["inverse_size"], weights=seen["n"]))
    total = np.zeros((DRAWS, len(future)))
    end = int(future["performance_year"].to_numpy(int).max())
    for start, rows in future.groupby("start_year"):
        past = seen[(seen["start_year"] == start) & (seen["performance_year"] < last_year)]
        coming = np.arange(max(last_year, int(str(start))), end)
        drawn = generator.choice(shift.to_numpy(float), size=(DRAWS, coming.size))
        for at, year in zip(rows.index, rows["performance_year"], strict=True):
            before = past["performance_year"].to_numpy()
            total[:, at] += known.carried(year - before, inverse) @ past["shift"].to_numpy(float)
            before = coming[coming < year]
            if before.size:
                total[:, at] += drawn[:, : before.size] @ known.carried(year - before, inverse)
    return total


def _carried(
    seen: pd.DataFrame,
    future: pd.DataFrame,
    draws: dict[str, np.ndarray],
    known: KnownSpread,
    generator: np.random.Generator,
) -> np.ndarray:
    """What is carried over from errors of the past, and new errors."""
    columns = ["start_year", "performance_year", "n", "inverse_size"]
    whole = sampling_covariance(
        pd.concat([seen[columns], future[columns]], ignore_index=True), known
    )
    old = len(seen)
    gain = np.linalg.solve(whole[:old, :old], whole[:old, old:]).T
    left = whole[old:, old:] - gain @ whole[:old, old:]
    residual = seen["rate"].to_numpy(float) - draws["expected"][:, seen.index]
    new = generator.normal(size=(DRAWS, len(future))) @ np.linalg.cholesky(left).T
    return residual @ gain.T + new * np.exp(0.5 * draws["log_dispersion"])[:, None]


def group_means(forecast: CohortForecast) -> dict[tuple[int, str], tuple[np.ndarray, float]]:
    """Return forecast means of groups by year in the programme.

    Parameters
    ----------
    forecast : CohortForecast

    Returns
    -------
    dict of (int, str) to (ndarray, float)
        Performance year and group, to draws of the mean (percentage points) and the mean of 1/N.
    """
    rows, found = forecast.rows, {}
    for year in sorted(rows["performance_year"].unique()):
        for label, (first, last) in PROGRAMME_YEARS.items():
            inside = rows["elapsed"].between(first - 1, last - 1) & (
                rows["performance_year"] == year
            )
            if inside.any():
                weight = rows["n"].to_numpy(float) * inside
                found[int(year), label] = (
                    forecast.draws @ weight / weight.sum(),
                    float(rows["inverse_size"] @ weight / weight.sum()),
                )
    return found


def size_groups(
    forecast: CohortForecast, programme: Programme, fitted: Fit, last_year: int
) -> dict[tuple[int, str], tuple[np.ndarray, float]]:
    """Return forecast means of groups by size: the mean of all, and the effect of size.

    Parameters
    ----------
    forecast : CohortForecast
    programme : Programme
    fitted : Fit
    last_year : int
        Year whose sizes are taken.

    Returns
    -------
    dict of (int, str) to (ndarray, float)
        As `group_means`.
    """
    bands = programme.cross_section
    bands = bands[bands["performance_year"] == last_year]
    effect = _flat_draws(fitted, np.random.default_rng(seed_for("forecast-size")))["size"]
    found = {}
    for (year, label), (draws, inverse) in group_means(forecast).items():
        if label != "all":
            continue
        for low, high in pairwise(SIZE_EDGES):
            inside = bands[bands["size_low"].between(low, high - 1)]
            own = float(inside["inverse_size_sum"].sum() / inside["n_acos"].sum())
            shift = PER_TEN_THOUSAND * (own - inverse)
            name = f"{low:,} to {high - 1:,} people"
            if high == SIZE_EDGES[-1]:
                name = f"{low:,} people and more"
            elif low == 0:
                name = f"under {high:,} people"
            found[year, name] = (draws + effect * shift, own)
    return found


def rate_spread(
    components: MsspComponents, inverse_size: float, generator: np.random.Generator
) -> np.ndarray:
    """Return the spread of savings rates in a year not seen yet.

    Parameters
    ----------
    components : MsspComponents
    inverse_size : float
        Mean of 1/N.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draw,)
        Percentage points; scales of years are drawn from those of the past.
    """
    spread = PERCENTAGE_POINTS * components.spread(1 / inverse_size).to_numpy().ravel()
    scales = np.exp(components.fit.posterior["log_year_scale"].to_numpy())
    scales = scales.reshape(-1, scales.shape[-1])
    return (
        spread
        * scales[np.arange(len(scales)), generator.integers(scales.shape[1], size=len(scales))]
    )
