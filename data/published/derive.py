"""Freeze the published figures, their roles, the savings thresholds and the assumptions.

Run `python data/published/derive.py [RAW_FOLDER]`. `roles.csv` and `assumptions.csv` are written by
hand in this folder. Without a raw folder the frozen figures are kept and only what is written by
hand is taken in: that is how an assumption is added.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

FOLDER = Path(__file__).resolve().parent

FIGURES = [
    *("id", "topic", "quantity", "value", "low", "high", "unit", "population", "year"),
    *("citation", "doi_or_url", "status", "read_at"),
]

THRESHOLDS = {
    "beneficiaries_low": "beneficiaries_low",
    "beneficiaries_high": "beneficiaries_high",
    "msr_low_end_pct": "minimum_savings_low_end_percent",
    "msr_high_end_pct": "minimum_savings_high_end_percent",
}

USABLE_STATUS = ("read", "computed", "derived")

FORBIDDEN = {
    "read in a weak source": "read in a weak source only",
    "read, abstract only": "only the abstract was read, and it gives no figure",
    "read; denominator not verified": "the denominator was not verified",
    "derived (uses confidence levels not seen in a source)": "rests on confidence levels that were "
    "not seen in a source",
}
"""Statuses that begin with an allowed word but carry a reservation that forbids use in a model."""

CAUTIONS = {"read in a secondary source": "read in a secondary source, not in the original"}
"""Statuses that may be used, with the reservation shown beside the number."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the four tables of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with `facts.csv` and `tables/mssp_msr_schedule.csv`; None keeps the frozen figures.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `facts`, `msr_schedule`, `assumptions`, `roles`.
    """
    roles = pd.read_csv(FOLDER / "roles.csv")
    figures = read_figures(FOLDER if raw is None else raw)
    figures = with_role(figures, roles)
    figures["usable_in_model"] = usable(figures)
    figures["caution"] = figures["status"].map(FORBIDDEN | CAUTIONS)
    return {
        "facts": figures,
        "msr_schedule": read_thresholds(raw),
        "assumptions": read_assumptions(FOLDER),
        "roles": roles,
    }


def read_figures(folder: Path) -> pd.DataFrame:
    """Read the published figures and check their statuses.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with `facts.csv`.

    Returns
    -------
    pandas.DataFrame
        One row a figure; `value`, `low`, `high` as numbers.
    """
    source = pd.read_csv(require_file(folder, "facts.csv"), keep_default_na=False, na_values=[""])
    figures = require_columns(source, FIGURES, "facts.csv").copy()
    repeated = figures.loc[figures["id"].duplicated(), "id"].tolist()
    if repeated:
        raise EvidenceError(f"facts.csv repeats the id {', '.join(repeated)}. Make each id unique.")
    unknown = set(figures.loc[~figures["status"].str.startswith(USABLE_STATUS), "status"])
    if unknown:
        raise EvidenceError(
            f"facts.csv has the status {sorted(unknown)}, which does not begin with read, computed "
            "or derived. Say in derive.py whether such a figure may enter a model."
        )
    return figures.astype({"value": float, "low": float, "high": float})


def with_role(figures: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Give every figure the role of the longest prefix of its id.

    Parameters
    ----------
    figures : pandas.DataFrame
        With column `id`.
    roles : pandas.DataFrame
        With columns `prefix` and `role`.

    Returns
    -------
    pandas.DataFrame
        The figures with a column `role`.
    """
    by_prefix = roles.set_index("prefix")["role"].to_dict()
    longest_first = sorted(by_prefix, key=len, reverse=True)
    chosen = [next((p for p in longest_first if id.startswith(p)), None) for id in figures["id"]]
    if None in chosen:
        lost = figures["id"].iloc[chosen.index(None)]
        raise EvidenceError(f"No prefix in roles.csv fits the figure {lost}. Add a row for it.")
    return figures.assign(role=[by_prefix[prefix] for prefix in chosen])


def usable(figures: pd.DataFrame) -> pd.Series:
    """Say which figures may enter a model.

    Parameters
    ----------
    figures : pandas.DataFrame
        With `status`, `value`, `low` and `high`.

    Returns
    -------
    pandas.Series
        True for a number that was read, computed or derived without a reservation.
    """
    has_number = figures[["value", "low", "high"]].notna().any(axis=1)
    return has_number & ~figures["status"].isin(list(FORBIDDEN))


def read_thresholds(raw: Path | None) -> pd.DataFrame:
    """Read the minimum savings rates by size.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with `tables/mssp_msr_schedule.csv`; None reads the frozen table.

    Returns
    -------
    pandas.DataFrame
        One row a size band.
    """
    if raw is None:
        source = pd.read_csv(FOLDER / "msr_schedule.csv")
    else:
        source = pd.read_csv(require_file(raw, "tables/mssp_msr_schedule.csv"))
        source = require_columns(source, list(THRESHOLDS), "mssp_msr_schedule.csv")
        source = source.rename(columns=THRESHOLDS)
    return source.astype({"beneficiaries_high": "Int64"})


def read_assumptions(folder: Path) -> pd.DataFrame:
    """Read the assumptions and check that each value lies in its range.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with `assumptions.csv`.

    Returns
    -------
    pandas.DataFrame
        One row an assumption.
    """
    numbers = ["value", "low", "high"]
    rows = pd.read_csv(require_file(folder, "assumptions.csv")).astype(
        dict.fromkeys(numbers, float)
    )
    outside = rows[~rows["value"].between(rows["low"], rows["high"])]
    if len(outside):
        first = outside.iloc[0]
        raise EvidenceError(
            f"assumptions.csv: {first['name']} has the value {first['value']:g} outside its range "
            f"{first['low']:g} to {first['high']:g}. Correct one of the three."
        )
    return rows


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
