"""Numbers as groups: ages in bands, last year's cost in ranges, inside the engine that holds them.

A factor of a cell has to have few levels. An age in years has a hundred, an amount of money
millions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.tables.checks import check_columns, unreadable_amount
from analysis.tables.column_roles import OLDEST, is_named
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

AGE_BANDS: dict[int, tuple[float, ...]] = {
    100_000: tuple(range(0, 90, 5)),
    10_000: (0, 5, 15, 25, 35, 45, 55, 65, 75, 85),
    0: (0, 18, 45, 65, 75),
}
"""Lower ends of automatic age bands, by the fewest people they are for."""

FEWEST_AGES = 20
"""A column of ages with more different values than this is put into bands."""

MOST_BANDS = 200


@dataclass(frozen=True)
class Bands:
    """How a column of numbers is grouped.

    Attributes
    ----------
    edges : tuple of float
        Lower ends, increasing; the last band is open.
    rule : str
        ``given`` or ``automatic``.
    """

    column: str
    edges: tuple[float, ...]
    rule: str

    def labels(self) -> list[str]:
        """Return the label of each band; in the order of the text they are in that of the bands."""
        are_whole = all(edge == int(edge) for edge in self.edges)
        if are_whole and self.edges[-1] < 1_000 and is_named("age", self.column):
            ages = [f"{low:02.0f}-{high - 1:02.0f}" for low, high in pairwise(self.edges)]
            return [*ages, f"{self.edges[-1]:02.0f}+"]
        ranges = [f"{low:,.10g} to under {high:,.10g}" for low, high in pairwise(self.edges)]
        named = [*ranges, f"{self.edges[-1]:,.10g} and over"]
        return [
            f"{number:0{len(str(len(named)))}d}: {name}" for number, name in enumerate(named, 1)
        ]

    def as_manifest(self) -> dict[str, object]:
        """Return what the manifest says of the bands."""
        return {"column": self.column, "edges": list(self.edges), "rule": self.rule}


def read_bands(arguments: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Read bands as a user gives them.

    Parameters
    ----------
    arguments : sequence of str
        ``COLUMN=0,18,65``: lower ends of the bands.

    Returns
    -------
    dict of str to tuple of float
        Lower ends by column.

    Raises
    ------
    InputError
        If one is not of this form, or its ends do not increase.
    """
    edges_by_column = {}
    for text in arguments:
        column, _, ends = text.rpartition("=")
        try:
            edges = tuple(float(end) for end in ends.split(","))
        except ValueError:
            edges = ()
        if not column or not edges or any(not low < high for low, high in pairwise(edges)):
            raise InputError(
                f"bands {text!r}: give COLUMN=LOWER ENDS, increasing, such as age=0,18,45,65,75"
            )
        if len(edges) > MOST_BANDS or not all(abs(edge) < 1e15 for edge in edges):
            raise InputError(f"bands of {column}: give at most {MOST_BANDS} finite lower ends")
        edges_by_column[column] = edges
    return edges_by_column


def banded_source(
    source: PeopleSource,
    by: Sequence[str],
    cost: str,
    edges_by_column: Mapping[str, tuple[float, ...]],
    automatic: bool = True,
) -> tuple[PeopleSource, list[Bands]]:
    """Return a source in which factors of numbers are groups.

    Parameters
    ----------
    by : sequence of str
        The factors.
    cost : str
        Column with the annual cost.
    edges_by_column : mapping of str to tuple of float
        From `read_bands`.
    automatic : bool
        Whether a factor that is named and looks like an age in years is put into the bands of
        `AGE_BANDS`.

    Returns
    -------
    source : PeopleSource
        The columns keep their names and hold labels.
    bands : list of Bands

    Raises
    ------
    InputError
        If a column is not among the factors, holds text that is no number, or lies below its first
        band.
    """
    with plain_read_errors(source.name):
        if strange := [column for column in edges_by_column if column not in by]:
            raise InputError(f"bands of {strange[0]}: name this column in --by too")
        people = source.table
        check_columns(people, by, cost)
        bands = [Bands(column, edges, "given") for column, edges in edges_by_column.items()]
        for column in by:
            if (
                automatic
                and column not in edges_by_column
                and (automatic_bands := _automatic(people, column))
            ):
                bands.append(automatic_bands)
        for grouping in bands:
            people = _banded(people, grouping)
        return replace(source, table=people), bands


def _numbers(people: "ir.Table", column: str) -> "ir.FloatingColumn | None":
    """A column as numbers; None where the engine cannot read text as numbers."""
    if not people[column].type().is_string():
        return people[column].cast("float64")
    import ibis.expr.operations as ops

    able = people.get_backend().has_operation(ops.TryCast)
    return people[column].try_cast("float64") if able else None


def _automatic(people: "ir.Table", column: str) -> Bands | None:
    """Bands of a column of ages in years; None where it is none, or has few values."""
    kind = people[column].type()
    if not is_named("age", column) or not (kind.is_numeric() or kind.is_string()):
        return None
    number = _numbers(people, column)
    if number is None:
        return None
    aggregates = people.aggregate(
        rows=people.count(),
        filled=people[column].count(),
        numbers=number.count(),
        # Not floor(): the engine makes an integer of it, which a NaN cannot be.
        whole=(number % 1 == 0).sum(),
        values=number.approx_nunique(),
        least=number.min(),
        most=number.max(),
    ).execute()
    sums = aggregates.fillna(0).iloc[0]
    ages = sums["least"] >= 0 and sums["most"] <= OLDEST and sums["values"] > FEWEST_AGES
    if not ages or sums["numbers"] < sums["filled"] or sums["whole"] < sums["numbers"]:
        return None
    edges = next(ends for fewest, ends in AGE_BANDS.items() if sums["rows"] >= fewest)
    return Bands(column, tuple(float(edge) for edge in edges), "automatic")


def _banded(people: "ir.Table", bands: Bands) -> "ir.Table":
    column, labels = bands.column, bands.labels()
    number = _numbers(people, column)
    if number is None:
        raise InputError(f"column {column}: this database cannot read text as numbers; convert it")
    ends = people.aggregate(
        unread=(people[column].notnull() & number.isnull()).sum(), least=number.min()
    )
    aggregates = ends.execute().fillna(0).iloc[0]
    if aggregates["unread"]:
        example = unreadable_amount(people, column)
        raise InputError(
            f"column {column}: {int(aggregates['unread']):,} rows are not numbers (such as "
            f"{example!r}), so they lie in no band; correct or drop those rows"
        )
    if aggregates["least"] < bands.edges[0]:
        raise InputError(
            f"column {column}: the least is {aggregates['least']:g}, below the first band, which "
            f"begins at {bands.edges[0]:g}; correct those rows or add a band"
        )
    cases = [(number < edge, label) for edge, label in zip(bands.edges[1:], labels, strict=False)]
    import ibis

    inside = ibis.cases(*cases, else_=labels[-1]) if cases else ibis.literal(labels[-1])
    return people.mutate(**{column: number.notnull().ifelse(inside, None)})
