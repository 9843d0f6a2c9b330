"""The same people in cells made in several ways: whether the answers hang on the making."""

from collections.abc import Mapping

import pandas as pd

from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import explained, sizes
from analysis.own.people.observed import observed_k_within
from analysis.own.people.settings import Settings


def compared(fits: Mapping[str, OwnFit], settings: Settings) -> pd.DataFrame:
    """Return the answers of several fits side by side.

    Parameters
    ----------
    fits : mapping of str to OwnFit
        By what the cells are of.

    Returns
    -------
    DataFrame, one row a fit
        Index: the names. ``cells``; ``merged``, cells that were merged with others;
        ``k_observed``, that of the costs within the cells; and with ``_low`` and ``_high`` ``k``,
        ``r_squared_percent`` and ``people``, the smallest pool by chance alone with adjusted
        budgets.
    """
    return pd.DataFrame.from_dict(
        {name: _answers(fit, settings) for name, fit in fits.items()}, orient="index"
    )


def _answers(fit: OwnFit, settings: Settings) -> dict[str, float]:
    explained_by_measure = explained(fit, settings).T.to_dict()
    size = sizes(fit, settings).set_index("case").T.to_dict()["adjusted"]
    answers = {
        "cells": len(fit.cells.table),
        "merged": fit.manifest.get("cells_merged", 0),
        "k_observed": observed_k_within(fit.cells),
    }
    for end, column in (("", "value"), ("_low", "low"), ("_high", "high")):
        answers[f"k{end}"] = explained_by_measure["k_adjusted"][column]
        answers[f"r_squared_percent{end}"] = 100 * explained_by_measure["r_squared"][column]
        answers[f"people{end}"] = size["people" if not end else column]
    return answers
