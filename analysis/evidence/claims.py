"""What the Viewpoint and the texts around it claim."""

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError


def claims(suggestion: int | None = None) -> pd.DataFrame:
    """Quantitative claims of the source texts, in other words.

    Parameters
    ----------
    suggestion : int, optional
        Keep the claims of one suggestion, 1 to 10.

    Returns
    -------
    pandas.DataFrame
        `id`, `source_file`, `source_title`, `suggestion` (missing: none of the ten), `claim`,
        `value`, `low`, `high` (in the unit of each row), `unit`, `page`.

    Raises
    ------
    EvidenceError
        If the number is not one of the ten.

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
