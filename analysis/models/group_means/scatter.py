"""What the cells of a group say: how they scatter about the group's own mean, and what it cost.

A cell's mean cost over that of its class is 1 + u + v + e: u is the group's, v the group's in this
class, e chance with the variance k²/N. About the mean of a band of neighbouring classes the group's
own u is gone, and so is what a band's classes have in common. What is left is chance, which falls
with N, and v, which does not: that is how the two are told apart.
"""

from dataclasses import dataclass

import numpy as np

from analysis.models.group_means.cells import GroupCells

STEEPEST_LAW, FLATTEST_LAW = -1.5, 0.5
"""Range of the power of its mean cost with which a class's squared k goes."""


@dataclass(frozen=True)
class ScatterSums:
    """Sums of each group and part; no cell is needed any more.

    Attributes
    ----------
    people : ndarray, shape (group, part)
        Person-years.
    cost, expected : ndarray, shape (group, part)
        Actual cost, and what it would be at the mean cost of each class.
    chance : ndarray, shape (group, part)
        Variance of the actual cost by chance if k of the part were 1; money squared.
    scatter : ndarray, shape (group, part)
        Squared distance of cells from their band's mean, times people and weight of the class.
    scatter_of_chance : ndarray, shape (group, part)
        What `scatter` is expected to be by chance alone if k of the part were 1.
    scatter_of_differences : ndarray, shape (group, part)
        What `scatter` is expected to be without chance if v had the variance 1.
    """

    people: np.ndarray
    cost: np.ndarray
    expected: np.ndarray
    chance: np.ndarray
    scatter: np.ndarray
    scatter_of_chance: np.ndarray
    scatter_of_differences: np.ndarray


def scatter_sums(cells: GroupCells) -> ScatterSums:
    """Add up what the cells of each group say, by part."""
    law = law_of_k(cells)
    terms = scatter_terms(cells, law)
    parts = [_part_sums(cells, law, terms, part) for part in range(cells.parts)]
    return ScatterSums(*(np.stack(sums, axis=1) for sums in zip(*parts, strict=True)))


def _part_sums(
    cells: GroupCells, law: np.ndarray, terms: np.ndarray, part: int
) -> tuple[np.ndarray, ...]:
    weight, mean = cells.money_weight(part), cells.class_mean
    # The law's level is set so that the part as a whole has a k of 1.
    level = weight @ law
    scatter, of_chance, of_differences = terms @ weight
    people = cells.people * (cells.part == part)
    cost = (cells.cost * (cells.part == part)).sum(axis=1)
    chance = people @ (mean**2 * law) / level
    expected = people @ mean
    return people.sum(axis=1), cost, expected, chance, scatter, of_chance / level, of_differences


def scatter_terms(cells: GroupCells, squared_k: np.ndarray) -> np.ndarray:
    """Return each cell's squared distance from its band's mean, and what is expected of it.

    Parameters
    ----------
    squared_k : ndarray, shape (class,)
        Squared k of each class.

    Returns
    -------
    ndarray, shape (3, group, class)
        Squared distance times people; its mean by chance; its mean if only v varied, with the
        variance 1. All 0 in a band of which a group has one class.
    """
    terms = np.zeros((3, *cells.people.shape))
    for band in np.unique(cells.band):
        classes = np.flatnonzero(cells.band == band)
        terms[:, :, classes] = _band_terms(cells, squared_k[classes], classes)
    return terms


def _band_terms(cells: GroupCells, squared_k: np.ndarray, classes: np.ndarray) -> np.ndarray:
    people, relative = cells.people[:, classes], cells.relative[:, classes]
    precision = people / squared_k
    pull = precision / np.maximum(precision.sum(axis=1, keepdims=True), 1e-300)
    distance = relative - (pull * relative).sum(axis=1, keepdims=True)
    chance = np.where(people > 0, squared_k * (1 - pull), 0.0)
    # v of one class enters the band's mean too.
    differences = 1 - 2 * pull + (pull**2).sum(axis=1, keepdims=True)
    # The class's mean holds part of the group itself, so the group lies nearer to it.
    share = people / cells.class_people[classes]
    own_chance, own_v = 1 - share, 1 - 2 * share + (share**2).sum(axis=0)
    alone = (people > 0).sum(axis=1, keepdims=True) < 2
    terms = (people * distance**2, chance * own_chance, people * differences * own_v)
    return np.where(alone, 0.0, np.stack(terms))


def law_of_k(cells: GroupCells) -> np.ndarray:
    """Return squared k of each class up to a factor, by a power of the class's mean cost.

    The costlier a class, the less its people differ. The power is a rough one, from how far the
    cells of each class scatter: it weights cells, and shares chance among the classes of a part.

    Returns
    -------
    ndarray, shape (class,)
    """
    mean = cells.class_mean / (cells.cost.sum() / cells.people.sum())
    scatter, chance, _ = scatter_terms(cells, np.ones(len(mean))).sum(axis=1)
    told = (chance > 0) & (scatter > 0)
    if told.sum() < 2 or np.ptp(np.log(mean[told])) < 0.1:
        return np.ones(len(mean))
    level = np.log(scatter[told] / chance[told])
    power = np.polyfit(np.log(mean[told]), level, 1, w=np.sqrt(chance[told]))[0]
    return mean ** np.clip(power, STEEPEST_LAW, FLATTEST_LAW)
