"""Which assumption moves an answer most."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from analysis.chapters.hospital_cooperation.bargaining import Quantity
from analysis.evidence.assumptions import assumption


def rank_correlations(
    draws: Mapping[str, np.ndarray], names: Sequence[str], output: np.ndarray
) -> pd.Series:
    """Return Spearman's rank correlation of an answer with each assumption, strongest first.

    Parameters
    ----------
    draws : mapping of str to ndarray, shape (draw,)
        By name of the assumption, drawn independently of each other.
    output : ndarray, shape (draw,)
        The answer; infinite values keep their rank.
    """
    correlations = pd.Series({name: spearmanr(draws[name], output).statistic for name in names})
    return correlations.sort_values(key=np.abs, ascending=False)


def one_at_a_time(
    measure: Callable[[Mapping[str, Quantity]], Quantity],
    names: Sequence[str],
    others: Mapping[str, float] = MappingProxyType({}),
) -> pd.DataFrame:
    """Return an answer with one assumption at an end of its range and all others at their value.

    Parameters
    ----------
    measure : callable
        From values by name of the assumption to the answer.
    names : sequence of str
        Assumptions to vary.
    others : mapping of str to float
        Values by name of further assumptions that `measure` asks for; these stay as they are.

    Returns
    -------
    pandas.DataFrame
        Indexed by assumption, the widest swing first: `low`, `value` and `high` of the assumption
        in its unit, the answers `at_low`, `at_value`, `at_high`, and `swing`, the size of the
        difference between the ends.
    """
    rows = {name: assumption(name) for name in names}
    central = {**others, **{name: row.value for name, row in rows.items()}}
    answers = pd.DataFrame(
        {
            name: {
                "low": row.low,
                "value": row.value,
                "high": row.high,
                "at_low": float(measure({**central, name: row.low})),
                "at_value": float(measure(central)),
                "at_high": float(measure({**central, name: row.high})),
            }
            for name, row in rows.items()
        }
    ).T
    answers["swing"] = (answers["at_high"] - answers["at_low"]).abs()
    return answers.sort_values("swing", ascending=False).rename_axis("assumption")
