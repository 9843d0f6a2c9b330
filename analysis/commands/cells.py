"""`python -m analysis cells`: risk cells of a table of people, safe to leave the place it lies."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.cells_input import Named, read_input
from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import write_output
from analysis.commands.own_population import tell_warnings
from analysis.errors import printable

if TYPE_CHECKING:
    from analysis.population.mean_costs import MeanCosts

COMMAND_HELP = "\n\n".join(
    [
        "Sum a table of people and costs into risk cells, and write only what may leave.",
        "DATA is a CSV file, a Parquet file, a folder of Parquet files, a Stata file, an Excel "
        "file (FILE.xlsx::SHEET), FILE.duckdb::TABLE, or SCHEME://…::TABLE for any Ibis backend, "
        "such as pyspark://::/data/people for Parquet files read by Spark. It holds one row a "
        "person, for one year.",
        "Cells of fewer people than --fewest-people are merged with others, the last factor of "
        "--by first, and sums are rounded. Everybody stays in exactly one cell. One table tells "
        "how the costs of all people are spread; its bins hold at least as many people.",
        "Examples: python -m analysis cells people.csv --by age,sex --cost cost --out "
        "cells.parquet",
        "python -m analysis cells people.parquet --by age,sex,prior_cost --cost cost --bands "
        "prior_cost=0,1,500,2000 --out cells.parquet",
    ]
)


def cells(  # noqa: PLR0913 - one argument an option
    data: Annotated[str, typer.Argument(help="The table of people.", show_default=False)],
    by: Annotated[
        str,
        typer.Option(
            help="Columns that define a cell, with commas between them, from the one to keep "
            "longest to the one to give up first.",
            show_default=False,
        ),
    ],
    cost: Annotated[
        str, typer.Option(help="Column with the annual cost of a person.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option(help="Parquet file to write; replaced if it exists.", show_default=False)
    ],
    fewest_people: Annotated[
        int,
        typer.Option(
            help="Least people in a released cell, in each part of it, and in a bin of costs."
        ),
    ] = 10,
    round_counts: Annotated[
        int, typer.Option(help="Round counts to multiples of this; 1 leaves them exact.")
    ] = 1,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of cells released before about the same people: stop if subtracting the "
            "two would show a few people. May be given several times.",
            show_default=False,
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            help="Column that tells people apart: stop if anybody has more than one row. It is "
            "not released. none: rows are people, whatever columns of claims, years or people say.",
            show_default=False,
        ),
    ] = None,
    weight: Annotated[
        str | None,
        typer.Option(
            help="Column with the number of people that a row stands for, as in a survey.",
            show_default=False,
        ),
    ] = None,
    exposure: Annotated[
        str | None,
        typer.Option(
            help="Column with the share of the year in which a person was covered, 0 to 1, or "
            "with months or days where its name says so; else COLUMN=months or COLUMN=days.",
            show_default=False,
        ),
    ] = None,
    bands: Annotated[
        list[str] | None,
        typer.Option(
            help="Group a column of numbers: COLUMN=LOWER ENDS, such as age=0,18,45,65,75. May be "
            "given several times. A column named age that holds whole years is grouped by itself "
            "(bands of 5 years for 100,000 people or more, wider for fewer); none: leave it.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was done as JSON instead of a sentence.")
    ] = False,
) -> None:
    """Sum a table of people into risk cells; `COMMAND_HELP` is what the user reads."""
    with failing_in_one_line():
        from analysis.commands.progress import shown_progress
        from analysis.population.cell_files import cells_parquet, manifest, read_cells
        from analysis.population.disclosure.differencing import check_against_earlier
        from analysis.population.disclosure.release import ReleaseRules, release_source

        rules = ReleaseRules(fewest_people, round_counts)
        cells_before = {file.name: read_cells(file)[0] for file in earlier or []}
        factors = [name.strip() for name in by.split(",") if name.strip()]
        named = Named(factors, cost, person, weight, exposure)
        people = read_input(data, out, named, bands or [])
        source, named = people.source, people.named
        columns = (named.weight, named.exposure)
        with shown_progress(f"Summing {source.name} into cells", source.progress):
            release = release_source(source, factors, cost, rules, named.person, *columns)
            means = people.means()
        for name, old in cells_before.items():
            check_against_earlier(release.cells, old, fewest_people, name)
        record = manifest(source, cost, release, *columns)
        record["bands"] = [grouping.as_manifest() for grouping in people.bands]
        record["exposure_unit"] = people.exposure_unit
        record["weight_effect"] = round(means.weight_effect, 2) if means else 1.0
        write_output(out, cells_parquet(release.cells, record))
    if as_json:
        shown = {"out": str(out), "means": _means(means), "warnings": people.warnings}
        print(json.dumps(record | shown, indent=2, ensure_ascii=False))
    else:
        _tell(record, out, release.too_few)
        _tell_means(record, means)
        tell_warnings(people.warnings)


def _means(means: "MeanCosts | None") -> dict[str, float] | None:
    if means is None:
        return None
    return {
        "people": means.people,
        "member_years": means.member_years,
        "cost_of_a_head": means.of_a_head,
        "cost_of_a_member_year": means.of_a_member_year,
        "cost_of_a_row": means.of_rows,
    }


def _tell_means(record: dict[str, Any], means: "MeanCosts | None") -> None:
    """Tell a head from a member-year, and rows from whom they stand for."""
    if means is None:
        return
    if record["weight"]:
        print(
            f"The {means.rows:,} rows stand for {means.people:,.0f} people, who cost "
            f"{means.of_a_head:,.6g} each (the rows themselves {means.of_rows:,.6g}). Weights so "
            f"unequal tell as much as {means.rows / means.weight_effect:,.0f} equal rows."
        )
    if record["exposure"]:
        print(
            f"{means.people:,.0f} heads were covered for {means.member_years:,.0f} years: they "
            f"cost {means.of_a_head:,.6g} a head and {means.of_a_member_year:,.6g} a member-year. "
            "No cost was made annual."
        )


def _tell(record: dict[str, Any], out: Path, too_few: dict[str, int]) -> None:
    """Say what was written and what the rules of release changed."""
    names = printable(f"{record['source']}, by {', '.join(record['by'])}")
    print(
        f"{printable(str(out))}: {record['cells']:,} cells of {record['people']:,} people in "
        f"{names}, and {record['bins']:,} bins of cost. Costs of cells are cut at "
        f"{record['threshold']:,.6g}, above which are the costliest people."
    )
    if record["read_as"]:
        print(f"Read as {printable('; '.join(record['read_as']))}.")
    for bands in record["bands"]:
        ends = ", ".join(f"{edge:g}" for edge in bands["edges"])
        why = "; --bands none leaves it as it is" if bands["rule"] == "automatic" else ""
        print(f"Column {printable(bands['column'])} is in bands that begin at {ends}{why}.")
    if record["cells_merged"]:
        print(
            f"Of {record['cells_found']:,} cells found, {record['cells_merged']:,} were "
            f"merged: they had fewer than {record['fewest_people']} people in some part, or one "
            "person with nearly half of the cost, or stood beside such cells."
        )
        _tell_parts(record["fewest_people"], too_few)
    if record["tails_withheld"]:
        print(
            f"In {record['tails_withheld']:,} cells it is not told how many people cost more than "
            "that, because they are a few, or would show a few elsewhere; the table of costs "
            "counts them."
        )


def _tell_parts(fewest: int, too_few: dict[str, int]) -> None:
    """Say in which part the people were too few, since wider groups help against one of them."""
    parts = [f"{number:,} {name}" for name, number in too_few.items()]
    if parts:
        print(
            f"Cells with fewer than {fewest}: {', '.join(parts)}. Wider groups of the last factor "
            "lose less to merging."
        )
