"""`python -m analysis example`: an invented table, to try the other commands on."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import check_output_path, write_output
from analysis.commands.tables import print_json
from analysis.errors import InputError, printable

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE_HELP = "\n\n".join(
    [
        "Write an invented table of people: person, age, sex and cost of one year. Nobody in it "
        "exists.",
        "Costs are drawn from a known distribution, so the true answers are known; they are "
        "printed, to compare with what `report` finds.",
        "With --kind groups: a table of groups by year, for `mature`; prints their true growth.",
        "With --kind practices: mean costs of practices by age and sex, for `groups`; prints k of "
        "their people and how far they truly differ.",
        "With --kind claims: a folder with claims, members, months of cover and conditions of two "
        "years, for `people`; prints what their sums truly are.",
        "Example: python -m analysis example people.csv",
    ]
)

MOST_PEOPLE = 5_000_000
MOST_GROUPS = 5_000


type ExampleTable = tuple["pd.DataFrame", dict[str, float], str]
"""A table, what is true of it, and the same in words."""


class Kind(StrEnum):
    """What the rows of the invented table are."""

    people = "people"
    groups = "groups"
    practices = "practices"
    claims = "claims"


def example(
    out: Annotated[
        Path,
        typer.Argument(
            help="CSV file to write, or for claims a folder; replaced if it exists.",
            show_default=False,
        ),
    ],
    people: Annotated[int, typer.Option(help="How many people.")] = 100_000,
    kind: Annotated[Kind, typer.Option(help="What the rows are.")] = Kind.people,
    groups: Annotated[
        int, typer.Option(help="How many groups, or practices, with their --kind.")
    ] = 120,
    seed: Annotated[
        int | None,
        typer.Option(help="Others for another number; the same ones for the same."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the true answers as JSON.")
    ] = False,
) -> None:
    """Write an invented table; `EXAMPLE_HELP` is what the user reads."""
    with failing_in_one_line():
        if seed is not None and seed < 0:
            raise InputError(f"--seed {seed}: give 0 or more")
        if kind is Kind.claims:
            truth, words = _claims(out, people, seed)
            _say(out, truth, words, as_json)
            return
        check_output_path(out, (".csv",))
        make = {Kind.people: _people, Kind.groups: _groups, Kind.practices: _practices}[kind]
        table, truth, words = make(people if kind is Kind.people else groups, seed)
        write_output(out, table.to_csv(index=False, lineterminator="\n").encode())
        _say(out, truth, words, as_json)


def _say(out: Path, truth: dict[str, float], words: str, as_json: bool) -> None:
    if as_json:
        print_json({"out": str(out)} | truth)
    else:
        print(f"{printable(str(out))}: {words}")


def _check_people(number: int) -> None:
    if not 1 <= number <= MOST_PEOPLE:
        raise InputError(f"--people {number}: give 1 to {MOST_PEOPLE:,}")


def _claims(folder: Path, number: int, seed: int | None) -> tuple[dict[str, float], str]:
    """Write a folder of tables; return what is true of them, and the same in words."""
    _check_people(number)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; give a folder for the tables of claims")
    from analysis.own.claims.example import YEARS, example_claims

    made = example_claims(number, seed)
    check_output_path(folder / "claims.csv" if folder.is_dir() else folder)
    folder.mkdir(exist_ok=True)
    for name, table in made.tables.items():
        content = table.to_csv(index=False, lineterminator="\n").encode()
        write_output(folder / f"{name}.csv", content)
    truth = made.truth
    years = " and ".join(
        f"{truth[f'people_{year}']:,.0f} people for {truth[f'member_years_{year}']:,.2f} "
        f"member-years, who cost {truth[f'cost_{year}']:,.2f}, in {year}"
        for year in YEARS
    )
    words = (
        f"{', '.join(f'{name}.csv' for name in made.tables)} of {number:,} invented members with "
        f"{truth['lines']:,.0f} claim lines. In truth there were {years}."
    )
    return truth, words


def _people(number: int, seed: int | None) -> ExampleTable:
    _check_people(number)
    from analysis.own.people.example import example_people
    from analysis.own.people.measures import true_answers
    from analysis.own.people.settings import default_settings

    truth = true_answers(default_settings())
    words = (
        f"{number:,} invented people. In truth their mean cost is {truth['mean_cost']:,.0f}, k is "
        f"{truth['k']:.2f} within age and sex, and the smallest pool that overspends by more than "
        f"{100 * truth['tolerance']:g}% in at most {100 * truth['probability']:g}% of years has "
        f"{truth['people_needed']:,.0f} people."
    )
    return example_people(number, seed), {"people": number} | truth, words


def _check_groups(number: int) -> None:
    if not 1 <= number <= MOST_GROUPS:
        raise InputError(f"--groups {number}: give 1 to {MOST_GROUPS:,}")


def _practices(number: int, seed: int | None) -> ExampleTable:
    _check_groups(number)
    from analysis.own.groups.example import example_practices, true_variation

    truth = true_variation()
    words = (
        f"{number:,} invented practices. In truth k of one person's cost is {truth['k']:.2f} "
        f"within age and sex, and practices of {truth['size']:,.0f} people differ by "
        f"{truth['spread']:.0%} of expected cost beyond chance (exponent {truth['exponent']:g})."
    )
    return example_practices(number, seed), {"practices": number} | truth, words


def _groups(number: int, seed: int | None) -> ExampleTable:
    _check_groups(number)
    from analysis.own.programme.example import example_groups, true_growth

    truth = true_growth()
    words = (
        f"{number:,} invented groups over eight years. In truth their mean saving is "
        f"{truth['level']:g}% of the benchmark in the first year, they gain "
        f"{truth['plateau_gain']:g} points in the end, and 80% of that "
        f"takes {truth['years_to_80pct']:g} years."
    )
    return example_groups(number, seed), {"groups": number} | truth, words
