"""What the commands on a reader's own cells share: reading, fitting, settings."""

from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.own.people.fitting import OwnFit
    from analysis.own.people.settings import Settings

WIDEST = 88
"""Columns of a sentence, which must not run out of sight where lines are not folded."""

Input = Annotated[
    Path,
    typer.Argument(
        help="Cells (.parquet), from `cells`; or people of one year, from `people`, which are made "
        "into cells by age and sex first.",
        show_default=False,
    ),
]
Tolerance = Annotated[
    float | None,
    typer.Option(
        help="Overspend that a pool can bear, percent of the budget.",
        show_default="2",
    ),
]
Probability = Annotated[
    float | None,
    typer.Option(
        help="Acceptable share of years with a larger one, percent.",
        show_default="5",
    ),
]
Lasting = Annotated[
    float | None,
    typer.Option(
        help="How far pools differ lastingly (tau), one standard deviation, percent of the budget; "
        "0: not at all.",
        show_default="as US organisations of the calibration",
    ),
]
Maximum = Annotated[
    float | None,
    typer.Option(
        help="Largest possible annual cost of a person, in multiples of the mean.",
        show_default="1000",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and no words.")]


def chosen_settings(
    tolerance: float | None,
    probability: float | None,
    lasting: float | None = None,
    maximum: float | None = None,
) -> "Settings":
    """Return settings from what was given, percent, and the book's assumptions for the rest.

    Parameters
    ----------
    tolerance, probability, lasting : float, optional
        Percent.
    maximum : float, optional
        Multiples of the mean cost.

    Raises
    ------
    InputError
        If one is outside its range.
    """
    from analysis.own.people.settings import Settings, default_settings

    usual = default_settings()
    return Settings(
        tolerance=usual.tolerance if tolerance is None else tolerance / 100,
        probability=usual.probability if probability is None else probability / 100,
        lasting=usual.lasting if lasting is None else lasting / 100,
        maximum=usual.maximum if maximum is None else maximum,
    )


def fitted_from(file: Path) -> "OwnFit":
    """Return the cost model of the cells in a file, or of the people of one year.

    Raises
    ------
    InputError
        If the file is of another kind, absent or damaged.
    """
    from analysis.errors import InputError

    if file.suffix.lower() != ".parquet":
        raise InputError(f"{file.name}: give cells (.parquet), made by `cells`")
    from analysis.own.people.fitting import fit_cells
    from analysis.own.people.from_people import cells_of_people, is_people
    from analysis.population.cell_files import read_cells

    return fit_cells(*(cells_of_people(file) if is_people(file) else read_cells(file)))


def tell_basis(fitted: "OwnFit") -> None:
    """Print whom answers are for: nothing where every row is a person covered all year."""
    from analysis.own.people.report.basis import basis_words

    if told := basis_words(fitted):
        print(fill(told, WIDEST))


def fit_warnings(fitted: "OwnFit", settings: "Settings") -> list[str]:
    """Return a sentence for each way in which much rests on few people, or on nobody seen.

    Returns
    -------
    list of str
        Those of the report, so that nobody has to write one to be told.
    """
    from analysis.own.people.costliest import cautions, resting_on_few

    return cautions(resting_on_few(fitted, settings))


def tell_warnings(warnings: list[str]) -> None:
    """Print sentences below the answer that they are about.

    Parameters
    ----------
    warnings : list of str
        From `fit_warnings`.
    """
    width = min(get_terminal_size().columns, WIDEST)
    for warning in warnings:
        print(fill(f"Mind: {warning}", width))
