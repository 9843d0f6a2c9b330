"""`python -m analysis describe`: what is in a table of people, and what to do with it next."""

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.tables import plain, print_json, print_table

if TYPE_CHECKING:
    from analysis.tables.column import Column
    from analysis.tables.description import Description

DESCRIBE_HELP = "\n\n".join(
    [
        "Say what is in a table of people: which columns are age, sex, health, last year's cost "
        "and the cost, how sure that is and why, what is wrong and how to mend it, and the "
        "command to run next.",
        "DATA is what `cells` takes: a CSV file, a Parquet file, a folder of Parquet files, an "
        "Excel or Stata file, FILE.duckdb::TABLE, or SCHEME://…::TABLE for any Ibis backend.",
        "What is printed is for you: it shows smallest and largest values, which may belong to one "
        "person.",
        "Example: python -m analysis describe people.csv",
    ]
)


def describe(
    data: Annotated[str, typer.Argument(help="The table of people.", show_default=False)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the description as JSON instead of tables.")
    ] = False,
) -> None:
    """Describe a table of people; `DESCRIBE_HELP` is what the user reads."""
    with failing_in_one_line():
        from analysis.commands.progress import shown_progress
        from analysis.tables.description import describe_source
        from analysis.tables.people_tables import open_people

        source = open_people(data, "")
        with shown_progress(f"Reading {plain(source.name)}", source.progress):
            description = describe_source(source)
    if as_json:
        print_json(_as_json(description, data))
    else:
        _tell(description, data)


def next_command(description: "Description", data: str) -> str | None:
    """Return the command to run next; None where something has to be mended first.

    Parameters
    ----------
    data : str
        Address of the table, as the user gave it.

    Returns
    -------
    str or None
        Quoted for a shell.
    """
    cost = description.column_for("cost")
    factors, _ = chosen_factors(description)
    if cost is None or not factors or any(problem.stops for problem in description.problems):
        return None
    words = ["python", "-m", "analysis", "cells", data, "--by"]
    words += [",".join(factors), "--cost", cost.name]
    prior = description.column_for("prior_cost")
    if prior is not None and prior.name in factors and prior.distinct > _MOST_LEVELS:
        words += ["--bands", f"{prior.name}={_cost_bands(prior)}"]
    for role in ("weight", "exposure"):
        column = description.column_for(role)
        if column is not None and not column.missing and (role == "weight" or column.least):
            words += [f"--{role}", column.name]
    persons = [g.column for g in description.guesses if (g.role, g.sureness) == ("person", "sure")]
    words += [word for name in persons[:1] for word in ("--person", name)]
    return shlex.join([*words, "--out", "cells.parquet"])


def chosen_factors(description: "Description") -> tuple[list[str], list[str]]:
    """Choose factors as long as cells hold enough people for most not to be merged.

    Returns
    -------
    chosen, left_out : list of str
        Names of columns; the first factor is always chosen.
    """
    chosen: list[str] = []
    left_out: list[str] = []
    cells = 1
    for guess in [
        guess for role in _FACTORS for guess in description.guesses if guess.role == role
    ]:
        column = next(column for column in description.columns if column.name == guess.column)
        levels = _levels(guess.role, column)
        if chosen and description.rows < _ENOUGH * cells * levels:
            left_out.append(column.name)
        else:
            cells *= levels
            chosen.append(column.name)
    return chosen, left_out


_FACTORS = ("age", "sex", "health", "prior_cost")
_MOST_LEVELS = 20
_ENOUGH = 100
"""People a cell below which the rules of release would merge many: the people of a cell with a
cost and those without have to be ten each."""


def _levels(role: str, column: "Column") -> int:
    """How many groups `cells` would make of a column."""
    from analysis.tables.bands import AGE_BANDS, FEWEST_AGES

    if role == "prior_cost" and column.distinct > _MOST_LEVELS:
        return _cost_bands(column).count(",") + 1
    if role == "age" and column.distinct > FEWEST_AGES:
        return len(next(ends for fewest, ends in AGE_BANDS.items() if column.rows >= fewest))
    return max(column.distinct, 1)


