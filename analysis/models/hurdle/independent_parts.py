"""The hurdle model's posterior in four parts, for cells of any shape.

Given the cells, use, the share of large costs, the body and the tail have priors and likelihoods
of their own (`analysis.models.hurdle.model`), so the posterior is the product of four. Each is
small, and its density (`analysis.models.hurdle.part_densities`) is a few sums over cells: a PyMC
model would be compiled anew for every user's table.
"""

from collections.abc import Callable
from math import exp

import numpy as np

from analysis.models.contrasts import Contrasts
from analysis.models.hurdle.data import HurdleData
from analysis.models.hurdle.part_densities import (
    LARGEST_SHAPE,
    PartPriors,
    binomial_density,
    body_density,
    tail_density,
)
from analysis.models.hurdle.priors import HurdlePriors

PARTS: dict[str, tuple[str, ...]] = {
    "use": ("use",),
    "exceed": ("exceed",),
    "body": ("location", "log_scale"),
    "tail": ("log_tail_scale",),
}
"""Parts of the posterior, and the cell quantities that each knows about."""


class PosteriorPart:
    """One part of the posterior, over an unconstrained vector.

    The vector holds, quantity by quantity, the intercept and the contrasts (in units of their
    spread where they are not centred); then the logs of the spreads that are learned, quantity by
    quantity; then, for the tail, the logit of its shape over `LARGEST_SHAPE`.

    Parameters
    ----------
    name : str
        One of `PARTS`.
    density : callable
        From a vector, `PartPriors`, which quantities are centred, and the data to the log density
        and its slope.
    *data : ndarray
        What `density` needs besides.

    Attributes
    ----------
    centred : ndarray of bool, shape (quantity, 1)
        Whether the effects of a quantity are sampled centred; may be changed.
    """

    def __init__(
        self,
        name: str,
        cells: Contrasts,
        priors: HurdlePriors,
        density: Callable[..., tuple[float, np.ndarray]],
        *data: np.ndarray,
    ) -> None:
        self.centred = np.ones((len(PARTS[name]), 1), bool)
        self.name, self.quantities = name, PARTS[name]
        self._density, self._data = density, [np.ascontiguousarray(values) for values in data]
        means, sds = zip(*(getattr(priors, name) for name in self.quantities), strict=True)
        typical = np.array([priors.effect_scale[name] for name in self.quantities])
        self.learned, number = np.ascontiguousarray(cells.factors[cells.learned]), len(typical)
        self._typical, self.rate = typical[:, None], 2 / typical[:, None]  # gamma with shape 2
        self._priors = PartPriors(
            design=np.ascontiguousarray(cells.design),
            design_by_contrast=np.ascontiguousarray(cells.design.T),
            learned=self.learned,
            fixed_scale=(typical[:, None] * ~cells.learned) @ cells.factors,
            mean=np.array(means),
            sd=np.array(sds),
            rate=2 / typical,
            tail_shape=priors.tail_shape,
        )
        self._shapes = [(number, 1 + cells.design.shape[1]), (number, len(self.learned))]
        self._ends = np.cumsum([rows * columns for rows, columns in self._shapes])
        self.size = int(self._ends[-1]) + (name == "tail")

    def split(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the parts of a vector, as views.

        Parameters
        ----------
        vector : ndarray, shape (size,)

        Returns
        -------
        linear : ndarray, shape (quantity, 1 + contrast)
        spreads : ndarray, shape (quantity, learned factor)
            Logarithms.
        """
        linear, spreads = vector[: self._ends[0]], vector[self._ends[0] : self._ends[1]]
        return linear.reshape(self._shapes[0]), spreads.reshape(self._shapes[1])

    def scale(self, spreads: np.ndarray) -> np.ndarray:
        """Return the spread of every contrast, learned or fixed.

        Parameters
        ----------
        spreads : ndarray, shape (quantity, learned factor)
            Logarithms.

        Returns
        -------
        ndarray, shape (quantity, contrast)
        """
        return np.exp(spreads) @ self.learned + self._priors.fixed_scale

    def by_cell(self, vector: np.ndarray) -> np.ndarray:
        """Return the quantities of every cell.

        Parameters
        ----------
        vector : ndarray, shape (size,)

        Returns
        -------
        ndarray, shape (quantity, cell)
        """
        linear, spreads = self.split(vector)
        effects = linear[:, 1:] * np.where(self.centred, 1.0, self.scale(spreads))
        return linear[:, :1] + effects @ self._priors.design.T

    def shape(self, vector: np.ndarray) -> float:
        """Return the tail's shape; only the tail's part has one.

        Parameters
        ----------
        vector : ndarray, shape (size,)

        Returns
        -------
        float
        """
        if self.name != "tail":
            return 0.0
        # A sampler's first steps may reach anywhere.
        return LARGEST_SHAPE / (1 + exp(-min(max(float(vector[-1]), -30.0), 30.0)))

    def start(self) -> np.ndarray:
        """Return the vector of the priors' middle, shape (size,)."""
        linear = np.zeros(self._shapes[0])
        linear[:, 0] = self._priors.mean
        spreads = np.log(np.broadcast_to(self._typical, self._shapes[1]))
        ratio = self._priors.tail_shape[0] / LARGEST_SHAPE
        tail = [np.log(ratio / (1 - ratio))] if self.name == "tail" else []
        return np.concatenate([linear.ravel(), spreads.ravel(), tail])

    def log_density(self, vector: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the log posterior density of an unconstrained vector, and its slope.

        Parameters
        ----------
        vector : ndarray, shape (size,)

        Returns
        -------
        value : float
            Up to a constant.
        slope : ndarray, shape (size,)
        """
        value, slope = self._density(
            np.ascontiguousarray(vector, float), self._priors, self.centred, *self._data
        )
        return value, slope


def posterior_parts(
    data: HurdleData, cells: Contrasts, priors: HurdlePriors
) -> list[PosteriorPart]:
    """Return the four parts of the posterior of a set of cells."""
    n_body = data.n_positive - data.n_tail
    held = data.tail_count > 0
    entries = (data.tail_cell, data.tail_count, data.tail_lower, data.tail_upper)
    body = (n_body, data.sum_log_body, data.sum_log_squared_body)
    return [
        PosteriorPart("use", cells, priors, binomial_density, data.n_positive, data.n),
        PosteriorPart("exceed", cells, priors, binomial_density, data.n_tail, data.n_positive),
        PosteriorPart("body", cells, priors, body_density, *body),
        PosteriorPart("tail", cells, priors, tail_density, *(values[held] for values in entries)),
    ]
