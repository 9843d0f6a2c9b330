"""`python -m analysis example`: an invented table of people, to try the other commands on."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.places import check_place, write_file
from analysis.commands.plainly import told_plainly
from analysis.commands.tables import print_json
from analysis.errors import InputError, printable

EXAMPLE_HELP = "\n\n".join(
    [
        "Write an invented table of people: person, age, sex and cost of one year. Nobody in it "
        "exists.",
        "Costs follow the model that `fit` uses, so the true answers are known; they are printed, "
        "to compare with what `report` finds.",
        "Example: python -m analysis example people.csv",
    ]
)

MOST_PEOPLE = 5_000_000


def example(
    out: Annotated[
        Path,
        typer.Argument(help="CSV file to write; replaced if it exists.", show_default=False),
    ],
    people: Annotated[int, typer.Option(help="How many people.")] = 100_000,
    seed: Annotated[
        int | None,
        typer.Option(help="Other people for another number; the same ones for the same."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the true answers as JSON.")
    ] = False,
) -> None:
    """Write an invented table of people; `EXAMPLE_HELP` is what the user reads."""
    with told_plainly():
        if not 1 <= people <= MOST_PEOPLE:
            raise InputError(f"--people {people}: give 1 to {MOST_PEOPLE:,}")
        if seed is not None and seed < 0:
            raise InputError(f"--seed {seed}: give 0 or more")
        check_place(out, (".csv",))
        from analysis.risk.own_data import default_settings, example_people, true_answers

        true = true_answers(default_settings())
        table = example_people(people, seed)
        write_file(out, table.to_csv(index=False, lineterminator="\n").encode())
    if as_json:
        print_json({"out": str(out), "people": people} | true)
        return
    print(
        f"{printable(str(out))}: {people:,} invented people. In truth their mean cost is "
        f"{true['mean_cost']:,.0f}, k is {true['k']:.2f} within age and sex, and the smallest pool "
        f"that overspends by more than {100 * true['tolerance']:g}% in at most "
        f"{100 * true['probability']:g}% of years has {true['people_needed']:,.0f} people."
    )
