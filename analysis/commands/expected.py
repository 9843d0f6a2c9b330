"""`python -m analysis expected`: actual over expected cost of a reader's people, by factor."""

from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.own_population import (
    WIDEST,
    AsJson,
    Input,
    Maximum,
    chosen_settings,
    fitted_from,
)
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError, printable
from analysis.settings import INTERVAL_WORDS

EXPECTED_HELP = "\n\n".join(
    [
        "Say what people cost over what a budget formula expects (A/E), by level of each factor.",
        "The formula pays every group of its factors the mean cost of a member-year there: of "
        "these people, or with --against of the people of other cells, such as a whole book of "
        "business. Where it is these people's own, A/E of its own factors is 1, and the other "
        "factors show whom it pays too little or too much.",
        "Example: python -m analysis expected cells.parquet --formula age --against book.parquet",
    ]
)


def expected(
    file: Input,
    formula: Annotated[
        str | None,
        typer.Option(
            help="Factors that budgets follow, with commas; none: one budget for everybody.",
            show_default="none; with --against those of both files",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Cells whose mean costs are the budgets.", show_default=False),
    ] = None,
    maximum: Maximum = None,
    as_json: AsJson = False,
) -> None:
    """Say what people cost over what is expected; `EXPECTED_HELP` is what the user reads."""
    with failing_in_one_line():
        settings = chosen_settings(None, None, None, maximum)
        fitted = fitted_from(file)
        book = None if against is None else fitted_from(against)
        from analysis.own.people.actual_expected import actual_over_expected
        from analysis.own.people.report.words import records

        known = () if book is None else book.cells.factors
        factors = _factors(formula, [name for name in fitted.cells.factors if name in known])
        found = actual_over_expected(fitted, settings, factors, book)
    if as_json:
        print_json(
            {
                "format": 1,
                "cells": fitted.manifest,
                "against": None if book is None else book.manifest,
                "formula": factors,
                "settings": {"maximum": settings.maximum},
                "actual_expected": records(found),
            }
        )
        return
    _tell(records(found), fitted.cover < 1)
    follow = f"follow {', '.join(factors)}" if factors else "are the same for everybody"
    whose = "these people" if against is None else f"the people of {printable(against.name)}"
    print(
        fill(
            f"Budgets {follow}, at the mean cost of a member-year of {whose}. {INTERVAL_WORDS}s "
            "allow for chance alone: that one year's few costly people fall where they fall.",
            WIDEST,
        )
    )


def _tell(levels: list[dict[str, Any]], part_years: bool) -> None:
    """Print one row a level."""
    from analysis.own.people.report.words import rounded, with_interval

    counted = "member_years" if part_years else "people"
    rows = [
        (
            f"{row['factor']} {row['level']}".strip(),
            f"{row[counted]:,.0f}",
            rounded(row["actual"]),
            rounded(row["expected"]),
            with_interval(row | {"value": row["ratio"]}),
        )
        for row in levels
    ]
    headings = ["", counted.replace("_", "-"), "actual", "expected", "A/E"]
    print_table(headings, rows, right=(1, 2, 3))


def _factors(formula: str | None, usual: list[str]) -> list[str]:
    """The factors of a formula, as an option names them."""
    if formula is None:
        return usual
    names = [name.strip() for name in formula.split(",") if name.strip()]
    if not names or len(set(names)) < len(names):
        raise InputError(f"--formula {formula!r}: give columns of --by once each, or none")
    return [] if names == ["none"] else names
