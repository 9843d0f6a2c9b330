"""Two simple rivals of a forecast, each with an interval as wide as its own past errors ask for."""

import numpy as np
import pandas as pd

from analysis.chapters.forecast.group_means import PROGRAMME_YEARS
from analysis.intervals import normal_half_width

EVERYONE = "all"
BY_YEAR = [group for group in PROGRAMME_YEARS if group != EVERYONE]
"""Groups by years in the programme."""


def carried_forward(seen: pd.DataFrame, last_year: int, years: tuple[int, ...]) -> pd.DataFrame:
    """Return the forecast that each group stays as it was in the last year seen.

    Its interval is normal, with the root mean square of the errors that the same rule made as many
    years ahead until that year, all groups by years in the programme together.

    Parameters
    ----------
    seen : DataFrame
        From `outcomes`; nothing after `last_year` is used.

    Returns
    -------
    DataFrame, indexed by ``year`` and ``group``
        ``mean``, ``low``, ``high``, percent of the benchmark.
    """
    means = _wide(seen, last_year)
    last = means.iloc[-1]
    forecasts: dict[tuple[int, str], tuple[float, float, float]] = {}
    for year in years:
        error = (means - means.shift(year - last_year)).to_numpy()
        forecasts |= _with_interval(last, year, _root_mean_square(error))
    return _frame(forecasts)


def year_mean(seen: pd.DataFrame, last_year: int, years: tuple[int, ...]) -> pd.DataFrame:
    """Return the forecast that each group does as all organisations do in that year.

    No one could make it: it is told the mean of the year. What it does not know is how groups
    differ. Its interval is normal, with the root mean square of how far groups were from the mean
    of their year until the last year seen.

    Parameters
    ----------
    seen : DataFrame
        From `outcomes`.

    Returns
    -------
    DataFrame, indexed by ``year`` and ``group``
        ``mean``, ``low``, ``high``, percent of the benchmark; groups by years in the programme.
    """
    means = _wide(seen, last_year)
    gap = _root_mean_square(means[BY_YEAR].sub(means[EVERYONE], axis=0).to_numpy())
    forecasts: dict[tuple[int, str], tuple[float, float, float]] = {}
    for year in years:
        same = pd.Series(seen["mean"][year, EVERYONE], index=BY_YEAR)
        forecasts |= _with_interval(same, year, gap)
    return _frame(forecasts)


def _wide(seen: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """Means by year and group by years in the programme, until the last year."""
    means = seen.pivot_table("mean", "year", "group")[[*BY_YEAR, EVERYONE]]
    return means.loc[:last_year]


def _root_mean_square(errors: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean(errors**2)))


def _with_interval(
    means: pd.Series, year: int, error: float
) -> dict[tuple[int, str], tuple[float, float, float]]:
    half = normal_half_width() * error
    return {(year, str(group)): (mean, mean - half, mean + half) for group, mean in means.items()}


def _frame(forecasts: dict[tuple[int, str], tuple[float, float, float]]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(forecasts, names=["year", "group"])
    return pd.DataFrame(list(forecasts.values()), index, columns=["mean", "low", "high"])
