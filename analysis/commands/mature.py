"""`python -m analysis mature`: how long until a reader's own groups save."""

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.progress import shown_steps
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError
from analysis.settings import INTERVAL_PERCENT, INTERVAL_WORDS

if TYPE_CHECKING:
    from analysis.own.programme.answer import Answer

WIDTH = 100
"""Characters of a line of words."""

MATURE_HELP = "\n\n".join(
    [
        "Estimate how many years groups take until they save, from their savings year by year.",
        "FILE is a CSV or Parquet file with one row a group and year. Columns: group; start_year "
        "and year, or years_since_start (0 in the first year); savings_rate in percent of the "
        "benchmark, or spend and benchmark; and people.",
        "Says the mean saving by years since the start, the time to a target, how likely it is "
        "under 5, 5 to 10, over 10 years or never, how much of that lies beyond the years seen, "
        "what groups that left did to the mean, and what was believed before the table was seen. "
        f"All intervals are {INTERVAL_PERCENT}.",
        "Example: python -m analysis mature groups.csv",
    ]
)


def mature(
    file: Annotated[Path, typer.Argument(help="The groups by year.", show_default=False)],
    target: Annotated[
        float, typer.Option(help="Share of the eventual gain that counts as there, percent.")
    ] = 80.0,
    saving: Annotated[
        float | None,
        typer.Option(
            help="Mean saving that counts as there, percent of the benchmark, instead of a share "
            "of the gain.",
            show_default=False,
        ),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            help="Calendar trend that is no learning, points a year: LOW,HIGH ends of its "
            f"{INTERVAL_WORDS}. The book's, of US savings, by default.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, and no words.")
    ] = False,
) -> None:
    """Estimate the time that growth takes; `MATURE_HELP` is what the user reads."""
    with failing_in_one_line(), shown_steps("Growth of savings", 2) as step:
        trend = None if calendar is None else _pair(calendar)
        step("reading the table")
        from analysis.own.programme.settings import Target, trends
        from analysis.own.programme.table import read_groups

        wanted = Target(target / 100, saving)
        trends(trend)
        groups = read_groups(file)
        step("fitting the model")
        # Only now: the models take seconds to load, and a fault in the file should not wait.
        from analysis.own.programme.answer import answer as answer_for
        from analysis.own.programme.words import cautions, first_words

        answer = answer_for(groups, wanted, trend)
    if as_json:
        record = {"format": 1, "target": vars(wanted)} | vars(answer)
        curve = answer.curve.to_dict(orient="records")
        print_json(record | {"curve": curve, "cautions": cautions(answer)})
        return
    for sentence in first_words(answer, wanted).splitlines():
        print(fill(sentence, WIDTH))
    _print_tables(answer)
    for sentence in cautions(answer):
        print(fill(f"- {sentence}", WIDTH, subsequent_indent="  "))


def _pair(text: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--calendar {text[:40]!r}: give LOW,HIGH, such as -0.5,0.5") from None
    return low, high


def _print_tables(answer: "Answer") -> None:
    from analysis.own.programme.words import curve_rows, time_rows

    headings = ["time to the target", "before the table", "after"]
    print_table(headings, time_rows(answer), right=(1, 2))
    headings = ["years since start", "groups", "as counted, %", "mean saving, %", "exits added"]
    print_table(headings, curve_rows(answer), right=(1, 2, 3, 4))
