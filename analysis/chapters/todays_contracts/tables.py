"""The terms of today's contracts as a reader sees them."""

import pandas as pd

from analysis.evidence.contracts import UNKNOWN, contracts, terms

GLANCE = ("people", "share of savings", "share of losses", "length")
"""Terms that decide what a suggestion can say."""


def at_a_glance() -> pd.DataFrame:
    """Return a row a contract: its name and its main terms, unknown ones said to be so."""
    rows = terms()
    said = rows.assign(says=rows["says"].fillna(UNKNOWN))
    wide = said.pivot(index="contract", columns="term", values="says")  # noqa: PD010
    names = contracts()["name"]
    shown = wide.loc[names.index, list(GLANCE)].rename(columns=str.capitalize)
    shown.insert(0, "Contract", names)
    return shown.reset_index(drop=True)


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
        f"{citation} ({status})" if status != UNKNOWN else _looked_for(citation)
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


def _looked_for(citation: str) -> str:
    """Return where an unknown term was looked for; nothing where no source comes near it."""
    return f"Looked for: {citation}" if citation else ""
