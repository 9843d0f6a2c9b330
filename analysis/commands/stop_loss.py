"""`python -m analysis stop-loss`: what cover costs, and what it does to the minimum size."""

from typing import TYPE_CHECKING, Annotated, Any

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
    tell_basis,
    tell_warnings,
)
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError
from analysis.settings import INTERVAL_WORDS

if TYPE_CHECKING:
    import pandas as pd

    from analysis.own.people.fitting import OwnFit
    from analysis.own.people.group_stop_loss import Group
    from analysis.own.people.settings import Settings

STOP_LOSS_HELP = "\n\n".join(
    [
        "Say what stop-loss cover of single people costs a head, and how small a pool may be "
        "with it.",
        "Cover pays what a person costs above an attachment point in a year; with coinsurance the "
        "pool keeps a share of that. The premium is what is expected to be paid, without loading.",
        "--trend and --years carry costs to the contract year; the attachment points stay the "
        "amounts that they are, so that premiums grow faster than costs.",
        "With --people, the answer for one group of so many people: the premium of this specific "
        "cover, and of aggregate cover that pays once the group's retained cost passes its "
        "expected one by the corridor. A laser is one person's own, higher attachment point; what "
        "lies between stays with the group, outside both covers.",
        "Example: python -m analysis stop-loss cells.parquet --attachment 10 --kept 0 --people 500 "
        "--corridor 25 --trend 7 --years 2",
    ]
)


def stop_loss(  # noqa: PLR0913 - one argument an option
    file: Input,
    attachment: Annotated[
        str, typer.Option(help="Attachment points, in multiples of the mean cost of the data.")
    ] = "5,10,25,50,100",
    kept: Annotated[
        str, typer.Option(help="Shares of the excess that the pool keeps, percent.")
    ] = "0,20",
    people: Annotated[
        int | None, typer.Option(help="Size of a group that buys cover.", show_default=False)
    ] = None,
    corridor: Annotated[
        float,
        typer.Option(help="With --people: where aggregate cover begins, percent above expected."),
    ] = 25.0,
    laser: Annotated[
        str,
        typer.Option(help="With --people: lasers, amounts with commas.", show_default=False),
    ] = "",
    trend: Annotated[float, typer.Option(help="Growth of costs, percent a year.")] = 0.0,
    years: Annotated[
        float, typer.Option(help="Years from the data to the contract year, middle to middle.")
    ] = 1.0,
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
        lasers = tuple(_numbers("--laser", laser)) if laser else ()
        if people is None and lasers:
            raise InputError("--laser: is for one group; give its size with --people")
        from analysis.own.people.group_stop_loss import Group, group_stop_loss_table, growth_factor
        from analysis.own.people.measures import stop_loss_table
        from analysis.own.people.report.words import records

        growth = growth_factor(trend / 100, years)
        group = None if people is None else Group(people, corridor / 100, lasers)
        fitted = fitted_from(file)
        if group is None:
            covers = stop_loss_table(fitted, settings, multiples, shares, growth)
        else:
            pairs = [(multiple, share) for multiple in multiples for share in shares]
            covers = group_stop_loss_table(fitted, settings, group, pairs, growth)
        warnings = fit_warnings(fitted, settings)
    if as_json:
        print_json(
            {
                "format": 1,
                "cells": fitted.manifest,
                "settings": vars(settings),
                "growth": growth,
                "group": None if group is None else vars(group),
                "stop_loss": records(covers),
                "warnings": warnings,
            }
        )
        return
    _tell_pool(covers, settings) if group is None else _tell_group(covers, group)
    _tell_whom(fitted, growth)
    tell_warnings(warnings)


def _tell_whom(fitted: "OwnFit", growth: float) -> None:
    """Print for which year and whom the answer is."""
    if growth != 1:
        print(
            f"Costs are {100 * (growth - 1):+.1f}% on those of the data, and the attachment points "
            "are not, so the excess above them moves by more."
        )
    tell_basis(fitted)


def _terms(row: dict[str, Any]) -> tuple[str, str, str]:
    from analysis.own.people.report.words import rounded

    return rounded(row["attachment"]), f"{row['multiple']:g}", f"{100 * row['share_kept']:g}%"


_TERMS = ["attachment point", "times the mean", "pool keeps"]


def _tell_pool(covers: "pd.DataFrame", settings: "Settings") -> None:
    """Print premiums and smallest pools."""
    from analysis.own.people.report.words import records, with_interval

    rows = [
        (
            *_terms(row),
            with_interval(row, "premium"),
            with_interval(row, "k"),
            with_interval(row, "people", "count"),
        )
        for row in records(covers)
    ]
    print_table([*_TERMS, "premium a head", "k left", "smallest pool"], rows, right=(0, 1, 2))
    print(
        f"Smallest pool: overspends by more than {100 * settings.tolerance:g}% in at most "
        f"{100 * settings.probability:g}% of years. Medians and {INTERVAL_WORDS}s, chance alone."
    )


def _tell_group(covers: "pd.DataFrame", group: "Group") -> None:
    """Print both premiums and what one group keeps."""
    from analysis.own.people.report.words import records, rounded, with_interval

    told = records(covers)
    money = ("specific", "aggregate", "most")
    rows = [
        (
            *_terms(row),
            *(with_interval(row, name) for name in money),
            with_interval(row, "aggregate_pays", "probability"),
        )
        for row in told
    ]
    headings = ["specific premium", "aggregate premium", "most to pay", "aggregate pays"]
    print_table([*_TERMS, *headings], rows, right=(0, 1, 2))
    print(
        f"A group of {group.people:,}, a head and without loading; expected without cover "
        f"{with_interval(told[0], 'expected')}. Aggregate cover begins {100 * group.corridor:g}% "
        f"above the expected retained cost. Medians and {INTERVAL_WORDS}s, chance alone."
    )
    if group.lasers:
        least = min(told, key=lambda row: float(row["attachment"]))
        print(
            f"Lasers leave the group up to {rounded(least['laser_excess'])} more in all, above an "
            f"attachment point of {rounded(least['attachment'])}; no cover counts it."
        )


def _numbers(option: str, text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) > 50:
        raise InputError(f"{option} {text!r}: give numbers with commas between them, such as 5,10")
    return numbers
