"""The terms of today's contracts as a reader sees them."""

import pandas as pd

from analysis.evidence.contracts import UNKNOWN, contracts, terms


def terms_table(system: str) -> pd.DataFrame:
    """Return the terms of one health service's contracts, a row a contract and term.

    Parameters
    ----------
    system : {"England", "United States"}

    Returns
    -------
    DataFrame
        Columns ``Contract``, ``Term``, ``What it says``, ``Source`` with its status.
    """
    names = contracts().query("system == @system")["name"]
    rows = terms().query("contract in @names.index")
    said = rows["says"].fillna(UNKNOWN)
    source = [
        f"{citation} ({status})" if status != UNKNOWN else citation
        for citation, status in zip(rows["citation"].fillna(""), rows["status"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Contract": rows["contract"].map(names).to_numpy(),
            "Term": rows["term"].str.capitalize().to_numpy(),
            "What it says": said.to_numpy(),
            "Source": source,
        }
    )
