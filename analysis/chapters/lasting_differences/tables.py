"""What the chapter's tables list: priors, published figures and spreads of English pools."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence.facts import Fact
from analysis.intervals import interval_columns, median_and_interval
from analysis.report.draws_text import interval_text, values_text


def half_normal(scale: float) -> str:
    """Return the name of a prior of a scale."""
    return f"half-normal({scale:g})"


def published_range(figure: Fact) -> tuple[float, float, float]:
    """Return a published figure and its range, or the figure three times where it has none."""
    value = float("nan") if figure.value is None else figure.value
    return value, figure.low or value, figure.high or value


def published_text(figure: Fact) -> str:
    """Return a published figure as it was published, with its range where it has one."""
    if not figure.low:
        return f"{figure.value:g}"
    return values_text(*published_range(figure), exact=True)


def comparison(figure: Fact, what: str, draws: xr.DataArray) -> dict[str, str]:
    """Return this fit beside a published figure: it passes where interval and range overlap."""
    _, bottom, top = median_and_interval(draws)
    _, low, high = published_range(figure)
    return {
        "What": what,
        "Here": interval_text(draws, decimals=2),
        "Published": published_text(figure),
        "Verdict": "pass" if bottom <= high and low <= top else "fail",
    }


def spreads_by_size(
    people: Sequence[float], draws: Mapping[str, Sequence[xr.DataArray]]
) -> pd.DataFrame:
    """Return medians and intervals of spreads, percent of the budget, a row for each size."""
    columns: dict[str, object] = {"people": people}
    for name, by_size in draws.items():
        stacked = np.column_stack([np.ravel(spread) for spread in by_size])
        columns |= interval_columns(name, stacked)
    return pd.DataFrame(columns)
