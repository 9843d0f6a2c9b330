"""Every assumption that has a value, a range and a source, and the numbers it stands behind.

The table of assumptions says for which chapter each row was made, not which numbers rest on it. So
a number is linked to the rows of its suggestion (or of its chapter, for the foundations), and to a
row that its own assumptions name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.evidence.assumptions import Assumption
from analysis.report import formatting
from analysis.report.numbers import Record
from analysis.site.templates import filled

NUMBERS_FILE = "numbers.html"
"""The page of all numbers, as seen from the page of assumptions."""

_SUGGESTION = re.compile(r"s(\d\d)")


def exact_digits(value: float) -> str:
    """Return a value as it stands in the table, with thousands separators."""
    return formatting.digits(value, formatting.UNITS["none"], 0)


def range_text(row: Assumption) -> str:
    """Return the range of an assumption, as `0.02–0.1`."""
    return formatting.ends_text((row.low, row.high), formatting.UNITS["none"], (0, 0))


def amount(row: Assumption) -> str:
    """Return the value, range and unit of an assumption, as `0.05 (0.02–0.1) probability`."""
    return f"{exact_digits(row.value)} ({range_text(row)}) {row.unit}"


def groups(row: Assumption) -> list[str]:
    """Return what the row is read for: `s07`, or the name of a foundation's chapter."""
    return [name.strip() for name in row.used_by.split(";")]


def group_of(record: Record) -> str:
    """Return the group of assumptions that stand behind a number."""
    return f"s{record.suggestion:02d}" if record.suggestion else record.page.rpartition("/")[2]


def group_anchor(group: str) -> str:
    """Return the address of a group, on the page of assumptions and on that of numbers."""
    suggestion = _SUGGESTION.fullmatch(group)
    return f"suggestion-{int(suggestion[1])}" if suggestion else group


def group_title(group: str) -> str:
    """Return a group's heading, as `Suggestion 7` or `Lasting differences`."""
    return group_anchor(group).replace("-", " ").capitalize()


def named_in(sentences: Iterable[str], rows: Iterable[Assumption]) -> list[Assumption]:
    """Return the assumptions whose whole names occur in what a record assumes, in their order."""
    words = set(re.findall(r"\w+", " ".join(sentences)))
    return [row for row in rows if row.name in words]


def grouped(rows: Iterable[Assumption]) -> dict[str, list[Assumption]]:
    """Return the assumptions by group: suggestions in order, then chapters.

    A row that is read for two groups stands under the first.
    """
    by_group: dict[str, list[Assumption]] = {}
    for row in rows:
        by_group.setdefault(groups(row)[0], []).append(row)
    return dict(
        sorted(by_group.items(), key=lambda item: (not _SUGGESTION.fullmatch(item[0]), item))
    )


def assumptions_html(
    rows: Iterable[Assumption], records: Mapping[str, Record], pages: Mapping[str, str]
) -> str:
    """Return assumptions as HTML articles, each at the address of its name.

    Parameters
    ----------
    records : mapping of str to Record
        Every number, by id.
    pages : mapping of str to str
        Address of the cards of each chapter, by the chapter's name, and of other pages by theirs.
    """
    fields = [_fields(row, records, pages) for row in rows]
    return filled("assumptions", rows=fields, numbers=NUMBERS_FILE)


def _fields(
    row: Assumption, records: Mapping[str, Record], pages: Mapping[str, str]
) -> dict[str, Any]:
    group_of_each = [group_of(record) for record in records.values()]
    return {
        **vars(row),
        # Where the table gives a digital object identifier, not an address.
        "source_url": re.sub(r"^(?=10\.\d)", "https://doi.org/", row.source_url),
        "justification": row.justification.rstrip("."),
        "value": exact_digits(row.value),
        "range": range_text(row),
        "read_for": [
            {
                "title": group_title(group),
                "address": _address(group, pages),
                "count": group_of_each.count(group),
            }
            for group in groups(row)
        ],
        "named_by": [r.id for r in records.values() if named_in(r.assumptions, [row])],
    }


def _address(group: str, pages: Mapping[str, str]) -> str:
    """Return where the numbers of a group stand: a suggestion may have several chapters."""
    if _SUGGESTION.fullmatch(group):
        return f"{NUMBERS_FILE}#{group_anchor(group)}"
    return pages.get(group, NUMBERS_FILE)
