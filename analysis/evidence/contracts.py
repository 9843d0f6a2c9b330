"""Today's contracts by which organisations of doctors and trusts hold a budget, and their terms."""

import pandas as pd

from analysis.evidence import catalogue

UNKNOWN = "unknown"
"""Status of a term that was found nowhere."""


def contracts() -> pd.DataFrame:
    """Return the contracts, indexed by ``contract``.

    Columns: `name`, `short_name`, `system`, `people` (size at which numbers are computed; missing
    where organisations are taken as they are), `people_low` and `people_high` (sizes that the
    contract names), `in_one_sentence`.
    """
    return catalogue.table("contracts", "contracts").set_index("contract")


def terms() -> pd.DataFrame:
    """Return what each contract says of people, ages, scope, shares, cap, length and start.

    Columns: `contract`, `term`, `says` (missing where it is unknown), `status`, `citation`, `url`,
    `read_at`.
    """
    return catalogue.table("contracts", "terms")
