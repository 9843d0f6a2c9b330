"""Freeze the claims made by the source texts, and take in how each is tested.

Run `python data/claims/derive.py [RAW_FOLDER]`, where the folder holds `seed_claims.csv`. Every
table but `claims` is written by hand in this folder. Without a raw folder the frozen claims are
kept and only what is written by hand is taken in: that is how a test of a claim is added.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

FOLDER = Path(__file__).resolve().parent

BY_HAND: dict[str, dict[str, str]] = {
    "statements": {"suggestion": "Int64", "value": "float64", "low": "float64", "high": "float64"},
    "tests": {name: "float64" for name in ("scale", "tolerance", "low", "high")},
    "cutoffs": {"value": "float64"},
    "beside": {},
    "untested": {},
    "repeats": {},
    "disagreements": {},
    "answers": {"suggestion": "Int64"},
}
"""The tables that are written by hand, and the types of their columns that are not text."""

TITLES = {
    "000_addf97e361eb031b.txt": "Nuffield Trust (2011) web page of the Viewpoint",
    "001_2adb81160b69c0d5.txt": "Casalino LP (2011) GP commissioning in the NHS in England: ten "
    "suggestions from the United States. Nuffield Trust Viewpoint",
    "002_5e61597605c69a7f.txt": "Boxer P, Learning about clinical commissioning from the USA "
    "(commentary on the Viewpoint)",
    "003_bb95ee9de95dfba4.txt": "Nuffield Trust (2011) press release of 19 January",
    "004_db36bc5dd73cc735.txt": "Smith JA, Mays N (2012) GP led commissioning: time for a cool "
    "appraisal. BMJ 344:e980",
}
"""What each source text is, by the name under which the claims were gathered."""

COLUMNS = {
    "id": "id",
    "seed_file": "source_file",
    "suggestion_no": "suggestion",
    "claim_paraphrase": "claim",
    "value": "value",
    "low": "low",
    "high": "high",
    "unit": "unit",
    "page": "page",
}


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with `seed_claims.csv`; None keeps the frozen claims.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `claims`, and those written by hand.
    """
    numbers = ["value", "low", "high"]
    types = {"suggestion": "Int64", **dict.fromkeys(numbers, "float64")}
    claims = _read(FOLDER / "claims.csv") if raw is None else gathered(raw)
    by_hand = {name: _read(FOLDER / f"{name}.csv").astype(kinds) for name, kinds in BY_HAND.items()}
    return {"claims": claims.astype(types), **by_hand}


def gathered(raw: Path) -> pd.DataFrame:
    """Read the claims as they were gathered, and say which text each comes from.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with `seed_claims.csv`.

    Returns
    -------
    pandas.DataFrame
        One row a claim.
    """
    file = require_file(raw, "seed_claims.csv")
    claims = require_columns(_read(file), list(COLUMNS), file.name).rename(columns=COLUMNS)
    unknown = set(claims["source_file"]) - set(TITLES)
    if unknown:
        raise EvidenceError(f"{file.name}: no title for {sorted(unknown)[0]}. Add it to derive.py.")
    claims.insert(2, "source_title", claims["source_file"].map(TITLES))
    return claims


def _read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, keep_default_na=False, na_values=[""])


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
