"""Mean costs of groups, where they are told by class: age and sex, or everybody together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.errors import InputError


@dataclass(frozen=True)
class GroupCells:
    """Cost of groups by class of people.

    Attributes
    ----------
    people : ndarray, shape (group, class)
        Person-years; 0 where a cell is not told.
    cost : ndarray, shape (group, class)
        Total cost, in money of any kind; 0 where a cell is not told.
    band : ndarray of int, shape (class,)
        Classes of one band are near enough in age that what a group does to one it may do to all.
    part : ndarray of int, shape (class,)
        Part of the population whose variation is told apart, from 0; a band lies in one part.
    """

    people: np.ndarray
    cost: np.ndarray
    band: np.ndarray
    part: np.ndarray

    def __post_init__(self) -> None:
        """Refuse classes that nobody is in, or that cost nothing: they have no relative cost."""
        if (self.people.sum(axis=0) <= 0).any() or (self.cost.sum(axis=0) <= 0).any():
            raise InputError("every class needs people and a cost above 0; leave out the others")

    @cached_property
    def class_people(self) -> np.ndarray:
        """Person-years of each class, shape (class,)."""
        return self.people.sum(axis=0)

    @cached_property
    def class_mean(self) -> np.ndarray:
        """Mean cost of each class, shape (class,)."""
        return self.cost.sum(axis=0) / self.class_people

    @cached_property
    def relative(self) -> np.ndarray:
        """Mean cost of each cell over that of its class, shape (group, class); 1 if not told."""
        seen = self.people > 0
        expected = np.where(seen, self.people * self.class_mean, 1.0)
        return np.where(seen, self.cost / expected, 1.0)

    @cached_property
    def parts(self) -> int:
        """Number of parts."""
        return int(self.part.max()) + 1

    def money_weight(self, part: int) -> np.ndarray:
        """What a class's squared variation counts in that of its part, shape (class,); 0 outside.

        The variance of the cost of a part's people within their classes, over the squared mean of
        the part, is the sum of the squared k of its classes times these.
        """
        people = np.where(self.part == part, self.class_people, 0.0)
        mean = (people @ self.class_mean) / people.sum()
        return people / people.sum() * (self.class_mean / mean) ** 2

    @cached_property
    def part_weight(self) -> np.ndarray:
        """What the squared k of each part counts in that of all, shape (part,)."""
        people, cost = (
            np.bincount(self.part, total) for total in (self.class_people, self.cost.sum(axis=0))
        )
        return cost**2 / people / (cost.sum() ** 2 / people.sum())

    @cached_property
    def between_classes(self) -> float:
        """Squared k that classes add by their means, where a budget does not know them."""
        relative = self.class_mean / (self.cost.sum() / self.people.sum())
        return float(self.class_people / self.people.sum() @ relative**2 - 1)
