"""`python -m analysis size`: how large a pool of a reader's own people must be."""

from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
    tell_basis,
    tell_warnings,
)
from analysis.commands.tables import print_json, print_table
from analysis.errors import InputError
from analysis.settings import INTERVAL_WORDS

if TYPE_CHECKING:
    from analysis.own.people.fitting import OwnFit
    from analysis.own.people.own_years import OwnYears
    from analysis.own.people.settings import Settings

SIZE_HELP = "\n\n".join(
    [
        "Say how many people a pool needs before chance alone rarely breaks its budget.",
        f"Three answers with {INTERVAL_WORDS}s: with budgets that follow the cells, with one "
        "budget for everybody, and if pools also differ lastingly, which one year of costs cannot "
        "show and is assumed. Then the first answer without the costliest person.",
        "--compare puts RAND, a US survey and the Netherlands beside it at the same ages. With "
        "--people and --years: how far the own years of a group of so many people may be believed "
        "beside its budget (credibility).",
        "Example: python -m analysis size cells.parquet --tolerance 2 --probability 5",
    ]
)


def size(  # noqa: PLR0913 - one argument an option
    file: Input,
    tolerance: Tolerance = None,
    probability: Probability = None,
    lasting: Lasting = None,
    maximum: Maximum = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Put other populations beside the answer.")
    ] = False,
    people: Annotated[
        int | None,
        typer.Option(help="Size of a group that has costs of its own.", show_default=False),
    ] = None,
    years: Annotated[
        float | None,
        typer.Option(help="With --people: years of its own costs.", show_default="1"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how large a pool must be; `SIZE_HELP` is what the user reads."""
    with failing_in_one_line():
        settings = chosen_settings(tolerance, probability, lasting, maximum)
        own = _own_years(people, years)
        fitted = fitted_from(file)
        found = _answers(fitted, settings, own, compare)
    if as_json:
        print_json(found)
        return
    _tell_sizes(found, settings)
    _tell_one(found["costliest_person"])
    tell_basis(fitted)
    if own is not None:
        _tell_own_years(found["own_years"], settings)
    if compare:
        _tell_others(found["other_populations"])
    tell_warnings(found["warnings"])


def _answers(
    fitted: "OwnFit", settings: "Settings", own: "OwnYears | None", compare: bool
) -> dict[str, Any]:
    """Everything that is asked, as JSON has it."""
    from analysis.own.people.comparison import beside_others
    from analysis.own.people.costliest import answer_without, share_of_one, without_one
    from analysis.own.people.measures import sizes, tolerance_of_any_size
    from analysis.own.people.own_years import own_years_credibility
    from analysis.own.people.report.words import records

    share = dict(
        zip(("share", "share_least", "share_most"), share_of_one(fitted.cells), strict=True)
    )
    without = answer_without(fitted, settings, without_one).loc[["people"]]
    size = without.rename(columns={"value": "people"}).reset_index(drop=True)
    believed = own and vars(own) | {
        "credibility": records(own_years_credibility(fitted, settings, own))
    }
    return {
        "format": 1,
        "cells": fitted.manifest,
        "settings": vars(settings),
        "sizes": records(sizes(fitted, settings)),
        "costliest_person": share | records(size)[0],
        "tolerance_of_any_size": tolerance_of_any_size(settings),
        "own_years": believed,
        "other_populations": records(beside_others(fitted, settings)) if compare else None,
        "warnings": fit_warnings(fitted, settings),
    }


def _own_years(people: int | None, years: float | None) -> "OwnYears | None":
    """The group whose own years are asked about, if one is."""
    from analysis.own.people.own_years import OwnYears

    if people is None:
        if years is not None:
            raise InputError("--years: is for one group; give its size with --people")
        return None
    return OwnYears(people, 1.0 if years is None else years)


def _tell_sizes(found: dict[str, Any], settings: "Settings") -> None:
    """Print the three sizes."""
    from analysis.own.people.report.words import size_words

    words = {row["case"]: size_words(row) for row in found["sizes"]}
    any_size = found["tolerance_of_any_size"]
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


def _tell_one(one: dict[str, Any]) -> None:
    """Print how much one person matters."""
    from analysis.own.people.report.words import size_words

    about, least, most = (f"{one[name]:.1%}" for name in ("share", "share_least", "share_most"))
    print(
        fill(
            f"The costliest person brings about {about} of the second moment of cost, which the "
            f"size goes with ({least} to {most}: cells tell nobody's cost). Without them adjusted "
            f"budgets need {size_words(one)}.",
            WIDEST,
        )
    )


def _tell_own_years(own: dict[str, Any], settings: "Settings") -> None:
    """Print the credibility of a group's own years."""
    from analysis.own.people.report.words import with_interval
    from analysis.risk.credibility import FULL_ERROR, FULL_PROBABILITY

    rows = {row["measure"]: row for row in own["credibility"]}
    values = {name: with_interval(row) for name, row in rows.items() if name != "full"}
    years = f"{own['years']:g} year{'s' * (own['years'] != 1)}"
    print(
        f"A group of {own['people']:,} people and {years} of its own: weight (Z) of that\n"
        f"  Bühlmann, groups differ by {100 * settings.lasting:g}%:    {values['buhlmann']}\n"
        f"  limited fluctuation, square root: {values['limited_fluctuation']}"
    )
    print(
        fill(
            "The rest of the weight has what the budget expects. Full credibility (within "
            f"{FULL_ERROR:.0%} in {FULL_PROBABILITY:.0%} of cases) takes "
            f"{with_interval(rows['full'], unit='count')} people times years. "
            "How far groups differ is assumed (--lasting), and years count as independent: with "
            "people who stay costly, further years are worth less.",
            WIDEST,
        )
    )


def _tell_others(rows: list[dict[str, Any]]) -> None:
    """Print the answer beside that of other populations."""
    import pandas as pd

    from analysis.own.people.comparison import comparison_sentences, scope_sentence
    from analysis.own.people.report.data_sections import BESIDE_HEADINGS, beside_rows

    beside = pd.DataFrame(rows)
    print("With one budget for everybody of these ages, beside other populations:")
    print_table(BESIDE_HEADINGS, beside_rows(beside), right=(3,))
    for sentence in [*comparison_sentences(beside), scope_sentence(beside)]:
        print(fill(sentence, WIDEST))
