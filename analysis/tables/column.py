"""One column of a table of people, summed up."""

from dataclasses import dataclass

FEW_LEVELS = 12
"""Columns with at most so many different values are shown value by value."""

CODES = (-1, -7, -8, -9, -15, -77, -88, -99, -999, -9999)
"""Numbers by which surveys say that something was not asked, not known or not answered."""

QUANTILES = (0.5, 0.8, 0.95, 0.99)


@dataclass(frozen=True)
class Column:
    """One column, summed up.

    Attributes
    ----------
    name, kind : str
        Kind: ``number``, ``text``, ``date``, ``boolean`` or ``other``.
    rows, missing, distinct : int
        Missing counts empty text too; distinct is approximate.
    numbers : int
        Rows that can be read as a number.
    zeros, negatives, whole, not_finite : int
        Of those; whole numbers; infinite or not a number.
    codes : int
        Of the numbers, those of `CODES`.
    bands, dates, money : int
        Rows of text that look like age bands, dates, or amounts written for people.
    day_first, month_first, year_first : int
        Dates that can only be read with the day, the month or the year first.
    least, most, mean : float or None
        Of the finite numbers.
    quantiles : tuple of float
        Of the numbers, at `QUANTILES`, approximate; empty where the engine cannot say.
    levels : tuple of (str, int)
        Values and their rows, where there are at most `FEW_LEVELS`.
    """

    name: str
    kind: str
    rows: int
    missing: int
    distinct: int
    numbers: int = 0
    zeros: int = 0
    negatives: int = 0
    whole: int = 0
    not_finite: int = 0
    codes: int = 0
    bands: int = 0
    dates: int = 0
    money: int = 0
    day_first: int = 0
    month_first: int = 0
    year_first: int = 0
    least: float | None = None
    most: float | None = None
    mean: float | None = None
    quantiles: tuple[float, ...] = ()
    levels: tuple[tuple[str, int], ...] = ()

    @property
    def filled(self) -> int:
        """Rows that are not missing."""
        return self.rows - self.missing

    @property
    def number_share(self) -> float:
        """Share of filled rows that can be read as a number."""
        return self.numbers / self.filled if self.filled else 0.0
