"""Derive the continuance tables of the Actuarial Value Calculator 2026 from the raw files.

Run `python data/av_2026/derive.py RAW_FOLDER`, where the folder holds one JSON file a metal tier.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file, to_significant_digits

TIERS = ("bronze", "silver", "gold", "platinum")
ROWS = 166

UP_TO, SHARE = "Up To", "Percent of Enrollees"
LIMITED, MEAN = "Avg. Cost per Enrollee (Max'd)", "Avg. Cost per Enrollee (Bucket)"

DIGITS = 9
"""Significant digits of the source."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the one table of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the files.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `continuance`.
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    tables = [read_tier(raw, tier).assign(tier=tier) for tier in TIERS]
    table = to_significant_digits(pd.concat(tables, ignore_index=True), DIGITS)
    return {"continuance": table[["tier", *table.columns.drop("tier")]]}


def read_tier(raw: Path, tier: str) -> pd.DataFrame:
    """Read the bins of one tier that have people, and check that they add up.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the files.
    tier : str
        One of `TIERS`.

    Returns
    -------
    pandas.DataFrame
        One row a bin, from no cost up.
    """
    file = require_file(raw, f"{tier}_combined.json")
    whole = pd.DataFrame(json.loads(file.read_text(encoding="utf-8"))["data"])
    if len(whole) != ROWS:
        raise EvidenceError(f"{file.name} has {len(whole)} rows, not {ROWS}: another extract.")
    columns = require_columns(whole, [UP_TO, SHARE, LIMITED, MEAN], file.name)
    # Above the costliest person bins are empty: "Unlimited" for their end, a dot for their mean.
    bins = columns[columns[SHARE] > 0].astype(float)
    high = bins[UP_TO].to_numpy()
    table = pd.DataFrame(
        {
            "cost_low_usd": np.r_[0.0, high[:-1]],
            "cost_high_usd": high,
            "share_of_people": bins[SHARE].to_numpy(),
            "mean_cost_usd": bins[MEAN].to_numpy(),
            "limited_mean_usd": bins[LIMITED].to_numpy(),
        }
    )
    _require_sums(table, file.name)
    return table


def _require_sums(table: pd.DataFrame, name: str) -> None:
    """Refuse bins whose shares and means do not give the mean of cost limited at their ends."""
    share, high = table["share_of_people"], table["cost_high_usd"]
    above = 1 - share.cumsum()
    limited = (share * table["mean_cost_usd"]).cumsum() + high * above
    if abs(share.sum() - 1) > 1e-8 or not np.allclose(limited, table["limited_mean_usd"], 1e-6):
        raise EvidenceError(f"{name}: its bins do not add up. Use the release named in README.md.")


if __name__ == "__main__":
    main(__file__, derive)
