"""`python -m analysis people`: claims, members and cover as one row a person and year."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import check_output_path
from analysis.commands.tables import plain, print_json, print_table

if TYPE_CHECKING:
    from analysis.own.claims.account import Account
    from analysis.own.claims.opening import Tables

PEOPLE_HELP = "\n\n".join(
    [
        "Turn claims, members and months of cover into one row a person and year: age at the "
        "start of the year, sex, exposure (share of the year covered), cost, and last year's cost "
        "and conditions where they are known.",
        "CLAIMS are one or more tables, each what `cells` takes; the layouts of Tuva, OMOP, the "
        "CMS claim and claim line feed, Synthea, MEPS and the NHS are known, and --map names the "
        "columns of any other. Lines are summed, reversals netted; who has no claim costs 0; who "
        "died or joined is kept with the part of the year that was covered, and nothing is scaled "
        "to a whole year.",
        "It prints lines and money that came in, what was left out and why, and what came out, and "
        "refuses where they do not add up. The file it writes holds single people: it is for you.",
        "Examples: python -m analysis people claims.csv --members members.csv --cover months.csv "
        "--year 2024 --out people.parquet",
        "python -m analysis people bills.parquet --members list.csv --map person=KeyId --map "
        "date=PaidFor --map amount=Net --out people.parquet",
    ]
)


def people(  # noqa: PLR0913 - one argument an option
    claims: Annotated[
        list[str],
        typer.Argument(
            help="Tables of claims; or one table with a row a person and year.", show_default=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="Parquet or CSV file to write; replaced if it exists.", show_default=False
        ),
    ],
    members: Annotated[
        list[str] | None,
        typer.Option(
            help="Table of all members, with birth (or age), sex and, where known, death and spans "
            "of cover. May be given several times.",
            show_default=False,
        ),
    ] = None,
    cover: Annotated[
        str | None,
        typer.Option(
            help="Table of cover: spans (start and end), a row a month, or months by year.",
            show_default=False,
        ),
    ] = None,
    conditions: Annotated[
        str | None,
        typer.Option(
            help="Table of conditions by person and day; those of the year before become columns.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        list[int] | None,
        typer.Option(
            help="Write this year only; the year before still tells last year's cost. May be given "
            "several times.",
            show_default="all",
        ),
    ] = None,
    first_month: Annotated[
        int, typer.Option(help="Month in which a year begins: 4 for the financial year of England.")
    ] = 1,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="What a column is: OURS=THEIRS, such as person=PatientKey, or members.person=Id "
            "for one table. May be given several times.",
            show_default=False,
        ),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(help="Look for this layout only.", show_default="the one that fits best"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was done as JSON, and no words.")
    ] = False,
) -> None:
    """Turn claims into people; `PEOPLE_HELP` is what the user reads."""
    with failing_in_one_line():
        from analysis.commands.progress import shown_progress
        from analysis.own.claims.layouts import read_map
        from analysis.own.claims.opening import Asked, open_tables
        from analysis.own.claims.person_years import person_years
        from analysis.own.claims.writing import write_people
        from analysis.own.claims.years import Years
        from analysis.tables.read_errors import plain_read_errors

        how = Years(tuple(year or ()), first_month)
        asked = Asked(read_map(column or []), layout)
        tables = open_tables(claims, members or [], cover, conditions, asked)
        files = [file for each in tables.opened() for file in each.source.files]
        check_output_path(out, (".parquet", ".csv"), files)
        source = tables.claims[0].source
        with shown_progress(f"Summing {plain(tables.name)}", source.progress):
            rows, account = person_years(tables, how)
            with plain_read_errors(tables.name):
                write_people(rows, out, _record(tables, account, how.first_month))
    if as_json:
        print_json(_record(tables, account, how.first_month) | {"out": str(out)})
    else:
        _tell(tables, account, out)


def _record(tables: "Tables", account: "Account", first_month: int) -> dict[str, Any]:
    """What is kept in the file of how it came about; no folder of this machine."""
    read = {each.source.name: each.known.words() for each in tables.opened()}
    return {"tables": read, "first_month": first_month} | account.as_json()


def _tell(tables: "Tables", account: "Account", out: Path) -> None:
    from analysis.own.claims.words import YEAR_HEADINGS, account_sentences, year_cells

    for each in tables.opened():
        print(f"{plain(each.source.name)} as {plain(each.known.words())}.")
    for sentence in account_sentences(account):
        print(sentence)
    print_table(YEAR_HEADINGS, map(year_cells, account.years), right=range(1, len(YEAR_HEADINGS)))
    number = sum(row.people for row in account.years)
    print(f"{plain(out)}: {number:,} rows, one a person and year.")
    if len(account.years) > 1:
        print(
            "A pool is insured year by year: take one with --year before cells or a report, or the "
            "same people count several times."
        )
