"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.chapters.five_to_ten_years.growth_measures import (
    growth_curve,
    time_prior_weights,
    time_to_80pct,
    yearly_gain,
)
from analysis.chapters.five_to_ten_years.phase_in import Ruin
from analysis.chapters.five_to_ten_years.programme_paths import by_draw
from analysis.chapters.five_to_ten_years.trend_turns import between, probabilities_of_time
from analysis.evidence.facts import fact
from analysis.fits.simulated_programme import ProgrammeTruth
from analysis.inference.fitting import Fit
from analysis.intervals import median_and_interval
from analysis.report.draws_text import interval_text, probability_text, values_text
from analysis.report.forecasts import Forecast

SPREAD = ["low", "high"]


def growth_curves(fits: Mapping[str, Fit], elapsed: np.ndarray) -> pd.DataFrame:
    """Return the mean saving, per cent, by constraint and year in the programme.

    Returns
    -------
    DataFrame
        ``constraint``, ``programme_year``, ``rate``, ``low``, ``high``.
    """
    curves = []
    for constraint, fitted in fits.items():
        rate, low, high = median_and_interval(growth_curve(fitted, elapsed), axis=0)
        columns = {"constraint": constraint, "programme_year": elapsed + 1}
        curves.append(pd.DataFrame(columns | {"rate": rate, "low": low, "high": high}))
    return pd.concat(curves)


def raw_means_table(means: pd.DataFrame) -> pd.DataFrame:
    """Return raw mean savings by year in the programme beside the published table."""
    published = [fact(f"D-PUF-yip{year}", purpose="validation").value for year in range(1, 11)]
    return pd.DataFrame(
        {
            "Year in the programme": range(1, 11),
            "ACO-years": means["n"].to_numpy(),
            "Mean saving here, %": means["rate"].to_numpy().round(2),
            "Published, %": published,
            "Without a saving, %": (100 * means["deficit_share"]).round(0).astype(int).to_numpy(),
        }
    )


def recovery_table(truth: ProgrammeTruth, recovered: Mapping[str, Fit]) -> pd.DataFrame:
    """Return the truth of a simulated programme, and what models recover, by label."""
    gain = truth.plateau_gain * (1 - 5 ** (-9 / truth.years_to_80pct))
    rows = [("Truth", f"{gain:.1f}", f"{truth.years_to_80pct:.1f}")]
    for label, fitted in recovered.items():
        draws = fitted.posterior
        rows.append(
            (
                label,
                interval_text(draws["gain"], decimals=1),
                interval_text(draws["years_to_80pct"], decimals=1),
            )
        )
    return pd.DataFrame(
        rows, columns=["", "Gain from year 1 to 10, points", "Years to 80% of the plateau"]
    )


def gradients_table(
    looks: Mapping[str, tuple[float, np.ndarray]], fits: Mapping[str, Fit]
) -> pd.DataFrame:
    """Return the rise of savings per year in the programme by way of looking, in points.

    Parameters
    ----------
    looks : mapping of str to (slope, draws)
        By label: the least-squares slope, and draws of it.

    Returns
    -------
    DataFrame
        ``way``, ``points``, ``low``, ``high``, ``joint`` (whether by the joint model).
    """
    rows = [
        (label, slope, *median_and_interval(draws)[1:], False)
        for label, (slope, draws) in looks.items()
    ]
    rows += [
        (f"Joint model, {name}", *median_and_interval(yearly_gain(fitted)), True)
        for name, fitted in fits.items()
    ]
    return pd.DataFrame(rows, columns=["way", "points", *SPREAD, "joint"])


def growth_table(fits: Mapping[str, Fit], worth_naming: float) -> pd.DataFrame:
    """Return growth under each constraint; less than `worth_naming` points is no growth."""
    rows = []
    for name, fitted in fits.items():
        draws = fitted.posterior
        time = time_to_80pct(fitted, worth_naming)
        rows.append(
            {
                "Constraint": name,
                "Gain in ten years, points": interval_text(draws["gain"], decimals=1),
                "Calendar trend": interval_text(draws["period_trend"], decimals=2),
                "Cohort trend": interval_text(draws["cohort_trend"], decimals=2),
                "Years to 80%": interval_text(time, decimals=0, infinite="never").replace(
                    "no limit", "never"
                ),
                "In five to ten": probability_text(between(time.values, 5, 10)),
                "Under five": probability_text(between(time.values, 0, 5)),
                "No growth": probability_text(np.isinf(time.values)),
            }
        )
    return pd.DataFrame(rows)


