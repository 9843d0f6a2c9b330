"""Shapes of cost of today's US plan members against those of the populations of this book.

The continuance tables of the Actuarial Value Calculator are of a whole market, with hardly any old
people and no far tail; all are cut alike (`cut_costs`). Nothing here was fitted to them. Their four
tiers differ, because the sick choose other plans than the well, so their mean is what is expected.
"""

from collections.abc import Mapping
from functools import cache, partial

import numpy as np
import pandas as pd

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.cut_costs import continuance_costs, shapes
from analysis.chapters.validation.populations import IN_WORDS
from analysis.chapters.validation.tolerances import because_k, proportional
from analysis.evidence.av_2026 import TIERS
from analysis.report.draws_text import interval_text, rounded_text
from analysis.risk.cost_distribution import CostDistribution

COMPARED = ("rand", "rand_free_care", "meps_under_65")
"""Populations without people over 64."""

SHAPES = {
    "k_cut": "k of cut cost",
    "over_5": "Cut cost above 5 times its mean",
}
"""What is compared: all chance in cut cost, and what stop-loss cover of that layer would pay."""

SOURCE = "CMS, Actuarial Value Calculator 2026, continuance tables"

COLUMNS = {
    "without_cost": "Without any cost",
    "costliest_1": "Costliest 1%: share of cost, not cut",
    "above_cut": "Above the cut",
    "costliest_5": "Costliest 5%: share of cost",
    "costliest_10": "Costliest 10%: share of cost",
    "over_2": "Above 2 times the mean: share of cost",
    "over_5": "Above 5 times the mean: share of cost",
    "k_cut": "k",
}
"""Headings of the table; those after `above_cut` are of cut cost."""


@cache
def tier_shapes() -> dict[str, dict[str, np.ndarray]]:
    """Return the shapes of each tier's costs, one draw each, see `cut_costs.shapes`."""
    return {tier: shapes(continuance_costs(tier)) for tier in TIERS}


def comparison_table(people: Mapping[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    """Return the shapes of every tier and population, one row each, as the chapter shows them.

    Parameters
    ----------
    people : mapping
        Shapes by population, a key of `populations.IN_WORDS`.
    """
    tiers = {f"Plan members, {tier}, 2026": found for tier, found in tier_shapes().items()}
    rows = {
        **{name: _texts(found) for name, found in tiers.items()},
        **{IN_WORDS[name]: _texts(found) for name, found in people.items()},
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename(columns=COLUMNS)
    return table.rename_axis("Whose costs").reset_index()


def _texts(found: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {name: _text(name, found[name]) for name in COLUMNS}


def _text(name: str, draws: np.ndarray) -> str:
    unit, decimals = ("none", 2) if name == "k_cut" else ("probability", 1)
    if len(draws) > 1:
        return interval_text(draws, unit, decimals)
    # A tier: no sampling error is known, and its costliest were moved down.
    text = rounded_text(float(draws[0]), unit)
    return f"{text} or more" if name == "costliest_1" else text


def _name(shape: str, population: str) -> str:
    return f"{SHAPES[shape]}: {IN_WORDS[population]}"


def declare(ledger: Ledger) -> None:
    """Enter one check for each shape and population."""
    for shape in SHAPES:
        expected = float(np.mean([tier[shape][0] for tier in tier_shapes().values()]))
        for population in COMPARED:
            ledger.declare(
                Check(
                    name=_name(shape, population),
                    kind="published",
                    what=_name(shape, population),
                    expected=expected,
                    tolerance=proportional(expected, last_digit=0.0),
                    because=because_k() if shape == "k_cut" else "the same share of it as of k",
                    source=SOURCE,
                )
            )


def evaluate(ledger: Ledger, people: Mapping[str, CostDistribution]) -> None:
    """Compare every population with the mean of the tiers, see `populations`."""
    for population in COMPARED:
        found = shapes(people[population])
        for shape in SHAPES:
            ledger.evaluate(_name(shape, population), partial(_value, found[shape]))


def _value(draws: np.ndarray) -> np.ndarray:
    return draws
