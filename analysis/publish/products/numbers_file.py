"""Published numbers for machines: all of them in two files, and two files for each."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis import settings
from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report import provenance
from analysis.report.number_schema import (
    CSV_COLUMNS,
    CSV_METADATA_FILE,
    SCHEMA_FILE,
    SCHEMA_VERSION,
    csv_metadata,
    schema_text,
)
from analysis.report.numbers import Record
from analysis.site.cards import CARDS_FOLDER


def numbers_json(records: Mapping[str, Record], schema: str = SCHEMA_FILE) -> str:
    """Return records as JSON, sorted by id: the same bytes from the same results.

    Parameters
    ----------
    records : mapping of str to Record
        By id.
    schema : str
        Address of the schema, as seen from the file.

    Returns
    -------
    str
    """
    content = {
        "$schema": schema,
        "schema_version": SCHEMA_VERSION,
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
    writer = csv.DictWriter(out, CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def number_files(finished: "Finished") -> None:
    """Put every number into the site: together, one by one, and what their fields mean."""
    files = {
        "numbers.json": numbers_json(finished.records),
        "numbers.csv": numbers_csv(finished.records),
        SCHEMA_FILE: schema_text(),
        CSV_METADATA_FILE: csv_metadata(),
    }
    for name, record in finished.records.items():
        one = {name: record}
        files[f"{CARDS_FOLDER}/{name}.json"] = numbers_json(one, f"../{SCHEMA_FILE}")
        files[f"{CARDS_FOLDER}/{name}.csv"] = numbers_csv(one)
    for place, text in files.items():
        write_atomically(finished.site / place, text)
