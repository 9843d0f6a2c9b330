"""`python -m analysis stop-loss`: what cover costs, and what it does to the minimum size."""

from typing import Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.own_population import (
    AsJson,
    Input,
    Maximum,
    Probability,
    Tolerance,
    chosen_settings,
    fit_warnings,
    fitted_from,
    tell_warnings,
)
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError
from analysis.settings import INTERVAL_WORDS

STOP_LOSS_HELP = "\n\n".join(
    [
        "Say what stop-loss cover of single people costs a head, and how small a pool may be "
        "with it.",
        "Cover pays what a person costs above an attachment point in a year; with coinsurance the "
        "pool keeps a share of that. The premium is what is expected to be paid, without loading.",
        "Example: python -m analysis stop-loss cells.parquet --attachment 5,10,50 --kept 0,20",
    ]
)


def stop_loss(
    file: Input,
    attachment: Annotated[
        str, typer.Option(help="Attachment points, in multiples of the mean cost.")
    ] = "5,10,25,50,100",
    kept: Annotated[
        str, typer.Option(help="Shares of the excess that the pool keeps, percent.")
    ] = "0,20",
    tolerance: Tolerance = None,
    probability: Probability = None,
    maximum: Maximum = None,
    as_json: AsJson = False,
) -> None:
    """Say what stop-loss cover costs and does; `STOP_LOSS_HELP` is what the user reads."""
    with failing_in_one_line():
        multiples = _numbers("--attachment", attachment)
        shares = [share / 100 for share in _numbers("--kept", kept)]
        settings = chosen_settings(tolerance, probability, None, maximum)
        fitted = fitted_from(file)
        from analysis.own.people.measures import stop_loss_table
        from analysis.own.people.report.words import records, rounded, with_interval

        covers = stop_loss_table(fitted, settings, multiples, shares)
        warnings = fit_warnings(fitted, settings)
    if as_json:
        print_json(
            {
                "format": 1,
                "cells": fitted.manifest,
                "settings": vars(settings),
                "stop_loss": records(covers),
                "warnings": warnings,
            }
        )
        return
    rows = [
        (
            rounded(row["attachment"]),
            f"{row['multiple']:g}",
            f"{100 * row['share_kept']:g}%",
            with_interval(row, "premium"),
            with_interval(row, "k"),
            with_interval(row, "people", "count"),
        )
        for row in records(covers)
    ]
    headings = ["attachment point", "times the mean", "pool keeps", "premium a head", "k left"]
    print_table([*headings, "smallest pool"], rows, right=(0, 1, 2))
    print(
        f"Smallest pool: overspends by more than {100 * settings.tolerance:g}% in at most "
        f"{100 * settings.probability:g}% of years. Medians and {INTERVAL_WORDS}s, chance alone."
    )
    tell_warnings(warnings)


def _numbers(option: str, text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) > 50:
        raise InputError(f"{option} {text!r}: give numbers with commas between them, such as 5,10")
    return numbers
