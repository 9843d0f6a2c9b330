"""`python -m analysis fit`: the book's cost model on a reader's own cells."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import check_output_path, write_output
from analysis.commands.own_population import (
    AsJson,
    Maximum,
    chosen_settings,
    fit_warnings,
    fitted_from,
    tell_warnings,
)
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError, printable
from analysis.settings import INTERVAL_WORDS

FIT_HELP = "\n\n".join(
    [
        "Fit the book's cost model to cells, and say what budgets that follow them explain.",
        "Prints k (the standard deviation of one person's annual cost over its mean) with one "
        "budget for everybody and with adjusted budgets, the share of variance explained, and how "
        "well the sampler converged. With --out the fit is kept; the other commands take it, but "
        "can do without.",
        "Example: python -m analysis fit cells.parquet --out fit.nc",
    ]
)


def fit(
    cells: Annotated[
        Path, typer.Argument(help="Cells (.parquet), from `cells`.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="NetCDF file to write; replaced if it exists.", show_default=False),
    ] = None,
    maximum: Maximum = None,
    as_json: AsJson = False,
) -> None:
    """Fit the cost model to cells; `FIT_HELP` is what the user reads."""
    with failing_in_one_line():
        if out is not None:
            check_output_path(out, (".nc",), [cells])
        if cells.suffix.lower() != ".parquet":
            raise InputError(f"{cells.name}: give cells (.parquet), made by `cells`")
        from analysis.own.people.files import fit_netcdf
        from analysis.own.people.measures import explained
        from analysis.own.people.report.words import by_name, records, with_interval

        settings = chosen_settings(None, None, None, maximum)
        fitted = fitted_from(cells)
        explained_by, warnings = explained(fitted, settings), fit_warnings(fitted, settings)
        if out is not None:
            write_output(out, fit_netcdf(fitted))
    if as_json:
        print_json(
            {
                "format": 1,
                "cells": fitted.manifest,
                "explained": records(explained_by),
                "warnings": warnings,
                "diagnostics": [part.as_dict() for part in fitted.diagnostics],
                "out": None if out is None else str(out),
            }
        )
        return
    names = {
        "k_unadjusted": "k, one budget for everybody",
        "k_adjusted": "k, adjusted budgets",
        "r_squared": "share of variance explained (R²)",
        "mean_cost": "mean annual cost a person",
    }
    rows = [(names[name], with_interval(row)) for name, row in by_name(explained_by).items()]
    print_table(["", f"median ({INTERVAL_WORDS})"], rows)
    worst = max(part.max_rhat for part in fitted.diagnostics)
    least = min(part.min_ess_bulk for part in fitted.diagnostics)
    print(f"Converged: largest R-hat {worst:.4f}, least bulk effective sample size {least:,.0f}.")
    tell_warnings(warnings)
    if out is not None:
        print(f"{printable(str(out))}: written.")
