"""Mean savings of cohorts in years not seen yet: growth, exits, and what errors carry over."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.models.growth.cohorts import KnownSpread, cohort_table, sampling_covariance
from analysis.models.growth.data import GrowthData
from analysis.models.growth.priors import PER_TEN_THOUSAND, REFERENCE_PEOPLE
from analysis.seeds import seed_for

if TYPE_CHECKING:
    from analysis.fits.savings_growth import GrowthFit, Programme

DRAWS = 2_000
"""Draws of a forecast."""


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
    programme: "Programme", fitted: "GrowthFit", last_year: int, years: tuple[int, ...]
) -> CohortForecast:
    """Return forecast mean savings of cohorts after the last year used.

    Parameters
    ----------
    fitted : GrowthFit
        Of the growth of this programme, to `last_year`.
    years : tuple of int
        Performance years to forecast, in order, the first right after `last_year`.
    """
    past = cohort_table(programme.cells, last_year)
    future = _future_rows(past, last_year, years)
    generator = np.random.default_rng(seed_for(f"forecast-after-{last_year}"))
    draws = flat_draws(fitted, generator)
    mean = _expected(future, draws, fitted.data, generator)
    mean += _exit_shift(past, future, programme.known, last_year, generator)
    mean += _errors(past, future, draws, programme.known, generator)
    return CohortForecast(future, mean)


def _future_rows(past: pd.DataFrame, last_year: int, years: tuple[int, ...]) -> pd.DataFrame:
    """Cohorts of the last year, smaller by exits, and new ones as large as recent ones."""
    exits = past[_exit_is_seen(past, last_year)]
    leaving = float(np.average(exits["leaving_share"], weights=exits["n"]))
    last = past[past["performance_year"] == last_year]
    inverse_size = float(np.average(last["inverse_size"], weights=last["n"]))
    entrants = past[past["elapsed"] == 0]["n"].tail(2).mean()
    columns = ["start_year", "since", "n", "inverse_size"]
    old = last.assign(since=last_year)[columns]
    new = pd.DataFrame([(year, year, entrants, inverse_size) for year in years], columns=columns)
    cohorts = pd.concat([old, new], ignore_index=True)
    rows = cohorts.merge(pd.Series(years, name="performance_year"), how="cross")
    rows = rows[rows["performance_year"] >= rows["start_year"]].reset_index(drop=True)
    rows["n"] *= (1 - leaving) ** (rows["performance_year"] - rows["since"])
    return rows.assign(elapsed=rows["performance_year"] - rows["start_year"])


def _exit_is_seen(past: pd.DataFrame, last_year: int) -> pd.Series:
    """Say in which rows it is known who left: not in the last year used."""
    return past["leaving_share"].notna() & (past["performance_year"] < last_year)


def flat_draws(fitted: "GrowthFit", generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Return `DRAWS` draws by parameter, first axis draw, in random order."""
    sizes = fitted.posterior.sizes
    chosen = generator.choice(sizes["chain"] * sizes["draw"], DRAWS, replace=False)
    flat = {}
    for name, values in fitted.posterior.data_vars.items():
        draws = values.transpose("chain", "draw", ...).to_numpy()
        flat[str(name)] = draws.reshape(-1, *draws.shape[2:])[chosen]
    return flat


def _expected(
    future: pd.DataFrame,
    draws: dict[str, np.ndarray],
    data: GrowthData,
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
        for label in np.unique(future[key]):
            # Drawn even where the effect is known: later draws keep their place in the sequence.
            new_effect = column[f"{name}_trend"] * (label - middle)
            new_effect = new_effect + column[f"{name}_sd"] * generator.normal(size=(DRAWS, 1))
            known = label in labels
            effect = draws[f"{name}_effect"][:, [labels.index(label)]] if known else new_effect
            mean = mean + effect * (future[key].to_numpy() == label)
    return mean


def _exit_shift(
    past: pd.DataFrame,
    future: pd.DataFrame,
    known: KnownSpread,
    last_year: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Shift by exits that were seen, and by those to come, drawn from those that were seen."""
    seen_shifts = past["shift"][_exit_is_seen(past, last_year)].to_numpy(float)
    inverse_size = float(np.average(past["inverse_size"], weights=past["n"]))
    total = np.zeros((DRAWS, len(future)))
    end = int(future["performance_year"].to_numpy(int).max())
    for start, rows in future.groupby("start_year"):
        cohort = past[(past["start_year"] == start) & (past["performance_year"] < last_year)]
        cohort_years = cohort["performance_year"].to_numpy()
        cohort_shifts = cohort["shift"].to_numpy(float)
        coming_years = np.arange(max(last_year, int(str(start))), end)
        coming_shifts = generator.choice(seen_shifts, size=(DRAWS, coming_years.size))
        for at, year in zip(rows.index, rows["performance_year"], strict=True):
            total[:, at] += known.carried(year - cohort_years, inverse_size) @ cohort_shifts
            before = coming_years[coming_years < year]
            if before.size:
                carried = known.carried(year - before, inverse_size)
                total[:, at] += coming_shifts[:, : before.size] @ carried
    return total


def _errors(
    past: pd.DataFrame,
    future: pd.DataFrame,
    draws: dict[str, np.ndarray],
    known: KnownSpread,
    generator: np.random.Generator,
) -> np.ndarray:
    """What is carried over from errors of the past, and new errors."""
    columns = ["start_year", "performance_year", "n", "inverse_size"]
    covariance = sampling_covariance(
        pd.concat([past[columns], future[columns]], ignore_index=True), known
    )
    old = len(past)
    gain = np.linalg.solve(covariance[:old, :old], covariance[:old, old:]).T
    conditional = covariance[old:, old:] - gain @ covariance[:old, old:]
    residual = past["rate"].to_numpy(float) - draws["expected"]
    new = generator.normal(size=(DRAWS, len(future))) @ np.linalg.cholesky(conditional).T
    return residual @ gain.T + new * np.exp(0.5 * draws["log_dispersion"])[:, None]
