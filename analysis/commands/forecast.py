"""`python -m analysis forecast`: what happened to the likes of them, on a reader's own counts."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.tables import print_json, print_table
from analysis.settings import INTERVAL_WORDS

FORECAST_HELP = "\n\n".join(
    [
        "Forecast the share that succeeds from reference classes: organisations like yours, of "
        "which it is known how many began and how many succeeded.",
        "FILE is a CSV file with columns class, succeeded and started, one row a class, and "
        "optionally weight: how much the class resembles yours, in any unit.",
        f"Says the share of each class and of all, weighted, with {INTERVAL_WORDS}s. They "
        "hold what chance does to counts, not the doubt whether the classes are the right ones: "
        "change the weights to see that.",
        "Example: python -m analysis forecast classes.csv",
    ]
)


def forecast(
    file: Annotated[Path, typer.Argument(help="The classes.", show_default=False)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, and no words.")
    ] = False,
) -> None:
    """Forecast from reference classes; `FORECAST_HELP` is what the user reads."""
    with failing_in_one_line():
        from analysis.intervals import median_and_interval
        from analysis.own.organisations.classes import own_forecast, read_classes

        table = read_classes(file)
        drawn, together = own_forecast(table)
        shares = [[float(value) for value in median_and_interval(draws, axis=0)] for draws in drawn]
        weighted = [float(value) for value in median_and_interval(together, axis=0)]
    if as_json:
        keys = ("value", "low", "high")
        classes = [
            row | dict(zip(keys, share, strict=True))
            for row, share in zip(table.to_dict(orient="records"), shares, strict=True)
        ]
        print_json(
            {"format": 1, "classes": classes, "weighted": dict(zip(keys, weighted, strict=True))}
        )
        return
    rows = [
        (
            row["class"],
            f"{row['succeeded']:,.0f} of {row['started']:,.0f}",
            f"{row['weight']:g}",
            _share(share),
        )
        for row, share in zip(table.to_dict(orient="records"), shares, strict=True)
    ]
    print_table(["class", "succeeded", "weight", "share that succeeds"], rows, right=(1, 2))
    print(f"Weighted forecast: {_share(weighted)}.")


def _share(interval: list[float]) -> str:
    from analysis.report.draws_text import values_text

    value, low, high = interval
    text = values_text(value, low, high, "probability", decimals=0)
    return text.replace("(", f"({INTERVAL_WORDS} ")
