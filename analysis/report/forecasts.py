"""Forecasts for machines: `forecasts.json`, to be scored when the data are out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis import settings
from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.report import provenance
from analysis.report.numbers import records_folder

FILE = "_forecasts.json"
"""Beside the records of a page; the underscore keeps it from being read as one."""


@dataclass(frozen=True)
class Forecast:
    """Forecast mean of a group in one year.

    Attributes
    ----------
    year : int
        Performance year.
    mean : float
        Forecast of the group's mean savings rate, percent of the benchmark.
    low, high : float
        Ends of the interval of `mean`.
    spread : float
        Forecast standard deviation of savings rates between organisations of the group,
        percentage points.
    spread_low, spread_high : float
        Ends of the interval of `spread`.
    """

    year: int
    group: str
    mean: float
    low: float
    high: float
    spread: float
    spread_low: float
    spread_high: float


def write_forecasts(forecasts: Sequence[Forecast], made: str, estimand: str) -> Path:
    """Write the forecasts of a page beside its records; return the file.

    Parameters
    ----------
    made : str
        Date on which they were made, as 2026-11-22.
    estimand : str
        What is forecast: one sentence.

    Raises
    ------
    InputError
        When there are none, or an interval is out of order.
    """
    if not forecasts:
        raise InputError("no forecasts to write: give at least one.")
    for forecast in forecasts:
        in_order = forecast.low <= forecast.mean <= forecast.high
        if not (in_order and 0 <= forecast.spread_low <= forecast.spread_high):
            raise InputError(
                f"forecast {forecast.year}, {forecast.group}: an interval is out of order."
            )
    content = {
        "title": "Ten Suggestions, Tested: forecasts",
        "estimand": estimand,
        "made": made,
        "interval": settings.INTERVAL,
        "seed": settings.PROJECT_SEED,
        "version": provenance.package_version(),
        "forecasts": [_rounded(asdict(forecast)) for forecast in forecasts],
    }
    file = records_folder() / FILE
    write_atomically(file, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return file


def _rounded(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: round(v, 3) if isinstance(v, float) else v for name, v in fields.items()}
