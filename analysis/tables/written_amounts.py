"""Amounts as people write them: decimal commas, marks for thousands, a sign of currency.

A column is read in one of these ways only where every amount in it agrees with the way, so that
nothing is guessed from a part. A column that can be read as plain numbers is: 1.234 is little more
than 1, wherever it stands alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from analysis.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

SIGNS = r"£$€¥"
CODES = r"EUR|USD|GBP|CHF|AUD|CAD|DKK|NOK|SEK"
MARKS = {",": "commas", ".": "points", " ": "spaces", "\u00a0": "spaces", "\u202f": "spaces"} | {
    "'": "apostrophes",
    "’": "apostrophes",
}
"""Marks between thousands, and what they are called."""

EXAMPLE = re.compile(
    rf"\s*[-+]?\s*(?P<before>[{SIGNS}]|{CODES})?\s*[-+]?(?P<digits>\d[\d.,'’ \u00a0\u202f]*?)"
    rf"\s*(?P<after>[{SIGNS}]|{CODES})?\s*"
)


DECIMAL_COMMA = (
    r"(^|[^\d,.'])0,\d|\d{4},\d|,\d{1,2}([^\d,]|$)|,\d{4}|[.'’ \x{00a0}\x{202f}]\d{3},\d"
)
"""A comma before decimals, whatever else the column holds: 0,5 or 12,50 or 1.234,567."""


@dataclass(frozen=True)
class Writing:
    """One way to write amounts.

    Attributes
    ----------
    decimal : str
        Mark before the decimals: a point or a comma.
    thousands : str
        Mark between thousands, in every amount of a thousand or more; empty: in none.
    currency : str
        Sign or code in every amount but 0; empty: in none.
    """

    decimal: str
    thousands: str
    currency: str

    def pattern(self) -> str:
        """Return the regular expression of an amount that is written like this."""
        mark, point = re.escape(self.thousands), re.escape(self.decimal)
        whole = rf"\d{{1,3}}(?:{mark}\d{{3}})*" if mark else r"\d+"
        number = rf"{whole}(?:{point}\d+)?"
        if not self.currency:
            return rf"^\s*[-+]?{number}\s*$"
        sign = re.escape(self.currency)
        zero = rf"0(?:{point}0+)?"
        return rf"^\s*(?:{zero}|[-+]?{sign}\s*[-+]?{number}|[-+]?{number}\s*{sign})\s*$"

    def read(self, column: "ir.StringColumn") -> "ir.FloatingColumn":
        """Return a column of text, all of it written like this, as numbers."""
        bare = column.replace(self.currency, "") if self.currency else column
        for space in (" ", "\u00a0", "\u202f"):
            bare = bare.replace(space, "")
        bare = bare.replace(self.thousands, "") if self.thousands else bare
        return bare.replace(self.decimal, ".").strip().nullif("").cast("float64")

    def words(self) -> str:
        """Return what is read, in words: ``decimal commas, points between thousands``."""
        parts = ["decimal commas"] if self.decimal == "," else []
        parts += [f"{MARKS[self.thousands]} between thousands"] if self.thousands else []
        return ", ".join(parts + ([self.currency] if self.currency else []))


def written_amounts(people: "ir.Table", columns: Sequence[str]) -> dict[str, Writing]:
    """Return how the amounts of columns of text are written, where that is not as plain numbers.

    Returns
    -------
    dict of str to Writing
        Only columns all of whose amounts agree with one way; others are left to fail.

    Raises
    ------
    InputError
        If all amounts of a column can be read in two ways, as thousands and as decimals.
    """
    texts = [name for name in columns if name in people.columns and people[name].type().is_string()]
    if not texts:
        return {}
    odd = {name: _is_filled(people[name]) & ~_is_plain(people[name]) for name in texts}
    counted = people.aggregate(**{f"odd_{n}": odd[name].sum() for n, name in enumerate(texts)})
    sums = counted.execute().iloc[0].fillna(0)
    found = {}
    for index, name in enumerate(texts):
        if sums[f"odd_{index}"]:
            # The longest has the most marks, which tell most.
            longest = people.filter(odd[name]).order_by(people[name].length().desc(), name)
            example = longest.select(name).limit(1).execute()[name].iloc[0]
            if writing := _agreed(people, name, str(example)):
                found[name] = writing
    return found


def _is_filled(column: "ir.Column") -> "ir.BooleanValue":
    return (column.strip() != "").fill_null(False)


def _is_plain(column: "ir.Column") -> "ir.BooleanValue":
    # DuckDB reads 1_000 as a thousand; nobody writes amounts so.
    return column.try_cast("float64").notnull() & ~column.contains("_")


def _agreed(people: "ir.Table", name: str, example: str) -> Writing | None:
    """The one way of writing that the example allows and every amount follows."""
    ways = _ways(example)
    if not ways:
        return None
    column = people[name]
    wrong = {
        f"way_{number}": (_is_filled(column) & ~column.re_search(way.pattern())).sum()
        for number, way in enumerate(ways)
    }
    sums = people.aggregate(**wrong).execute().iloc[0]
    agreed = [way for number, way in enumerate(ways) if not sums[f"way_{number}"]]
    if len(agreed) > 1 and _differ(people, name, agreed):
        raise InputError(
            f"column {name}: {example!r} may be thousands or a decimal comma, and no other amount "
            "in the column says which; write amounts as plain numbers with a decimal point"
        )
    if not agreed or (agreed[0].decimal == "," and not _surely_decimal(column)):
        return None
    return agreed[0]


def _surely_decimal(column: "ir.StringColumn") -> bool:
    """Whether some comma in a column can only stand before decimals, and not between thousands."""
    seen = column.re_search(DECIMAL_COMMA).any()
    return bool(seen.as_table().execute().iloc[0, 0])


def _differ(people: "ir.Table", name: str, ways: Sequence[Writing]) -> bool:
    """Whether ways that all amounts agree with make other amounts of them."""
    totals = people.aggregate(
        **{f"n{n}": way.read(people[name]).sum() for n, way in enumerate(ways)}
    )
    return bool(totals.execute().iloc[0].nunique() > 1)


def _ways(example: str) -> list[Writing]:
    """Ways in which an amount that is no plain number may have been written, simplest first."""
    match = EXAMPLE.fullmatch(example)
    if not match or (match["before"] and match["after"]):
        return []
    currency = match["before"] or match["after"] or ""
    used = [mark for mark in MARKS if mark in match["digits"]]
    ways = [
        Writing(decimal, thousands, currency)
        for decimal, thousands in product(".,", ["", *MARKS])
        if decimal != thousands
    ]
    likely = [way for way in ways if all(m in (way.decimal, way.thousands) for m in used)]
    return [way for way in likely if re.match(way.pattern(), example)]
