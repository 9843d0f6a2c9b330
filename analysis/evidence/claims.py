"""What the Viewpoint and the texts around it claim."""

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError

VIEWPOINT = "001_2adb81160b69c0d5.txt"
"""Name under which the Viewpoint itself was read."""


def claims(suggestion: int | None = None) -> pd.DataFrame:
    """Return the quantitative claims of the source texts, in other words, of all or one suggestion.

    Columns: `id`, `source_file`, `source_title`, `suggestion` (1 to 10; missing: none of the ten),
    `claim`, `value`, `low`, `high` (in the unit of each row), `unit`, `page`.

    Examples
    --------
    >>> float(claims(7)["low"].max())
    100000.0
    """
    rows = catalogue.table("claims", "claims")
    if suggestion is None:
        return rows
    if suggestion not in range(1, 11):
        raise EvidenceError(f"There is no suggestion {suggestion}. They are numbered 1 to 10.")
    return rows[rows["suggestion"] == suggestion].reset_index(drop=True)


def stated_claims() -> pd.DataFrame:
    """Return every claim that the ledger judges: those of the texts, then the central statements.

    The central statements are what a suggestion says at its centre where none of the gathered
    claims says it; they were read from the Viewpoint. Columns are those of `claims`, without
    `source_file`.
    """
    gathered = claims()
    viewpoint = gathered.loc[gathered["source_file"] == VIEWPOINT, "source_title"].iloc[0]
    statements = catalogue.table("claims", "statements").assign(source_title=viewpoint)
    columns = gathered.columns.drop("source_file")
    return pd.concat([gathered[columns], statements[columns]], ignore_index=True)
