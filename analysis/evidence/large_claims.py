"""Large medical claims of 1991: the tail of annual cost."""

import pandas as pd

from analysis.evidence import catalogue

THRESHOLD_USD = 25_000
"""Smallest cost in the data, in US dollars of 1991."""


def large_claims() -> pd.DataFrame:
    """Return annual claims over 25,000 US dollars in 1991, by bin of cost.

    The number of people covered is not known, so these say how large a large claim is, not how
    often one happens. Columns: `cost_low_usd`, `cost_high_usd` (US dollars of 1991; missing in the
    open last bin), `n_claims`, `n_claims_from_low_up`, `cost_usd_sum`, `cost_usd_square_sum`,
    `log_cost_sum`, `log_cost_square_sum`.

    References
    ----------
    Grazier KL, G'Sell Associates (1997) Group Medical Insurance Large Claims Database Collection
    and Analysis. SOA Monograph M-HB97-1.

    Examples
    --------
    >>> int(large_claims()["n_claims"].sum())
    75789
    """
    return catalogue.table("soa_1991", "exceedances")
