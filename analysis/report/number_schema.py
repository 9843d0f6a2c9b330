"""What the files of published numbers hold: their JSON schema, and the columns of their tables."""

import json
from pathlib import Path
from typing import Any

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


def schema_text() -> str:
    """Return the JSON schema (draft 7) of `numbers.json`, as published."""
    return (Path(__file__).parent / SCHEMA_FILE).read_text(encoding="utf-8")


def csv_metadata() -> str:
    """Return the columns of `numbers.csv` as "CSV on the Web" metadata.

    Types and meanings are those of the JSON schema, so the two files cannot disagree.

    Returns
    -------
    str
        JSON.
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
    told = field.get("type", "string")
    types = [told] if isinstance(told, str) else told
    return {
        "name": name,
        "titles": name,
        "datatype": types[0],
        "required": "null" not in types,
        "dc:description": field["description"].replace("null", "an empty cell"),
    }
