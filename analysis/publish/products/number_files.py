"""Published numbers for machines: all in two files, two files for each, and what they hold.

A JSON schema says what every field means; the columns of the tables are described from it.
"""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import settings
from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report import provenance
from analysis.report.numbers import Record
from analysis.site.cards import CARDS_FOLDER

SCHEMA_FILE = "numbers.schema.json"
"""Name of the JSON schema, in this room and on the site."""

CSV_METADATA_FILE = "numbers.csv-metadata.json"
"""Name under which "CSV on the Web" (W3C, 2015, section 5.3) looks for the columns of a table."""

SCHEMA_VERSION = 1
"""Raised when a field is removed or changes its meaning."""

CSV_COLUMNS = (
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
"""Fields of a number that fit in one cell of a table."""


def number_files(finished: Finished) -> None:
    """Put every number into the site: together, one by one, and what their fields mean."""
    files = {
        "numbers.json": numbers_json(finished.records),
        "numbers.csv": numbers_csv(finished.records),
        SCHEMA_FILE: schema_text(),
        CSV_METADATA_FILE: csv_metadata(),
    }
    for id, record in finished.records.items():
        files[f"{CARDS_FOLDER}/{id}.json"] = numbers_json({id: record}, f"../{SCHEMA_FILE}")
        files[f"{CARDS_FOLDER}/{id}.csv"] = numbers_csv({id: record})
    for address, text in files.items():
        write_atomically(finished.site / address, text)


def numbers_json(records: Mapping[str, Record], schema: str = SCHEMA_FILE) -> str:
    """Return records as JSON, sorted by id: the same bytes from the same results.

    Parameters
    ----------
    schema : str
        Address of the schema, as seen from the file.
    """
    content = {
        "$schema": schema,
        "schema_version": SCHEMA_VERSION,
        "title": "Ten Suggestions, Tested: published numbers",
        "version": provenance.package_version(),
        "interval": settings.INTERVAL,
        "seed": settings.PROJECT_SEED,
        "numbers": [records[name].published() for name in sorted(records)],
    }
    return json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def numbers_csv(records: Mapping[str, Record]) -> str:
    """Return every record as one row of CSV, sorted by id; an empty cell is no value."""
    rows: list[dict[str, Any]] = [records[name].published() for name in sorted(records)]
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def schema_text() -> str:
    """Return the JSON schema (draft 7) of `numbers.json`, as published."""
    return (Path(__file__).parent / SCHEMA_FILE).read_text(encoding="utf-8")


def csv_metadata() -> str:
    """Return the columns of `numbers.csv` as "CSV on the Web" metadata.

    Types and meanings are those of the JSON schema, so the two files cannot disagree.
    """
    fields = json.loads(schema_text())["definitions"]["number"]["properties"]
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "numbers.csv",
        "dc:title": "Published numbers of Ten Suggestions, Tested",
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "tableSchema": {
            "primaryKey": "id",
            "columns": [_column(name, fields[name]) for name in CSV_COLUMNS],
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _column(name: str, field: dict[str, Any]) -> dict[str, Any]:
    # A field with a list of allowed values states no type: it is text.
    stated = field.get("type", "string")
    types = [stated] if isinstance(stated, str) else stated
    return {
        "name": name,
        "titles": name,
        "datatype": types[0],
        "required": "null" not in types,
        "dc:description": field["description"].replace("null", "an empty cell"),
    }
