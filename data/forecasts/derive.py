"""Put what was published on each date into one table: `python data/forecasts/derive.py`.

`published/` holds the file that the site offered on the date in its name, byte for byte. A new
forecast is added as a new file; what is there never changes.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main

FOLDER = Path(__file__).resolve().parent / "published"

COLUMNS = ["made", "year", "group", "mean", "low", "high", "spread", "spread_low", "spread_high"]


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Read the published files.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with the files; None reads the one beside this script.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `forecasts`.
    """
    folder = raw or FOLDER
    files = sorted(folder.glob("????-??-??.json"))
    if not files:
        raise EvidenceError(f"No file named by a date is in the raw folder {folder}.")
    return {"forecasts": pd.concat([of_file(file) for file in files], ignore_index=True)}


def of_file(file: Path) -> pd.DataFrame:
    """Return one published file as rows, in its order.

    Parameters
    ----------
    file : pathlib.Path
        Named by the date on which it was published.

    Returns
    -------
    pandas.DataFrame
        One row a year and group.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    if content["made"] != file.stem:
        raise EvidenceError(f"{file.name} says that it was made on {content['made']}.")
    return pd.DataFrame(content["forecasts"]).assign(made=content["made"])[COLUMNS]


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
