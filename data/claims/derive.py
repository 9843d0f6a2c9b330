"""Freeze the ledger of claims made by the source texts.

Run `python data/claims/derive.py RAW_FOLDER`, where the folder holds `seed_claims.csv`.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

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
    """Make the one table of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with `seed_claims.csv`.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `claims`.
    """
    if raw is None:
        raise EvidenceError("Name the folder that holds seed_claims.csv.")
    file = require_file(raw, "seed_claims.csv")
    source = pd.read_csv(file, keep_default_na=False, na_values=[""])
    claims = require_columns(source, list(COLUMNS), file.name).rename(columns=COLUMNS)
    unknown = set(claims["source_file"]) - set(TITLES)
    if unknown:
        raise EvidenceError(f"{file.name}: no title for {sorted(unknown)[0]}. Add it to derive.py.")
    claims.insert(2, "source_title", claims["source_file"].map(TITLES))
    numbers = ["value", "low", "high"]
    types = {"suggestion": "Int64", **dict.fromkeys(numbers, "float64")}
    return {"claims": claims.astype(types)}


if __name__ == "__main__":
    main(__file__, derive)
