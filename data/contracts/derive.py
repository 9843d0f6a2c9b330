"""Take up the terms of today's contracts, which were written by hand from their sources.

Run `python data/contracts/derive.py` after editing `contracts.csv` or `terms.csv`.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_file

FOLDER = Path(__file__).resolve().parent

TERMS = (
    "people",
    "ages",
    "scope",
    "share of savings",
    "share of losses",
    "cap on losses",
    "length",
    "start",
)
SIZES = ("people", "people_low", "people_high")


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Read the two tables again.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with both tables; None reads this one.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `contracts` and `terms`.
    """
    folder = raw or FOLDER
    contracts = pd.read_csv(require_file(folder, "contracts.csv"))
    contracts = contracts.astype(dict.fromkeys(SIZES, "Int64"))
    terms = pd.read_csv(require_file(folder, "terms.csv"))
    for contract in contracts["contract"]:
        found = tuple(terms.loc[terms["contract"] == contract, "term"])
        if found != TERMS:
            raise EvidenceError(f"terms.csv: {contract} has {found}, and needs {TERMS}.")
    silent = terms[terms["says"].isna() != (terms["status"] == "unknown")]
    if len(silent):
        first = silent.iloc[0]
        raise EvidenceError(
            f"terms.csv: {first['contract']}, {first['term']}: say what it says, or that it is "
            "unknown."
        )
    return {"contracts": contracts, "terms": terms}


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
