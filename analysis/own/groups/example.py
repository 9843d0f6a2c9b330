"""Invented practices that anyone can make, whose k and differences are known."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.evidence.vektis import classes
from analysis.models.group_means.simulate import GroupTruth, simulated_costs

TRUTH = GroupTruth(tau=0.08, exponent=0.2, reference=8_000.0, omega=0.05)
"""Practices of 8,000 people differ by 8%; the differences fall a little with size."""

SIZES = (2_000, 40_000)
"""Ends of the sizes of most practices: nine in ten lie between them."""

SEED = 2015
"""Of the practices that everybody gets; not the project's seed, for they are data."""

STARTS = (0, 5, 15, 25, 35, 45, 55, 65, 75, 85)
"""Ages at which a class begins; the last is open."""


def example_practices(practices: int, seed: int | None = None) -> pd.DataFrame:
    """Return an invented table of practices by age and sex.

    Mean cost and k of their people are those of the Dutch in 2015.

    Parameters
    ----------
    practices : int
        At least 1.
    seed : int, optional
        The same seed gives the same practices; by default `SEED`.

    Returns
    -------
    DataFrame, one row a practice, age and sex
        ``group``, ``age``, ``sex``, ``people`` and ``mean_cost``.
    """
    generator = np.random.default_rng(SEED if seed is None else seed)
    known = _classes()
    middle, width = np.log(SIZES).mean(), np.diff(np.log(SIZES))[0] / (2 * 1.645)
    size = np.exp(middle + width * generator.standard_normal(practices))
    share = known["people"].to_numpy() / known["people"].sum()
    people = generator.poisson(size[:, None] * share)
    mean, k = known["mean"].to_numpy(), known["k"].to_numpy()
    cost = simulated_costs(people, mean, k, TRUTH, generator)
    table = pd.DataFrame(
        {
            "group": np.repeat([f"practice {n + 1:03d}" for n in range(practices)], len(known)),
            "age": np.tile(known["age"], practices),
            "sex": np.tile(known["sex"], practices),
            "people": people.ravel(),
            "mean_cost": (cost / np.maximum(people, 1)).ravel().round(2),
        }
    )
    return table[table["people"] > 0].reset_index(drop=True)


def _classes() -> pd.DataFrame:
    """People, mean cost and k of the classes, from those of five years."""
    known = classes()
    place = np.searchsorted(STARTS, known["age_low"], side="right") - 1
    people, mean = known["insured_years"], known["mean_cost_euros"]
    # Pooled, costs of two ages have the square of the mean and the variance of both.
    square = mean**2 * (1 + known["k"] ** 2)
    sums = pd.DataFrame({"people": people, "cost": people * mean, "square": people * square})
    by = [pd.Series(place, name="place"), known["sex"]]
    pooled = sums.groupby(by).sum().reset_index()
    average = pooled["cost"] / pooled["people"]
    variation = np.sqrt(pooled["square"] / pooled["people"] / average**2 - 1)
    labels = [f"{low}-{end - 1}" for low, end in pairwise(STARTS)] + [f"{STARTS[-1]}+"]
    ages = [labels[place] for place in pooled["place"]]
    return pooled.assign(age=ages, mean=average, k=variation)


def true_variation() -> dict[str, float]:
    """Return the truth of the invented practices.

    Returns
    -------
    dict of str to float
        ``k`` of one person within age and sex, all ages; ``spread``, the standard deviation
        between practices of ``size`` people as a share of cost, and ``exponent``.
    """
    known = _classes()
    money = known["people"] * known["mean"] ** 2
    overall = known["people"].sum() * np.average(known["mean"], weights=known["people"]) ** 2
    return {
        "k": float(np.sqrt((money * known["k"] ** 2).sum() / overall)),
        "size": TRUTH.reference,
        "spread": TRUTH.tau,
        "exponent": TRUTH.exponent,
    }
