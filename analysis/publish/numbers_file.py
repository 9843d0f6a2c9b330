"""All published numbers in one file, for machines: `numbers.json` and `numbers.csv`."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis import settings
from analysis.report import provenance
from analysis.report.numbers import Record

COLUMNS = (
    "id",
    "label",
    "value",
    "low",
    "high",
    "interval",
    "unit",
    "text",
    "estimand",
    "grade",
    "suggestion",
    "page",
    "anchor",
    "mcse",
    "mcse_low",
    "mcse_high",
    "version",
)
"""Fields of a record that fit in one cell of a table."""


def numbers_json(records: Mapping[str, Record]) -> str:
    """Return every record as JSON, sorted by id: the same bytes from the same results.

    Parameters
    ----------
    records : mapping of str to Record
        By id.

    Returns
    -------
    str
    """
    content = {
        "title": "Ten Suggestions, Tested: published numbers",
        "version": provenance.package_version(),
        "interval": settings.INTERVAL,
        "seed": settings.PROJECT_SEED,
        "numbers": [asdict(records[name]) for name in sorted(records)],
    }
    return json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def numbers_csv(records: Mapping[str, Record]) -> str:
    """Return every record as one row of CSV, sorted by id; an empty cell is no value."""
    rows: list[dict[str, Any]] = [asdict(records[name]) for name in sorted(records)]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
