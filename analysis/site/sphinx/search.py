"""What the site's own search finds beside the words of pages: every number and every claim.

Sphinx's index keeps, beside words, the names of objects and where each is. Here the objects are the
numbers, by label and id, and the claims, by name and text. Terms are in it through the glossary.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType

from analysis.report.claims.ledger import read_ledger
from analysis.report.numbers import Record, read_records
from analysis.site.sphinx.claims import CLAIMS_PAGE
from analysis.site.sphinx.staged import NUMBERS_PAGE, numbers_folder

Entry = tuple[str, str, str, str, str, int]
"""Name, what is shown, kind, page, anchor and priority.

The name differs from the anchor: Sphinx would leave out an anchor that is the same.
"""

AFTER_TITLES = 1
"""Priority of what stands after pages with the words in their titles, and before other pages."""


def number_entries(records: Mapping[str, Record]) -> Iterator[Entry]:
    """Yield what the search knows of each number."""
    for record in records.values():
        text = f"{record.label} · {record.id}"
        yield f"number {record.id}", text, "number", NUMBERS_PAGE, record.id, AFTER_TITLES


def claim_entries(records: Mapping[str, Record]) -> Iterator[Entry]:
    """Yield what the search knows of each claim; the numbers are needed to judge them."""
    for row in read_ledger(records).rows:
        text = f"{row.id} · {row.claim}"
        yield f"claim {row.id}", text, "claim", CLAIMS_PAGE, row.id, AFTER_TITLES


class RecordDomain(Domain):
    """The numbers and claims of the book, as objects that a search can find."""

    name = "record"
    label = "Records"
    object_types = {  # noqa: RUF012 - an instance variable to mypy, set once by Sphinx's own domains
        "number": ObjType("number"),
        "claim": ObjType("claim"),
    }

    def get_objects(self) -> Iterator[Entry]:
        """Yield the entries of the pages that this book has."""
        records = read_records(numbers_folder(self.env))
        pages = self.env.found_docs
        if NUMBERS_PAGE in pages:
            yield from number_entries(records)
        if CLAIMS_PAGE in pages:
            yield from claim_entries(records)

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """Return what a result calls such an object: a number, a claim."""
        return type.lname

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:  # noqa: ANN401 - Sphinx's
        """Keep nothing: the staged records hold everything."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the objects with Sphinx."""
    app.add_domain(RecordDomain)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
