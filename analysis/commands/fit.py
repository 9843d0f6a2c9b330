"""`python -m analysis fit`: the book's cost model on a reader's own cells."""

from textwrap import fill

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.own_population import (
    WIDEST,
    AsJson,
    Input,
    Maximum,
    chosen_settings,
    fit_warnings,
    fitted_from,
    tell_warnings,
)
from analysis.commands.tables import print_json, print_table
from analysis.settings import INTERVAL_WORDS

FIT_HELP = "\n\n".join(
    [
        "Fit the book's cost model to cells, and say what budgets that follow them explain.",
        "Prints k (the standard deviation of one person's annual cost over its mean) with one "
        "budget for everybody and with adjusted budgets, the share of variance explained, and the "
        "same of the costs themselves. A fit takes a second and is always the same, so the other "
        "commands make their own.",
        "Example: python -m analysis fit cells.parquet",
    ]
)


def fit(file: Input, maximum: Maximum = None, as_json: AsJson = False) -> None:
    """Fit the cost model to cells; `FIT_HELP` is what the user reads."""
    with failing_in_one_line():
        settings = chosen_settings(None, None, None, maximum)
        fitted = fitted_from(file)
        from analysis.own.people.checks import observed_variation
        from analysis.own.people.measures import explained
        from analysis.own.people.report.basis import basis_words
        from analysis.own.people.report.words import by_name, records, rounded, with_interval

        explained_by, warnings = explained(fitted, settings), fit_warnings(fitted, settings)
        observed = observed_variation(fitted, settings)
    if as_json:
        print_json(
            {
                "format": 2,
                "cells": fitted.manifest,
                "explained": records(explained_by),
                "observed": records(observed),
                "warnings": warnings,
            }
        )
        return
    names = _names(fitted.cover < 1)
    seen = {name: rounded(row["observed"]) for name, row in by_name(observed).items()}
    rows = [
        (names[name][0], with_interval(row), seen.get(names[name][1], "-"))
        for name, row in by_name(explained_by).items()
    ]
    print_table(["", f"median ({INTERVAL_WORDS})", "of the costs themselves"], rows)
    if told := basis_words(fitted):
        print(fill(told, WIDEST))
    tell_warnings(warnings)


def _names(part_years: bool) -> dict[str, tuple[str, str]]:
    """What measures are called, and the measure of the costs themselves that stands beside."""
    names = {
        "k_unadjusted": ("k, one budget for everybody", "k"),
        "k_adjusted": ("k, adjusted budgets", "k_within"),
        "r_squared": ("share of variance explained (R²)", ""),
        "mean_cost": ("mean annual cost a person", "mean_cost"),
    }
    if not part_years:
        return names
    return names | {
        "k_unadjusted": ("k of a head, one budget for everybody", "k"),
        "k_adjusted": ("k of a head, adjusted budgets", "k_within"),
        "mean_cost": ("mean cost of a head, as long as covered", "mean_cost"),
        "k_unadjusted_year": ("k of a year of cover, one budget for everybody", ""),
        "k_adjusted_year": ("k of a year of cover, adjusted budgets", ""),
        "mean_cost_year": ("mean cost of a member-year", ""),
    }
