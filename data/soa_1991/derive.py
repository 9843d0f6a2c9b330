"""Derive binned sums of the large claims of 1991 from the raw file, which is not kept here.

Run `python data/soa_1991/derive.py RAW_FOLDER`, where the folder holds `soa.RData`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadr

from analysis.evidence.binning import binned_sums, log_edges
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

THRESHOLD_USD = 25_000
CLAIMS = 75_789
BINS_PER_DECADE = 100
MINIMUM_BIN = 5


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the one table of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with `soa.RData`.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `exceedances`.
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    cost = read_claims(raw)
    edges = log_edges(THRESHOLD_USD, cost.max(), BINS_PER_DECADE)
    log_cost = np.log(cost)
    terms = {
        "cost_usd_sum": cost,
        "cost_usd_square_sum": cost**2,
        "log_cost_sum": log_cost,
        "log_cost_square_sum": log_cost**2,
    }
    table = binned_sums(cost, edges, terms, MINIMUM_BIN)
    table = table.rename(columns={"low": "cost_low_usd", "high": "cost_high_usd", "n": "n_claims"})
    from_the_top = table["n_claims"][::-1].cumsum()[::-1]
    table.insert(3, "n_claims_from_low_up", from_the_top)
    return {"exceedances": table}


def read_claims(raw: Path) -> pd.Series:
    """Read the costs and check that they are the release the book was written with.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with `soa.RData`.

    Returns
    -------
    pandas.Series
        75,789 costs in US dollars, each at least 25,000.
    """
    table = pyreadr.read_r(require_file(raw, "soa.RData"))["soa"]
    cost = require_columns(table, ["size"], "soa.RData")["size"]
    if len(cost) != CLAIMS or cost.min() < THRESHOLD_USD:
        raise EvidenceError(
            f"soa.RData holds {len(cost)} claims from {cost.min():g} dollars up, not {CLAIMS} "
            f"from {THRESHOLD_USD}. Use the release named in README.md."
        )
    return cost


if __name__ == "__main__":
    main(__file__, derive)
