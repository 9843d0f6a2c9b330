"""Take up the reasons that were written by hand, and check what is kept of each release.

Run `python data/releases/derive.py` after editing `reasons.csv`. A release itself is added by
`python -m analysis release`.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_file

FOLDER = Path(__file__).resolve().parent


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Read the two tables again.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with both tables; None reads this one.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `numbers` and `reasons`.
    """
    folder = raw or FOLDER
    numbers, reasons = (
        pd.read_csv(require_file(folder, f"{name}.csv"), dtype={"version": str})
        for name in ("numbers", "reasons")
    )
    twice = numbers[numbers.duplicated(["version", "id"])]
    if len(twice):
        first = twice.iloc[0]
        raise EvidenceError(f"numbers.csv has {first['id']} twice in version {first['version']}.")
    check_reasons(reasons, numbers)
    return {"numbers": numbers, "reasons": reasons}


def check_reasons(reasons: pd.DataFrame, numbers: pd.DataFrame) -> None:
    """Refuse a reason whose pattern fits no number of its released version or of an earlier one.

    Reasons for the version that is not released yet are checked once it is.

    Parameters
    ----------
    reasons, numbers : pandas.DataFrame
        The two tables.
    """
    known = list(numbers["id"].unique())
    for row in reasons.itertuples():
        released = row.version in set(numbers["version"])
        if released and not any(fnmatchcase(name, row.number) for name in known):
            raise EvidenceError(
                f"reasons.csv: {row.number!r} of version {row.version} fits no number of any "
                "release. Correct the pattern."
            )


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
