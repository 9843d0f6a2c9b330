"""`python -m analysis numbers`: what the executed notebooks recorded, all of it or a part."""

import difflib
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.book_only import need_the_book
from analysis.commands.one_line_errors import failing_in_one_line
from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.report.numbers import Record

NUMBERS_HELP = "\n\n".join(
    [
        "Print the numbers that the executed notebooks recorded.",
        "ID is the permanent name of a number, such as s07.p_over_2pct_100k; several may be given. "
        "Without one, all numbers are printed, or those of --suggestion.",
        "Example: python -m analysis numbers --suggestion 7 --csv",
    ]
)


def numbers(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Numbers.", show_default=False)
    ] = None,
    suggestion: Annotated[
        int | None,
        typer.Option(
            min=0, max=10, help="Only those of this suggestion; 0: foundations.", show_default=False
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print them as numbers.json holds them.")
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print them as numbers.csv holds them.")
    ] = False,
) -> None:
    """Print recorded numbers; `NUMBERS_HELP` is what the user reads."""
    with failing_in_one_line():
        need_the_book("numbers")
        from analysis.publish.products.number_files import numbers_csv, numbers_json
        from analysis.publish.project import Project
        from analysis.report.numbers import read_records

        if as_json and as_csv:
            raise InputError("--json and --csv: give one of the two.")
        every = read_records(*Project().records_folders())
        if not every:
            raise InputError("no number is recorded yet: run `python -m analysis book`.")
        chosen = _of_suggestion(_named(every, ids or []), suggestion)
    if as_json:
        sys.stdout.write(numbers_json(chosen))
    elif as_csv:
        sys.stdout.write(numbers_csv(chosen))
    else:
        _tell(chosen)


def _named(records: Mapping[str, "Record"], ids: Sequence[str]) -> dict[str, "Record"]:
    """Return the numbers with these ids, all without any.

    Raises
    ------
    InputError
        Naming every id that is not recorded, with those most like it.
    """
    unknown = [name for name in ids if name not in records]
    if unknown:
        raise InputError("; ".join(_unknown(name, records) for name in unknown))
    return {name: records[name] for name in ids} if ids else dict(records)


def _unknown(name: str, records: Mapping[str, "Record"]) -> str:
    near = difflib.get_close_matches(name, records, n=3, cutoff=0.5)
    inside = [other for other in records if name.lower() in other][:3]
    likely = list(dict.fromkeys([*inside, *near]))[:3]
    hint = f"Did you mean {' or '.join(likely)}?" if likely else "`numbers` alone lists all."
    return f"there is no number {name!r}. {hint}"


def _of_suggestion(records: dict[str, "Record"], suggestion: int | None) -> dict[str, "Record"]:
    if suggestion is None:
        return records
    of_suggestion = {name: r for name, r in records.items() if (r.suggestion or 0) == suggestion}
    if not of_suggestion:
        raise InputError(f"none of the {len(records)} numbers is of suggestion {suggestion}.")
    return of_suggestion


def _tell(records: Mapping[str, "Record"]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    # An id that is cut off cannot be used.
    table = Table(Column("id", overflow="fold"), "number", "grade", "label")
    for record in records.values():
        table.add_row(record.id, record.text, record.grade, record.label)
    Console().print(table)
