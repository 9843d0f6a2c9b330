"""Continuance tables of the US Actuarial Value Calculator 2026: how costs are spread today.

Members of individual and small-group plans of the United States, hardly anybody over 64. The
costliest are cut, so nothing above `PLAIN_UP_TO_USD` is to be read from them.
"""

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError

TIERS = ("bronze", "silver", "gold", "platinum")
"""Metal tiers, from plans that pay 60% of a standard population's cost to those that pay 90%."""

PLAIN_UP_TO_USD = 100_000
"""Bins up to this cost hold those who cost so much; higher costs were moved down into the last."""


def continuance(tier: str) -> pd.DataFrame:
    """Return the distribution of annual allowed cost of the members of one tier, by bin.

    Columns: `cost_low_usd`, `cost_high_usd`, `share_of_people` (adds up to 1), `mean_cost_usd` (of
    the bin), `limited_mean_usd` (of all members, each cost cut at the upper end of the bin).

    Parameters
    ----------
    tier : str
        One of `TIERS`.

    Raises
    ------
    EvidenceError
        When there is no such tier.

    Examples
    --------
    >>> round(float(continuance("silver")["share_of_people"].sum()), 6)
    1.0
    """
    if tier not in TIERS:
        raise EvidenceError(f"tier {tier!r}: give one of {', '.join(TIERS)}")
    table = catalogue.table("av_2026", "continuance")
    return table[table["tier"] == tier].drop(columns="tier").reset_index(drop=True)
