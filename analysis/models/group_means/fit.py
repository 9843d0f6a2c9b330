"""The model of group means as a whole: from sums of cells to draws of k and of the spread."""

from dataclasses import dataclass

import numpy as np

from analysis.models.group_means.between import GroupRatios, GroupSpread, spread_posterior
from analysis.models.group_means.cells import GroupCells
from analysis.models.group_means.priors import GroupPriors
from analysis.models.group_means.scatter import ScatterSums, law_of_k, scatter_sums, scatter_terms
from analysis.models.group_means.within import Scatter, most_likely, scatter_posterior


@dataclass(frozen=True)
class GroupFit:
    """Draws from the posterior.

    Attributes
    ----------
    squared_k : ndarray, shape (draw, part)
        Squared k of each part within its classes.
    omega : ndarray, shape (draw, part)
        Standard deviation of what a group does to one class, beyond what it does to the band.
    power : ndarray, shape (draw, part)
        b of `analysis.models.group_means.within`.
    spread : GroupSpread
    """

    squared_k: np.ndarray
    omega: np.ndarray
    power: np.ndarray
    spread: GroupSpread


def fit_sums(
    sums: ScatterSums, priors: GroupPriors, draws: int, generator: np.random.Generator
) -> GroupFit:
    """Fit the model to the sums of groups.

    Parameters
    ----------
    sums : ScatterSums
        Where no group has two classes in a band, k is known from its prior and from how spread
        falls with size.
    draws : int
        Draws of each parameter.
    """
    levels = group_levels(sums)
    parts = sums.people.shape[1]
    each = [_part(sums, part, levels, priors, draws, generator) for part in range(parts)]
    squared_k, omega, power = (np.stack(column, axis=1) for column in zip(*each, strict=True))
    money = sums.expected.sum(axis=0) ** 2 / sums.people.sum(axis=0)
    together = squared_k @ (money / money.sum())
    # Chance of a group's total: each part's k in proportion to what is known of it in the middle.
    middle = np.median(squared_k, axis=0) / np.median(together)
    seen = ratios(sums, middle)
    spread = spread_posterior(seen, together, priors, draws, generator)
    order = np.argsort(together)
    chosen = order[np.round(spread.k_position * (draws - 1)).astype(int)]
    return GroupFit(squared_k[chosen], omega[chosen], power[chosen], spread)


def fit_classes(
    cells: GroupCells, priors: GroupPriors, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return draws of squared k of each class on its own, shape (draw, class).

    What belongs to its band is taken off at the law by which k goes with mean cost.
    """
    levels, law = group_levels(scatter_sums(cells)), law_of_k(cells)
    each = []
    for terms, people, level in zip(
        np.moveaxis(scatter_terms(cells, law), 2, 0), cells.people.T, law, strict=True
    ):
        told = terms[1] > 0
        scatter, of_chance, of_differences = (terms / [[1], [level], [1]])[:, told]
        seen = Scatter(scatter, of_chance, of_differences, people[told], levels[told])
        each.append(scatter_posterior(seen, priors, draws, generator)[0])
    return np.stack(each, axis=1)


def _part(
    sums: ScatterSums,
    part: int,
    levels: np.ndarray,
    priors: GroupPriors,
    draws: int,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    told = sums.scatter_of_chance[:, part] > 0
    if not told.any():
        centre, width = priors.log_k
        log_k = centre + width * generator.standard_normal(draws)
        return np.exp(2 * log_k), np.zeros(draws), np.ones(draws)
    seen = _scatter(sums, part, levels, told)
    return scatter_posterior(seen, priors, draws, generator)


def _scatter(sums: ScatterSums, part: int, levels: np.ndarray, told: np.ndarray) -> Scatter:
    return Scatter(
        sums.scatter[told, part],
        sums.scatter_of_chance[told, part],
        sums.scatter_of_differences[told, part],
        sums.people[told, part],
        levels[told],
    )


def ratios(sums: ScatterSums, squared_k: np.ndarray) -> GroupRatios:
    """Return the groups' cost over expected cost, and what chance makes of it.

    Parameters
    ----------
    squared_k : ndarray, shape (part,)
        Squared k of each part over that of all together.
    """
    expected, people = sums.expected.sum(axis=1), sums.people.sum(axis=1)
    # The mean costs hold each group itself.
    chance = sums.chance @ squared_k / expected**2 * (1 - people / people.sum())
    return GroupRatios(people, sums.cost.sum(axis=1) / expected, chance)


def group_levels(sums: ScatterSums) -> np.ndarray:
    """Return each group's cost over what is expected, drawn to the mean as far as it is chance.

    Buhlmann's credibility, by moments: what is left of the groups' variance without chance is
    taken as theirs.

    Returns
    -------
    ndarray, shape (group,)
    """
    seen = ratios(sums, np.ones(sums.people.shape[1]))
    squared_k = np.array([_rough_squared_k(sums, part) for part in range(sums.people.shape[1])])
    chance = ratios(sums, squared_k).chance
    centre = np.average(seen.ratio, weights=seen.people)
    weight = seen.people / seen.people.sum()
    lasting = max(float(weight @ ((seen.ratio - centre) ** 2 - chance)), 0.0)
    return centre + lasting / np.maximum(lasting + chance, 1e-12) * (seen.ratio - centre)


def _rough_squared_k(sums: ScatterSums, part: int) -> float:
    """Squared k of a part, all groups counting alike; 0 where no scatter tells it."""
    told = sums.scatter_of_chance[:, part] > 0
    if not told.any():
        return 0.0
    alike = np.ones(len(told))
    return most_likely(_scatter(sums, part, alike, told), alike[told])[0]
