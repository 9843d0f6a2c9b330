"""What the page's table lists: one public file in several cells."""

import pandas as pd

from analysis.report.draws_text import values_text


def by_cells(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers from several sets of cells of the same people.

    Parameters
    ----------
    answers : DataFrame
        Indexed by the factors of the cells; ``cells``, ``merged``, ``k_observed``, and
        ``k``, ``r_squared_percent`` and ``people`` with their ends ``_low`` and ``_high``.
    """
    return pd.DataFrame(
        {
            "Cells by": list(answers.index),
            "Cells": answers["cells"].to_list(),
            "Groups that were merged": answers["merged"].to_list(),
            "k of the costs": answers["k_observed"].round(2).to_list(),
            "k of the model": _intervals(answers, "k"),
            "Variance explained, %": _intervals(answers, "r_squared_percent", decimals=1),
            "Smallest pool": _intervals(answers, "people", "people"),
        }
    )


def _intervals(
    table: pd.DataFrame, name: str, unit: str = "none", decimals: int | None = None
) -> list[str]:
    value, low, high = (
        table[column].astype(float) for column in (name, f"{name}_low", f"{name}_high")
    )
    return [
        values_text(*parts, unit=unit, decimals=decimals)
        for parts in zip(value, low, high, strict=True)
    ]
