"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.chapters.five_to_ten_years.gains import (
    LATER_STARTS,
    STRETCH,
    bend,
    gain,
    growth_draws,
    plateau_bend,
)
from analysis.chapters.five_to_ten_years.phase_in import Ruin
from analysis.chapters.five_to_ten_years.programme_paths import by_draw
from analysis.chapters.five_to_ten_years.time_evidence import (
    prior_probabilities,
    probabilities,
)
from analysis.evidence.facts import fact
from analysis.fits.savings_growth import GrowthFit, Programme
from analysis.intervals import median_and_interval
from analysis.models.growth.data import GrowthData, growth_data
from analysis.models.growth.free_form import FreeGrowth, free_growth
from analysis.report.draws_text import interval_text, probability_text

MINUS = "\N{MINUS SIGN}"

FIRST_YEAR, LAST_COHORT = 2013, 2018
"""The year that covers up to 21 months, and the last cohort before the rules of July 2019."""

PLATEAU_YEARS = 10.0
"""Time to 80 % of a plateau whose bend is shown beside the one seen."""


def trend_text(trend: float) -> str:
    """Return a calendar trend as printed, with its sign."""
    return f"{trend:+.1f}".replace("-", MINUS)


def gains_table(
    free: FreeGrowth, trends: Mapping[str, float], shortest: Mapping[str, float]
) -> pd.DataFrame:
    """Return gains by five years under each calendar trend, and the shortest time it allows."""
    rows = []
    for name, trend in trends.items():
        growth = growth_draws(free, trend)
        rows.append(
            {
                "Calendar trend, points a year": trend_text(trend),
                "Gain of years 1 to 5, points": interval_text(gain(growth, 0), decimals=1),
                "Of years 6 to 10": interval_text(gain(growth, LATER_STARTS[0]), decimals=1),
                "Shortest time to 80% (assumed form), years": f"{shortest[name]:.0f}",
            }
        )
    return pd.DataFrame(rows)


def bends_table(free: FreeGrowth, trends: Mapping[str, float]) -> pd.DataFrame:
    """Return how much less later years gained than the first five, beside a plateau's.

    The plateau is one of which 80 % are reached in `PLATEAU_YEARS`, with the gain of ten years that
    each calendar trend leaves.
    """
    growth = growth_draws(free, 0.0)
    rows = []
    for start in LATER_STARTS:
        row = {
            "Years": f"{start + 1} to {start + STRETCH + 1}",
            "Less than years 1 to 5 by, points": interval_text(-bend(growth, start), decimals=1),
        }
        for trend in trends.values():
            total = float(np.median(growth_draws(free, trend)[:, 9]))
            expected = -plateau_bend(total, PLATEAU_YEARS, start)
            row[f"Expected, trend {trend_text(trend)}"] = f"{expected:.1f}"
        rows.append(row)
    return pd.DataFrame(rows)


def bend_variants_table(programme: Programme, data: GrowthData) -> pd.DataFrame:
    """Return the bends when years, cohorts or the allowance for exits are left out.

    Parameters
    ----------
    data : GrowthData
        Of the whole programme.
    """
    cells, bands = programme.cells, programme.cross_section
    after, until = (cells["performance_year"] > FIRST_YEAR, cells["start_year"] <= LAST_COHORT)
    parts = {
        str(FIRST_YEAR): (cells[after], bands[bands["performance_year"] > FIRST_YEAR]),
        f"Cohorts after {LAST_COHORT}": (cells[until.fillna(False)], bands),
    }
    variants = {
        "Nothing": data,
        "The allowance for exits": replace(data, exit_shift=0 * data.exit_shift),
    }
    variants |= {
        name: growth_data(*part, programme.known, (0.0, 0.0), (0.0, 0.0))
        for name, part in parts.items()
    }
    rows = []
    for name, variant in variants.items():
        growth = growth_draws(free_growth(variant), 0.0)
        less = {
            f"Years {start + 1} to {start + STRETCH + 1}": interval_text(
                -bend(growth, start), decimals=1
            )
            for start in LATER_STARTS
        }
        rows.append({"Left out": name} | less)
    return pd.DataFrame(rows)


def times_table(fits: Mapping[str, GrowthFit], trends: Mapping[str, float]) -> pd.DataFrame:
    """Return the probability of each span of time: prior, and posterior by calendar trend."""
    columns = {"Prior": {name: f"{share:.0%}" for name, share in prior_probabilities().items()}}
    for name, fitted in fits.items():
        heading = f"Trend {trend_text(trends[name])}" if name in trends else "Trend uncertain"
        shares = probabilities(fitted.posterior["years_to_80pct"].to_numpy().ravel())
        columns[heading] = {span: probability_text(share) for span, share in shares.items()}
    frame = pd.DataFrame(columns).rename_axis("Years to 80% of the plateau").reset_index()
    return frame.assign(**{frame.columns[0]: frame.iloc[:, 0].str.capitalize()})


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
