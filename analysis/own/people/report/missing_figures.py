"""Figures of the book that one year of a reader's cells does not hold, and what each would take."""

from collections.abc import Iterable
from dataclasses import dataclass

YEARS = "the same pools over several years"
SERVICES = "costs by service"
ORGANISATIONS = "sizes of your own organisations"
SOURCES = "other sources on the same people"
GROUPS = "cells of more than one group"
SURVEY = "two years of the same people, and their conditions"
FORESIGHT = "what pools foresee of their own need"
EFFORT = "how savings answer to a share at risk"
HELD_OUT = "people that the fit has not seen"
RUNNING = "what running an organisation costs"


@dataclass(frozen=True)
class BookFigure:
    """A figure of the book.

    Attributes
    ----------
    chapter : str
        Name of its notebook.
    shows : str
        In a few words.
    takes : str
        What data must hold for it beyond one year of anybody's cells; empty if nothing.
    """

    chapter: str
    shows: str
    takes: str = ""


BOOK_FIGURES: dict[str, BookFigure] = {
    "chance-and-loss": BookFigure("risk-adjustment", "k and predictable loss by budget", GROUPS),
    "cost-by-age-sex": BookFigure("risk-adjustment", "mean cost by group"),
    "tail-calibration": BookFigure("risk-adjustment", "large costs against the model", HELD_OUT),
    "deciles": BookFigure("risk-adjustment", "predicted over observed cost by tenth", GROUPS),
    "ratios-by-health": BookFigure("risk-adjustment", "budget over cost by group", GROUPS),
    "profit": BookFigure("risk-adjustment", "what choosing patients could earn", GROUPS),
    "ratios-today": BookFigure("risk-adjustment", "budget over cost, with conditions", SURVEY),
    "k-by-population": BookFigure("cost-variance", "k by population", SOURCES),
    "chance-by-size": BookFigure("cost-variance", "chance by size of the pool"),
    "survival": BookFigure("cost-variance", "people above each cost"),
    "k-sensitivity": BookFigure("cost-variance", "what k rests on"),
    "organisations-on-map": BookFigure("minimum-size", "organisations on the map", ORGANISATIONS),
    "overspend-by-size": BookFigure("minimum-size", "how often chance breaks a budget"),
    "size-map": BookFigure("minimum-size", "minimum size by reading of safe"),
    "size-by-population": BookFigure("minimum-size", "minimum size by design"),
    "bearable-by-size": BookFigure("minimum-size", "overspend to be borne by size"),
    "cost-by-size": BookFigure("minimum-size", "the cheapest size", RUNNING),
    "premium-and-size": BookFigure("stop-loss", "premium and size by attachment point"),
    "break-even": BookFigure("stop-loss", "loading at which cover pays"),
    "spiral": BookFigure("stop-loss", "how voluntary cover unravels", FORESIGHT),
    "spread-by-source": BookFigure("lasting-differences", "spread by size and source", SOURCES),
    "lag-correlation": BookFigure("lasting-differences", "how results last", YEARS),
    "removed-and-left": BookFigure("carve-outs", "what carve-outs take and leave"),
    "service-concentration": BookFigure("carve-outs", "carving out a service", SERVICES),
    "services-k": BookFigure("carve-outs", "k without each kind of care", SERVICES),
    "effects-by-share": BookFigure("strength-of-incentives", "what a share at risk brings", EFFORT),
    "foreseeable-profit": BookFigure(
        "strength-of-incentives",
        "profit by decile under four budgets",
        "health and last year's cost of each person",
    ),
    "practice-credibility": BookFigure(
        "strength-of-incentives", "credibility of a practice", YEARS
    ),
}
"""Every figure of the chapters on risk, by its name there."""


def missing_figures(drawn: Iterable[str]) -> list[str]:
    """Return a line for each figure of the book that a report does not have.

    Parameters
    ----------
    drawn : iterable of str
        Names of the report's figures.

    Returns
    -------
    list of str
        What the figure shows, its chapter, and what it would take.
    """
    names_drawn = set(drawn)
    absent = {name: figure for name, figure in BOOK_FIGURES.items() if name not in names_drawn}
    return [
        f"The book's figure {name} ({figure.shows}; chapter {figure.chapter}) takes "
        f"{figure.takes or 'more people with large costs'}."
        for name, figure in absent.items()
    ]
