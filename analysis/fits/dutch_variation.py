"""Variation of one person and spread of places in the Netherlands in 2015, from group means.

The model of `analysis.models.group_means` fitted to the sums of 388 municipalities. It takes about
a second a scope of care, so its draws are made when they are asked for. People are counted in
insured years: counted by heads, k would be a hundredth higher.
"""

from functools import cache

import numpy as np

from analysis.errors import InputError
from analysis.evidence.vektis import AGES, classes, municipalities
from analysis.fits.group_priors import group_priors
from analysis.models.group_means.between import GroupSpread
from analysis.models.group_means.fit import GroupFit, fit_sums
from analysis.models.group_means.scatter import ScatterSums
from analysis.seeds import seed_for

DRAWS = 4_000

SUMS = (
    *("insured_years", "cost_euros", "expected_euros", "chance_euros_squared"),
    *("scatter", "scatter_of_chance", "scatter_of_differences"),
)
"""Columns of the package in the order of `ScatterSums`."""


@cache
def dutch_fit(scope: str = "all_care") -> GroupFit:
    """Return the fit to one of `analysis.evidence.vektis.scopes`; its parts are `AGES`."""
    table = municipalities(scope).set_index(["municipality", "ages"])[list(SUMS)].unstack("ages")
    sums = ScatterSums(*(table[name][list(AGES)].to_numpy() for name in SUMS))
    generator = np.random.default_rng(seed_for(f"dutch variation {scope}"))
    return fit_sums(sums, group_priors(), DRAWS, generator)


def dutch_k(ages: str = "all", scope: str = "all_care", adjusted: bool = True) -> np.ndarray:
    """Return draws of k of one insured year in the Netherlands in 2015, shape (draw,).

    Parameters
    ----------
    ages : {"all", "under_65", "over_64"}
    scope : str
        One of `analysis.evidence.vektis.scopes`.
    adjusted : bool
        Within age and sex, as under budgets that follow them; else with what classes of age and
        sex of these ages differ by.
    """
    if ages not in ("all", *AGES):
        raise InputError(f"ages {ages!r}: give one of all, {', '.join(AGES)}")
    known = classes(scope)
    chosen = known[known["ages"].isin(AGES if ages == "all" else [ages])]
    years, mean = chosen["insured_years"].to_numpy(), chosen["mean_cost_euros"].to_numpy()
    money = years / years.sum() * (mean / np.average(mean, weights=years)) ** 2
    squared = np.zeros(DRAWS)
    for number, part in enumerate(AGES):
        inside = (chosen["ages"] == part).to_numpy()
        if inside.any():
            squared += dutch_fit(scope).squared_k[:, number] * _weight(years, mean, inside)
    return np.sqrt(squared if adjusted else squared + money.sum() - 1)


def _weight(years: np.ndarray, mean: np.ndarray, inside: np.ndarray) -> float:
    """What the squared k of a part counts in that of the whole."""
    part = np.average(mean[inside], weights=years[inside])
    share = years[inside].sum() / years.sum()
    return float(share * (part / np.average(mean, weights=years)) ** 2)


@cache
def dutch_group_spread(scope: str = "all_care") -> GroupSpread:
    """Return how far the municipalities differ from what age and sex let expect, by size.

    That of places of one size: that large places cost more is its ``slope``, no part of ``at``.
    Neighbours share hospitals, so the interval is a little too narrow.
    """
    return dutch_fit(scope).spread
