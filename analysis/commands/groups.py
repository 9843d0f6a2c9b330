"""`python -m analysis groups`: k and the spread of groups from their mean costs."""

from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.own_population import AsJson, Probability, Tolerance, chosen_settings
from analysis.commands.progress import shown_steps
from analysis.commands.tables import print_json, print_table
from analysis.settings import INTERVAL_PERCENT

WIDTH = 100
"""Characters of a line of words."""

GROUPS_HELP = "\n\n".join(
    [
        "Infer how far one person's cost varies, and how far groups differ, from the mean costs of "
        "groups such as practices: no row of a person is needed.",
        "FILE is a CSV or Parquet file with one row a group, or a group, age and sex. Columns: "
        "group; people (or person-years); mean_cost or total_cost of one year; and, if you have "
        "them, age (bands such as 0-4, 85+) and sex. With them k is far better known.",
        "Says k and for whom, how far groups differ beyond chance at the sizes seen and how that "
        "falls with size, how large a pool must be, and what the table cannot tell. All intervals "
        f"are {INTERVAL_PERCENT}.",
        "Example: python -m analysis groups practices.csv",
    ]
)


def groups(
    file: Annotated[Path, typer.Argument(help="The groups.", show_default=False)],
    tolerance: Tolerance = None,
    probability: Probability = None,
    as_json: AsJson = False,
) -> None:
    """Infer k and spread from group means; `GROUPS_HELP` is what the user reads."""
    with failing_in_one_line(), shown_steps("Groups and their people", 2) as step:
        settings = chosen_settings(tolerance, probability)
        step("reading the table")
        from analysis.own.groups.table import read_group_table

        table = read_group_table(file)
        step("fitting the model")
        # Only now: the model takes seconds to load, and a fault in the file should not wait.
        from analysis.own.groups.answer import answer as answer_for
        from analysis.own.groups.words import cautions, first_words, k_rows, spread_rows

        answer = answer_for(table, settings)
    if as_json:
        asked = {"tolerance": settings.tolerance, "probability": settings.probability}
        record = {"format": 1, "settings": asked} | vars(answer)
        print_json(record | {"cautions": cautions(answer)})
        return
    for sentence in first_words(answer, settings).splitlines():
        print(fill(sentence, WIDTH))
    if len(answer.k) > 1:
        print_table(["ages", "budget", "k"], k_rows(answer), right=(2,))
    headings = ["group", "people", "by chance, % of cost", "beyond chance, % of cost"]
    print_table(headings, spread_rows(answer), right=(1, 2, 3))
    for sentence in cautions(answer):
        print(fill(f"- {sentence}", WIDTH, subsequent_indent="  "))
