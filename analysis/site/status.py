"""The status page: how each notebook ran at the last build, and on which code and data."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

COLUMNS = {
    "notebook": "Notebook",
    "result": "Result",
    "seconds": "Run time",
    "cells": "Code cells",
    "numbers": "Numbers",
    "sampling": "Sampling",
    "code": "Code",
    "data": "Data",
}
"""Fields of a status row, and their headings."""


def status_html(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of notebooks, in a container that scrolls and takes the keyboard's focus.

    Parameters
    ----------
    rows : sequence of mapping
        One for each notebook, with the fields of `COLUMNS`; `data` maps package to digest.
    """
    head = "".join(f'<th scope="col">{heading}</th>' for heading in COLUMNS.values())
    body = "".join(_row(row) for row in rows)
    label = "How each notebook ran"
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="status" aria-label="{label}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: Mapping[str, Any]) -> str:
    texts = {
        **row,
        "seconds": f"{row['seconds']:.0f} s",
        "data": ", ".join(f"{name} {digest[:16]}" for name, digest in row["data"].items()) or "–",
    }
    first, *rest = (escape(str(texts[field])) for field in COLUMNS)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{c}</td>" for c in rest) + "</tr>"
