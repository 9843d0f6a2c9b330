"""Tables that are read between their points: what an explorer of the site interpolates in.

A quantity is computed at points on a grid of settings and read in between by straight lines, on
scales on which it is nearly straight. The page does the same in the reader's browser
(`book/_static/explorers/lookup.mjs`), so the rule must stay this plain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import ndtri

from analysis.errors import InputError

SCALES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda value: value,
    "log": np.log,
    "normal": lambda probability: -ndtri(probability),
    "inverse root": lambda value: -1 / np.sqrt(value),
}
"""What straight lines are straight on; each rises or falls all the way."""


@dataclass(frozen=True)
class Axis:
    """One setting of a table.

    Parameters
    ----------
    name : str
        What is set, for example ``people``.
    values : tuple of float
        Increasing points at which it was computed.
    scale : {"linear", "log", "normal", "inverse root"}
        On which the quantity is nearly straight.
    """

    name: str
    values: tuple[float, ...]
    scale: str = "linear"

    def __post_init__(self) -> None:
        """Refuse points that are out of order, and unknown scales."""
        if self.scale not in SCALES:
            choices = ", ".join(SCALES)
            raise InputError(f"axis {self.name}: scale {self.scale!r} is not one of {choices}.")
        if len(self.values) < 2 or not (np.diff(self.values) > 0).all():
            raise InputError(f"axis {self.name}: give at least two points, in rising order.")

    def place(self, value: float) -> tuple[int, float]:
        """Return the point below a value and the part of the way to the next.

        Parameters
        ----------
        value : float
            Within the axis.

        Returns
        -------
        part : float
            0 to 1.

        Raises
        ------
        InputError
            When it lies outside of what was computed.
        """
        first, last = self.values[0], self.values[-1]
        if not first <= value <= last:
            raise InputError(f"{self.name}: {value:g} is outside {first:g} to {last:g}.")
        at_or_below = int(np.searchsorted(self.values, value, side="right")) - 1
        index = min(at_or_below, len(self.values) - 2)
        points = (self.values[index], self.values[index + 1], value)
        low, high, here = (SCALES[self.scale](np.asarray(point)) for point in points)
        return index, float((here - low) / (high - low))


@dataclass(frozen=True)
class Lookup:
    """A quantity on a grid.

    Parameters
    ----------
    values : ndarray, shape (point of each axis..., quantity)
    scale : {"linear", "log"}
        Of the quantity: "log" for one that is positive and spans several powers of ten.
    """

    axes: Sequence[Axis]
    values: np.ndarray
    scale: str = "linear"

    def __post_init__(self) -> None:
        """Refuse values whose shape is not that of the axes, or that have no logarithm."""
        expected = tuple(len(axis.values) for axis in self.axes)
        if self.values.shape[:-1] != expected:
            raise InputError(f"a table of shape {self.values.shape} does not fit axes {expected}.")
        if self.scale == "log" and not (self.values > 0).all():
            raise InputError("a table on a logarithmic scale holds a value that is not above 0.")

    def at(self, *settings: float) -> np.ndarray:
        """Return the quantity at settings between the points, by straight lines.

        Parameters
        ----------
        *settings : float
            One for each axis.

        Returns
        -------
        ndarray, shape (quantity,)

        Raises
        ------
        InputError
            When a setting lies outside of what was computed.
        """
        places = [axis.place(value) for axis, value in zip(self.axes, settings, strict=True)]
        below = [index for index, _ in places]
        parts = [part for _, part in places]
        values = np.log(self.values) if self.scale == "log" else self.values
        quantity = np.zeros(self.values.shape[-1])
        # Each corner of the cell around the settings weighs by its distance to the opposite one.
        for corner in product((0, 1), repeat=len(places)):
            sides = zip(parts, corner, strict=True)
            weight = np.prod([part if upper else 1 - part for part, upper in sides])
            if weight:
                at = tuple(index + upper for index, upper in zip(below, corner, strict=True))
                quantity += weight * values[at]
        return np.exp(quantity) if self.scale == "log" else quantity
