"""How much of the year each person was covered, from a column in months, days or shares.

Nobody's cost is made annual. Who was covered for three months, or died in the first, has the cost
of that time, and counts for that time: costs of a member-year are all costs over all cover, so that
a month of 15,000 never becomes a year of 180,000.
"""

from dataclasses import replace

from analysis.errors import InputError
from analysis.tables.checks import check_numbers
from analysis.tables.column_roles import YEAR_IN, unit_of_cover
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

LONGEST = {"months": 12.0, "days": 366.0, "years": 1.0}
"""Most cover in one year."""


def read_cover(text: str) -> tuple[str, str]:
    """Return the column of cover and its unit, as a user gives them.

    Parameters
    ----------
    text : str
        ``COLUMN`` or ``COLUMN=UNIT``, where the unit is a key of `YEAR_IN`; without it the name of
        the column says it.

    Raises
    ------
    InputError
        If the unit is another.
    """
    column, divided, unit = text.rpartition("=")
    if not divided:
        return text, unit_of_cover(text)
    if unit not in YEAR_IN:
        raise InputError(f"--exposure {text}: give COLUMN={'|'.join(YEAR_IN)}, or COLUMN alone")
    return column, unit


def with_cover(source: PeopleSource, column: str, unit: str, cost: str) -> PeopleSource:
    """Return a source in which a column of cover holds shares of the year.

    Raises
    ------
    InputError
        If it is absent, holds no numbers, somebody's cover is missing, nothing, or more than a
        year, or somebody has a cost and no cover.
    """
    with plain_read_errors(source.name):
        people = source.table
        check_numbers(people, column)
        cover = people[column].cast("float64")
        found = people.aggregate(
            none=(cover <= 0).sum(),
            costly=((cover <= 0) & (people[cost].cast("float64") > 0)).sum(),
            most=cover.max(),
        )
        sums = found.execute().iloc[0]
        if sums["none"]:
            costly = f", {int(sums['costly']):,} of them with a cost" if sums["costly"] else ""
            raise InputError(
                f"column {column}: {int(sums['none']):,} rows have no cover{costly}; drop who was "
                "not covered, and correct who has a cost"
            )
        _check_longest(column, unit, float(sums["most"]))
        # A leap year is one year.
        share = (cover / YEAR_IN[unit]).clip(upper=1.0)
        return replace(source, table=people.mutate(**{column: share}))


def _check_longest(column: str, unit: str, most: float) -> None:
    if most > LONGEST[unit]:
        units = " or ".join(f"{column}={name}" for name, top in LONGEST.items() if most <= top)
        other = f", or say --exposure {units}" if units else ""
        raise InputError(
            f"column {column}: the largest is {most:g}, and a year has {LONGEST[unit]:g} "
            f"{'whole' if unit == 'years' else unit}; give cover within one year{other}"
        )
    if unit != "years" and most <= 1:
        raise InputError(
            f"column {column}: the largest is {most:g}, which is little for {unit}; say --exposure "
            f"{column}=years if it is a share of the year, or {column}={unit}"
        )
