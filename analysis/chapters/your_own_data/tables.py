"""What the page's tables list: one public file in several cells, and how often intervals hold."""

import pandas as pd
from scipy.stats import beta

from analysis.intervals import HIGH, LOW
from analysis.report.draws_text import values_text


def by_cells(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers from several sets of cells of the same people.

    Parameters
    ----------
    answers : DataFrame
        Indexed by the factors of the cells; ``cells``, ``hidden_percent``, ``k_observed``, and
        ``k``, ``r_squared_percent`` and ``people`` with their ends ``_low`` and ``_high``.
    """
    return pd.DataFrame(
        {
            "Cells by": list(answers.index),
            "Cells": answers["cells"].to_list(),
            "Large costs without an upper end, %": (
                answers["hidden_percent"].round().astype(int).to_list()
            ),
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


def coverage(counted: pd.DataFrame) -> pd.DataFrame:
    """Return how often intervals held the truth, with the interval of that share.

    Parameters
    ----------
    counted : DataFrame
        ``people``, ``start`` of the tail, ``samples``, ``held``, ``bias_percent`` and
        ``missed_unwarned``, as in the data package `own_data_coverage`.

    References
    ----------
    Brown, Cai and DasGupta (2001), Statistical Science 16:101: Jeffreys' interval.
    """
    held, samples = counted["held"], counted["samples"]
    low, high = (beta.ppf(end, held + 0.5, samples - held + 0.5) for end in (LOW, HIGH))
    starts = counted["start"]
    return pd.DataFrame(
        {
            "People in the sample": [f"{people:,}" for people in counted["people"]],
            "Tail taken to begin at": [
                start if start == "automatic" else f"{float(start):,.0f}" for start in starts
            ],
            "Samples": samples.to_list(),
            "Intervals that hold the truth, %": [
                values_text(100 * share, 100 * start, 100 * end, decimals=0)
                for share, start, end in zip(held / samples, low, high, strict=True)
            ],
            "Median error of minimum size, %": [
                f"{bias:+.0f}".replace("-", "−") for bias in counted["bias_percent"]
            ],
            "Missed without a warning": [
                f"{missed} of {number}"
                for missed, number in zip(counted["missed_unwarned"], samples, strict=True)
            ],
        }
    )
