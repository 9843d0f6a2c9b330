"""Tables of the page of forecasts."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.report.draws_text import values_text
from analysis.report.forecasts import Forecast

HELD = {True: "yes", False: "no"}


def scored_table(beside: pd.DataFrame) -> pd.DataFrame:
    """Return a forecast beside what happened, as printed, from `scoring.scored`."""
    rows = []
    for row in beside.reset_index().to_dict("records"):
        spread = (row["spread"], row["spread_low"], row["spread_high"])
        rows.append(
            {
                "Year": str(row["year"]),
                "Group": row["group"],
                "Organisations": f"{row['n']:,.0f}",
                "Forecast, %": values_text(row["mean"], row["low"], row["high"], decimals=1),
                "Happened, %": f"{row['happened']:.1f}",
                "Inside": HELD[bool(row["inside"])],
                "Spread forecast": values_text(*spread, decimals=1),
                "Spread seen": f"{row['happened_spread']:.1f}",
                "Spread inside": HELD[bool(row["spread_inside"])],
            }
        )
    return pd.DataFrame(rows)


def contest_table(contest: pd.DataFrame) -> pd.DataFrame:
    """Return how forecasts did on the same groups, as printed, from `scoring.compared`."""
    return pd.DataFrame(
        {
            "": contest.index,
            "Mean absolute error": [f"{error:.2f}" for error in contest["error"]],
            "Intervals that held": [
                f"{round(share * number)} of {number:.0f}"
                for share, number in zip(contest["inside"], contest["forecasts"], strict=True)
            ],
            "Mean width": [f"{width:.1f}" for width in contest["width"]],
            "Interval score": [f"{score:.1f}" for score in contest["score"]],
        }
    )


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


def fallen_below(seen: float, year: int, draws: np.ndarray) -> dict[str, str | float]:
    """Return the flip point of a forecast mean: the mean last seen, and how probable a fall is.

    Parameters
    ----------
    seen : float
        Mean saving seen in the year, percent of the benchmark.
    draws : ndarray, shape (draw,)
        Of the forecast mean.
    """
    return {
        "assumption": "mean saving seen",
        "value": round(seen, 2),
        "unit": "percent",
        "meaning": (
            f"below it the mean has fallen since {year}; the forecast's probability of that is "
            f"{np.mean(draws < seen):.0%}"
        ),
    }