def growth_by_prior_table(
    fitted: Fit, worth_naming: float, used: tuple[float, float], medians: Iterable[float]
) -> pd.DataFrame:
    """Return years to 80 % of the plateau under other priors, by weighted draws.

    Parameters
    ----------
    used : tuple of float
        Median and standard deviation of the logarithm of the prior that was used.
    medians : iterable of float
        Of the other priors, years.
    """
    time = time_to_80pct(fitted, worth_naming).to_numpy().ravel()
    parameter = fitted.posterior["years_to_80pct"].to_numpy().ravel()
    rank = np.argsort(time)
    rows = []
    for median in medians:
        weight = time_prior_weights(parameter, used, (median, used[1]))
        middle = time[rank][np.searchsorted(np.cumsum(weight[rank]), 0.5)]
        ours = " (ours)" if median == used[0] else ""
        shares = probabilities_of_time(time, weight)
        rows.append(
            {"Prior median, years": f"{median:g}{ours}", "Median time, years": f"{middle:.0f}"}
            | {words: f"{probability:.0%}" for words, probability in shares.items()}
        )
    return pd.DataFrame(rows)


def other_programmes_table() -> pd.DataFrame:
    """Return published savings of two other US programmes."""
    exits = fact("E-PIO-exit", purpose="validation")
    rows = [
        (f"Alternative Quality Contract, year {year}", f"{fact(f'D-AQC-{year}').value:g}%")
        for year in (1, 2, 8)
    ]
    for year in (2012, 2013):
        saving = fact(f"D-PIO{str(year)[2:]}", purpose="validation").value
        rows.append((f"Pioneer, {year}", f"${saving:.2f} a person and month"))
    remaining = f"{exits.value:.0f} began, {exits.low:.0f} were left after two years"
    rows.append(("Pioneer, organisations", remaining))
    return pd.DataFrame(rows, columns=["Programme and year", "Saving"])


def phase_in_by_year(policies: Mapping[str, Sequence[Ruin]]) -> pd.DataFrame:
    """Return share at risk and groups ruined, per cent, by policy and year, with intervals."""
    rows = []
    for policy, ruin in policies.items():
        share, ruined = (100 * by_draw(ruin, field) for field in ("share", "ruined_by"))
        columns: dict[str, object] = {"policy": policy, "year": np.arange(1, share.shape[1] + 1)}
        for name, draws in (("share", share), ("ruined", ruined)):
            middle, low, high = median_and_interval(draws, axis=0)
            columns |= {name: middle, f"{name}_low": low, f"{name}_high": high}
        rows.append(pd.DataFrame(columns))
    return pd.concat(rows)


def forecasts_table(forecasts: Iterable[Forecast]) -> pd.DataFrame:
    """Return forecasts as printed: their draws are gone, their files hold median and ends."""
    return pd.DataFrame(
        [
            {
                "Year": str(row.year),
                "Group": row.group,
                "Mean saving, %": values_text(row.mean, row.low, row.high, decimals=1),
                "Spread between organisations, points": values_text(
                    row.spread, row.spread_low, row.spread_high, decimals=1
                ),
            }
            for row in forecasts
        ]
    )


def back_test(
    forecast: Mapping[tuple[int, str], tuple[np.ndarray, np.ndarray]],
    actual: pd.Series,
    last_year: int,
) -> pd.DataFrame:
    """Return what a forecast said of group means, and what happened, in per cent.

    Parameters
    ----------
    forecast : mapping of (year, group) to (draws, inverse sizes)
    actual : Series
        Mean savings rate by year and group.
    last_year : int
        Last year that the forecast rests on.

    Returns
    -------
    DataFrame
        ``Year``, ``Group``, ``Forecast, %``, ``As in <last year>, %``, ``Happened, %``, ``Inside``;
        then the numbers ``error`` and ``error_if_same`` (missing where not seen in that year), in
        percentage points, and ``held``.
    """
    rows = []
    for (year, group), (draws, _) in forecast.items():
        if (year, group) not in actual.index:
            continue
        median, low, high = median_and_interval(draws)
        happened, same = actual[year, group], actual.get((last_year, group), np.nan)
        held = bool(low <= happened <= high)
        rows.append(
            {
                "Year": str(year),
                "Group": group,
                "Forecast, %": interval_text(draws, decimals=1),
                f"As in {last_year}, %": "none" if np.isnan(same) else f"{same:.1f}",
                "Happened, %": f"{happened:.1f}",
                "Inside": "yes" if held else "no",
                "error": abs(median - happened),
                "error_if_same": abs(same - happened),
                "held": held,
            }
        )
    return pd.DataFrame(rows)


def observed_means(table: pd.DataFrame, groups: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Return mean savings seen, per cent: ``year``, ``group``, ``mean``.

    Parameters
    ----------
    table : DataFrame
        Cohorts by year: ``elapsed``, ``performance_year``, ``rate``, ``n``.
    groups : mapping of str to (first, last)
        Years in the programme that make a group.
    """
    return pd.DataFrame(
        [
            (year, group, float(np.average(rows["rate"], weights=rows["n"])))
            for group, (low, high) in groups.items()
            for year, rows in table[table["elapsed"].between(low - 1, high - 1)].groupby(
                "performance_year"
            )
        ],
        columns=["year", "group", "mean"],
    )
