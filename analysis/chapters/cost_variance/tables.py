"""What the chapter's figures and tables list: k and chance by source, size and assumption."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.evidence.assumptions import Assumption
from analysis.intervals import interval_columns
from analysis.report.draws_text import interval_text, rounded_text, values_text

ENDS = ("low", "high")


def k_rows(draws: Mapping[str, ArrayLike], heading: str) -> pd.DataFrame:
    """Return ``value``, ``low`` and ``high`` of k, a row for each entry, named by `heading`."""
    return pd.DataFrame(
        [
            {heading: name, **interval_columns("value", k, axis=None, ends=ENDS)}
            for name, k in draws.items()
        ]
    )


def chance_by_size(k_of: Mapping[str, ArrayLike], people: np.ndarray) -> pd.DataFrame:
    """Return the standard deviation of a pool's cost from chance, percent of its mean, by size."""
    return pd.concat(
        pd.DataFrame(
            {
                "whose": whose,
                "people": people,
                **{
                    name: 100 * end / np.sqrt(people)
                    for name, end in interval_columns("percent", k, axis=None, ends=ENDS).items()
                },
            }
        )
        for whose, k in k_of.items()
    )


def bias_text(bias: Assumption | None) -> str:
    """Return what a source measured over what is wanted, with its range."""
    return "none" if bias is None else values_text(bias.value, bias.low, bias.high, exact=True)


def short_citation(citation: str) -> str:
    """Return the first author and the year: ``Dixon and others (2011)``."""
    author = citation.split(".")[0].split(" (")[0].split(",")[0]
    if "(" not in citation:
        return author
    return f"{author} and others {citation[citation.find('(') : citation.find(')') + 1]}"


def moment_texts(
    samples: Sequence[float], fitted: np.ndarray, digits: int, decimals: int | None = None
) -> list[str]:
    """Return a moment of some samples, and of the fit by draw."""
    seen = [rounded_text(float(moment), digits=digits) for moment in samples]
    return [*seen, interval_text(np.ravel(fitted), decimals=decimals)]