def _cost_bands(column: "Column") -> str:
    """Lower ends of groups of last year's cost: none, then by its higher quantiles."""
    edges = {0.0, 0.01, *(float(f"{value:.1g}") for value in column.quantiles)}
    return ",".join(f"{edge:g}" for edge in sorted(edge for edge in edges if edge >= 0))


def _as_json(description: "Description", data: str) -> dict[str, Any]:
    return {
        "format": 1,
        "source": description.source,
        "engine": description.engine,
        "rows": description.rows,
        "read_as": list(description.read_as),
        "columns": [
            asdict(column) | {"levels": [list(level) for level in column.levels]}
            for column in description.columns
        ],
        "roles": [asdict(guess) for guess in description.guesses],
        "problems": [asdict(problem) for problem in description.problems],
        "next": next_command(description, data),
    }


def _tell(description: "Description", data: str) -> None:
    columns = len(description.columns)
    print(f"{plain(description.source)}: {description.rows:,} rows, {columns} columns.")
    if description.read_as:
        print(f"Read as {plain('; '.join(description.read_as))}.")
    taken = {guess.column: guess for guess in description.guesses}
    headings = ["column", "taken for", "how sure, and why", "different", "missing", "holds"]
    rows = []
    for column in description.columns:
        guess = taken.get(column.name)
        role = guess.role.replace("prior_cost", "last year's cost") if guess else "-"
        why = f"{guess.sureness}: {guess.why}" if guess else ""
        holds = _holds(column)
        distinct = min(column.distinct, column.rows)
        rows.append([column.name, role, why, f"{distinct:,}", f"{column.missing:,}", holds])
    print_table(headings, rows, right=(3, 4))
    _tell_costs(description)
    if description.problems:
        print("Problems, and what to do:")
        for problem in description.problems:
            where = f"column {plain(problem.column)}: " if problem.column else ""
            print(f"  - {where}{plain(problem.problem)}: {plain(problem.fix)}.")
    command = next_command(description, data)
    if command:
        print(f"\nNext: {plain(command)}")
        if left_out := chosen_factors(description)[1]:
            print(
                f"Not in it: {plain(', '.join(left_out))}. With more factors a cell would hold "
                f"fewer than {_ENOUGH} people and most would be merged; to use one, give it few "
                "levels (--bands), or let it take another's place."
            )
    elif any(problem.stops for problem in description.problems):
        print("\nNext: mend what is listed above, then run this command again.")
    else:
        print("\nNext: add a column that says something about people, such as their age.")


def _holds(column: "Column") -> str:
    from analysis.tables.data_quality import holds_written_dates

    if column.levels:
        shown = ", ".join(f"{value or '(empty)'} {rows:,}" for value, rows in column.levels[:5])
        return shown + (", …" if len(column.levels) > 5 else "")
    if holds_written_dates(column):
        return f"dates, {column.least:.0f} to {column.most:.0f}"
    if column.number_share > 0.5 and column.least is not None and column.most is not None:
        return f"{column.least:,.6g} to {column.most:,.6g}"
    if column.dates > 0.5 * column.filled:
        return _dates(column)
    return "dates" if column.kind == "date" else column.kind


def _dates(column: "Column") -> str:
    """Say which number of dates is the day, where one of them can be no month."""
    if column.day_first and column.month_first:
        return "dates, some with the day first and some with the month"
    if column.day_first or column.month_first:
        return f"dates, the {'day' if column.day_first else 'month'} first"
    return "dates" if column.year_first else "dates; whether the day comes first cannot be told"


def _tell_costs(description: "Description") -> None:
    cost = description.column_for("cost")
    if cost is None or not cost.numbers or cost.mean is None or cost.most is None:
        return
    parts = [f"{cost.zeros / cost.numbers:.1%} are 0, the mean is {cost.mean:,.6g}"]
    names = ("half", "80%", "95%", "99%")
    if cost.quantiles:
        below = ", ".join(
            f"{name} below {float(f'{value:.3g}'):,.10g}"
            for name, value in zip(names, cost.quantiles, strict=False)
            if value > 0
        )
        parts.append(f"about {below}" if below else "")
    parts.append(f"the largest is {cost.most:,.6g}")
    print(f"Costs ({plain(cost.name)}): {'; '.join(part for part in parts if part)}.")
