"""What `cells` reads: opened, looked at before rows are taken for people, cover and bands made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.commands.output_paths import check_output_path
from analysis.errors import InputError, printable

if TYPE_CHECKING:
    from analysis.population.mean_costs import MeanCosts
    from analysis.tables.bands import Bands
    from analysis.tables.people_tables import PeopleSource

NOBODY_NAMED = "none"
"""For --person: rows are people, whatever columns are called."""


@dataclass(frozen=True)
class Named:
    """Columns as a user names them.

    Attributes
    ----------
    by : list of str
        Factors.
    person : str or None
        `NOBODY_NAMED`, or a column.
    exposure : str or None
        The column, or ``COLUMN=UNIT``.
    """

    by: list[str]
    cost: str
    person: str | None = None
    weight: str | None = None
    exposure: str | None = None


@dataclass(frozen=True)
class CellsInput:
    """A table that may be summed into cells.

    Attributes
    ----------
    named : Named
        Columns of `source`: its exposure is a share of the year.
    exposure_unit : str or None
        In which the cover was told.
    warnings : list of str
        What its reader should know.
    """

    source: "PeopleSource"
    named: Named
    exposure_unit: str | None
    bands: "list[Bands]"
    warnings: list[str]

    def means(self) -> "MeanCosts | None":
        """Return the cost of a head and of a member-year; None where no column tells them apart."""
        from analysis.population.mean_costs import mean_costs

        if not (self.named.weight or self.named.exposure):
            return None
        named = self.named
        return mean_costs(self.source.table, named.cost, named.weight, named.exposure)


def read_input(data: str, out: Path, named: Named, bands: Sequence[str]) -> CellsInput:
    """Open a table of people and costs, and refuse what is none.

    Parameters
    ----------
    data : str
        Its address.
    out : Path
        Where cells will be written; checked before anything is read.
    bands : sequence of str
        As the user gives them; ``none`` alone: no column is banded by itself.

    Raises
    ------
    InputError
        If it cannot be opened, its rows are no people, or a column is not what it was named.
    """
    from analysis.commands.progress import shown_progress
    from analysis.tables.bands import banded_source, read_bands
    from analysis.tables.cover import read_cover, with_cover
    from analysis.tables.people_tables import open_people

    exposure, unit = read_cover(named.exposure) if named.exposure else (None, None)
    used = [name for name in (named.weight, exposure) if name]
    source = open_people(data, named.cost, named.by, used)
    _check_output(out, Path(data), source.files)
    with shown_progress(f"Looking at {source.name}", source.progress):
        warnings = _checked_rows(source, named, used)
        if exposure and unit:
            source = with_cover(source, exposure, unit, named.cost)
    automatic = list(bands) != ["none"]
    ends = read_bands(bands) if automatic else {}
    source, groupings = banded_source(source, named.by, named.cost, ends, automatic)
    person = None if named.person == NOBODY_NAMED else named.person
    columns = Named(named.by, named.cost, person, named.weight, exposure)
    return CellsInput(source, columns, unit, groupings, warnings)


def _checked_rows(source: "PeopleSource", named: Named, used: Sequence[str]) -> list[str]:
    """Stop where rows are no people, and return what else the reader should know."""
    from analysis.tables.checks import check_columns, check_there
    from analysis.tables.misread import misread, named_rows
    from analysis.tables.read_errors import plain_read_errors

    people, person = source.table, named.person
    with plain_read_errors(source.name):
        check_columns(people, named.by, named.cost)
        for column in [*used, *([person] if person and person != NOBODY_NAMED else [])]:
            check_there(people, column)
        rows = named_rows(people, named.by, named.cost, person, used)
        problems = list(misread(people, rows))
        if stops := [problem for problem in problems if problem.stops]:
            raise InputError(str(stops[0]))
    return [printable(f"{problem}.") for problem in problems]


def _check_output(out: Path, data: Path, files: tuple[Path, ...]) -> None:
    """Stop before hours of work end in a place that cannot be written, or replace the input."""
    check_output_path(out, (".parquet",), files, because="cells are a Parquet file; ")
    # A folder is read whole, so cells inside it would be taken for people the next time.
    if data.is_dir() and out.resolve().is_relative_to(data.resolve()):
        raise InputError(f"--out {out}: lies in the folder of the data; give another folder")
