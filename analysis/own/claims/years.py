"""The year that a day belongs to, where a year may begin in another month than January."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.dates import as_text

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from analysis.own.claims.opening import OpenTable


@dataclass(frozen=True)
class Years:
    """Years of claims and cover.

    Attributes
    ----------
    wanted : tuple of int
        The years to write; none for all that there are.
    first_month : int
        Month in which a year begins, 1 to 12; the year is that of its first day.
    """

    wanted: tuple[int, ...] = ()
    first_month: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:
            raise InputError(f"--first-month {self.first_month}: give 1 to 12")
        if strange := [year for year in self.wanted if not 1900 <= year <= 2100]:
            raise InputError(f"--year {strange[0]}: give a year such as 2024")

    def only(self, told: int | None = None) -> int:
        """Return the one year of a table without a column of years, told by it or wanted.

        Raises
        ------
        InputError
            If there is none, or several.
        """
        years = {*self.wanted, *([] if told is None else [told])}
        if len(years) != 1:
            raise InputError("no column tells the year of the costs; give one --year 2024")
        return years.pop()

    def year_of(self, day: "ir.DateValue") -> "ir.IntegerValue":
        """Return the year that a day belongs to."""
        year = day.year().cast("int64")
        if self.first_month == 1:
            return year
        return year - (day.month() < self.first_month).cast("int64")

    def first_day(self, year: "ir.IntegerValue") -> "ir.DateValue":
        """Return the first day of a year."""
        import ibis

        return ibis.date(year.cast("int32"), self.first_month, 1)


def told_year(table: "OpenTable", how: Years) -> "ir.IntegerValue":
    """Return the year of each row of a table without days: its column, or the only year.

    Raises
    ------
    InputError
        If no column tells it, nor the names of others, and not one year is wanted.
    """
    import ibis

    if table.has("year"):
        return as_text(table.source.table, table.column("year")).cast("int64")
    return ibis.literal(how.only(table.known.year), "int64")
