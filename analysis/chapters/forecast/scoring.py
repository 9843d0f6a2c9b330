"""How well forecasts did, once what they forecast has happened."""

from collections.abc import Mapping

import pandas as pd

from analysis.risk.interval_score import interval_score


def scored(forecast: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return a forecast beside what happened.

    Parameters
    ----------
    forecast : DataFrame, indexed by ``year`` and ``group``
        ``mean``, ``low``, ``high``, and ``spread`` with its ends where it was forecast.
    seen : DataFrame
        From `outcomes`.

    Returns
    -------
    DataFrame
        The forecast, then ``n``, ``happened``, ``error`` (forecast less outcome), ``inside`` and
        ``score`` (interval score: percentage points, less is better); with ``happened_spread`` and
        ``spread_inside`` where the spread was forecast.
    """
    outcome = seen.loc[forecast.index]
    happened = outcome["mean"]
    beside = forecast.assign(
        n=outcome["n"],
        happened=happened,
        error=forecast["mean"] - happened,
        inside=happened.between(forecast["low"], forecast["high"]),
        score=interval_score(
            happened.to_numpy(), forecast["low"].to_numpy(), forecast["high"].to_numpy()
        ),
    )
    if "spread" not in forecast:
        return beside
    spread = outcome["spread"]
    held = spread.between(forecast["spread_low"], forecast["spread_high"])
    return beside.assign(happened_spread=spread, spread_inside=held)


def compared(
    forecasts: Mapping[str, pd.DataFrame], seen: pd.DataFrame, groups: list[str]
) -> pd.DataFrame:
    """Return how forecasts did on the same groups, one row a forecast.

    Parameters
    ----------
    forecasts : mapping of str to DataFrame
        By name, as `scored` takes them.
    groups : list of str
        That all of them forecast.

    Returns
    -------
    DataFrame, indexed by name
        ``forecasts`` (number), ``error`` (mean absolute, percentage points), ``inside`` (share of
        intervals that held the outcome), ``width`` and ``score`` (means, percentage points).
    """
    rows = {}
    for name, forecast in forecasts.items():
        chosen = scored(forecast[forecast.index.get_level_values("group").isin(groups)], seen)
        rows[name] = {
            "forecasts": len(chosen),
            "error": chosen["error"].abs().mean(),
            "inside": chosen["inside"].mean(),
            "width": (chosen["high"] - chosen["low"]).mean(),
            "score": chosen["score"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
