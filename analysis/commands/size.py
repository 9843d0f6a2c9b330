"""`python -m analysis size`: how large a pool of a reader's own people must be."""

from textwrap import fill

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.own_population import (
    WIDEST,
    AsJson,
    Input,
    Lasting,
    Maximum,
    Probability,
    Tolerance,
    chosen_settings,
    fit_warnings,
    fitted_from,
    tell_warnings,
)
from analysis.commands.tables import print_json
from analysis.settings import INTERVAL_WORDS

SIZE_HELP = "\n\n".join(
    [
        "Say how many people a pool needs before chance alone rarely breaks its budget.",
        f"Three answers with {INTERVAL_WORDS}s: with budgets that follow the cells, with one "
        "budget for everybody, and if pools also differ lastingly, which one year of costs cannot "
        "show and is assumed.",
        "Example: python -m analysis size cells.parquet --tolerance 2 --probability 5",
    ]
)


def size(
    file: Input,
    tolerance: Tolerance = None,
    probability: Probability = None,
    lasting: Lasting = None,
    maximum: Maximum = None,
    as_json: AsJson = False,
) -> None:
    """Say how large a pool must be; `SIZE_HELP` is what the user reads."""
    with failing_in_one_line():
        settings = chosen_settings(tolerance, probability, lasting, maximum)
        fitted = fitted_from(file)
        from analysis.own.people.measures import sizes, tolerance_of_any_size
        from analysis.own.people.report.basis import basis_words
        from analysis.own.people.report.words import records, size_words

        needed, warnings = sizes(fitted, settings), fit_warnings(fitted, settings)
    any_size = tolerance_of_any_size(settings)
    if as_json:
        print_json(
            {
                "format": 1,
                "cells": fitted.manifest,
                "settings": vars(settings),
                "sizes": records(needed),
                "tolerance_of_any_size": any_size,
                "warnings": warnings,
            }
        )
        return
    words = {row["case"]: size_words(row) for row in records(needed)}
    share, years = f"{100 * settings.tolerance:g}%", f"{100 * settings.probability:g}% of years"
    print(
        f"Smallest pool that overspends by more than {share} in at most {years}:\n"
        f"  chance alone, adjusted budgets:         {words['adjusted']}\n"
        f"  chance alone, one budget for everybody: {words['unadjusted']}"
    )
    if settings.lasting:
        differ = f"and pools differ by {100 * settings.lasting:g}% lastingly:"
        print(f"  {differ:39} {words['lasting']}")
        print(
            f"The {100 * settings.lasting:g}% is an assumption (--lasting). Under it even the "
            f"largest pool overspends by {100 * any_size:.1f}% or more in "
            f"{100 * settings.probability:g}% of years."
        )
    if told := basis_words(fitted):
        print(fill(told, WIDEST))
    tell_warnings(warnings)
