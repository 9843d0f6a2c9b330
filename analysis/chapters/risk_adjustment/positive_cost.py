"""The form of positive cost: lognormal or generalised gamma, with or without a Pareto tail."""

from dataclasses import dataclass, fields, replace

import numpy as np
import xarray as xr
from scipy.special import gammaln

from analysis.models.generalised_gamma.data import REACH
from analysis.population.clustering import DesignEffects
from analysis.risk.cost_distribution import CostDistribution

NO_TAIL = 1e12
"""Threshold, in units of the currency, of a distribution that is all body."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)


def standard_log_density(w: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the log density of the standardised log of a generalised gamma.

    Parameters
    ----------
    w : ndarray
        Standardised log cost.
    q : ndarray
        Shape, broadcast against `w`; 0 is the lognormal.

    Returns
    -------
    ndarray

    References
    ----------
    Prentice (1974), Biometrika 61:539.
    """
    small = np.abs(q) < 0.1
    inverse = np.where(small, 1.0, 1 / np.where(small, 1.0, q) ** 2)
    exact = 0.5 * np.log(2 * np.pi * inverse) + (inverse - 1) * np.log(inverse) - inverse
    constant = np.where(small, -(q**2) / 12 + q**6 / 360, exact - gammaln(inverse))
    x = q * w
    near = np.abs(x) < 0.03
    safe = np.where(near, 1.0, x)
    curve = np.where(near, 1 + x / 3 + x**2 / 12 + x**3 / 60, 2 * (np.expm1(safe) - safe) / safe**2)
    return constant - 0.5 * np.log(2 * np.pi) - 0.5 * curve * w**2


@dataclass(frozen=True)
class GeneralisedGammaCosts(CostDistribution):
    """A cost distribution whose body is a generalised gamma; its tail, if any, as before.

    Attributes
    ----------
    body_shape : ndarray, shape (draw, 1)
        Prentice's q; at 0 everything equals the lognormal.
    """

    body_shape: np.ndarray

    def _body_moment(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """E[cost^order; cost <= amount] of the body, cut off at the threshold."""
        below, _ = self._body_cut(amount)
        return self._integral(below, order) / self._integral(np.log(self.threshold), 0)

    def _body_survival(self, amount: np.ndarray | float) -> np.ndarray:
        """P(cost > amount) of the body, cut off at the threshold."""
        below, _ = self._body_cut(amount)
        return 1 - self._integral(below, 0) / self._integral(np.log(self.threshold), 0)

    def _integral(self, log_amount: np.ndarray | float, order: int) -> np.ndarray:
        """Integral of cost^order times the density of the uncut body, up to an amount."""
        top = (log_amount - self.location) / self.scale
        # A heavy right tail may put its moments far out, so the reach is that of the amount.
        half = (np.minimum(top, 4 * REACH) + REACH) / 2
        total = np.zeros(np.broadcast_shapes(half.shape, self.location.shape))
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            w = half * (node + 1) - REACH
            power = order * (self.location + self.scale * w)
            total += weight * np.exp(power + standard_log_density(w, self.body_shape))
        return half * total


def positive_log_density(
    costs: CostDistribution,
    amount: np.ndarray,
    cell: np.ndarray,
    effects: DesignEffects = DesignEffects(),  # noqa: B008 - frozen
) -> np.ndarray:
    """Return the log density of costs above 0, given that there is a cost.

    Parameters
    ----------
    costs : CostDistribution
        A lognormal body unless it is `GeneralisedGammaCosts`.
    amount : ndarray, shape (row,)
        Above 0, in the currency of `costs`.
    cell : ndarray of int, shape (row,)
    effects : DesignEffects
        Each part is divided by its effect; by default by 1, which gives the density itself.

    Returns
    -------
    ndarray, shape (draw, row)
        Per unit of currency.
    """
    general = as_generalised_gamma(costs)
    mass = np.log(general._integral(np.log(costs.threshold), 0))
    base = np.log1p(-costs.exceed) / effects.exceed - (np.log(costs.scale) + mass) / effects.body
    result = np.empty((costs.draws, len(amount)))
    large = amount > costs.threshold
    at, log_amount = cell[~large], np.log(amount[~large])
    w = (log_amount - costs.location[:, at]) / costs.scale[:, at]
    density = standard_log_density(w, general.body_shape) - log_amount
    result[:, ~large] = base[:, at] + density / effects.body
    if large.any():
        at, scale = cell[large], costs.tail_scale[:, cell[large]]
        growth = np.log1p(costs.tail_shape * (amount[large] - costs.threshold) / scale)
        density = -np.log(scale) - (1 + 1 / costs.tail_shape) * growth
        result[:, large] = np.log(costs.exceed[:, at]) / effects.exceed + density / effects.tail
    return result


def as_generalised_gamma(
    costs: CostDistribution, body: xr.Dataset | None = None, *, tail: bool = True
) -> GeneralisedGammaCosts:
    """Return a cost distribution with a generalised gamma body.

    Parameters
    ----------
    costs : CostDistribution
        Of the hurdle model: gives the probability of any cost and the tail.
    body : Dataset, optional
        Draws of `generalised_gamma_model`, at least as many as `costs` has, locations relative
        to the threshold of `costs`; by default the lognormal body as it is.
    tail : bool
        If false all positive cost belongs to the body.

    Returns
    -------
    GeneralisedGammaCosts
    """
    if isinstance(costs, GeneralisedGammaCosts):
        return costs
    given = {field.name: getattr(costs, field.name) for field in fields(costs)}
    made = GeneralisedGammaCosts(**given, body_shape=np.zeros((costs.draws, 1)))
    if body is not None:
        # Body, use and tail are independent given the data, so any pairing of draws will do.
        stacked = body.stack(sample=("chain", "draw")).transpose("sample", ...)
        stacked = stacked.isel(sample=slice(costs.draws))
        made = replace(
            made,
            location=stacked["location"].to_numpy() + np.log(costs.threshold),
            scale=np.exp(stacked["log_scale"].to_numpy()),
            body_shape=stacked["shape"].to_numpy()[:, None],
        )
    if not tail:
        made = replace(made, exceed=np.zeros_like(made.exceed), threshold=NO_TAIL)
    return made
