"""Positive cost as one curve in every cell: lognormal, or a generalised gamma that contains it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, logsumexp

from analysis.risk.annual_cost import AnnualCost

if TYPE_CHECKING:
    import xarray as xr

REACH = 20.0
"""Standard deviations of log cost below which there is no probability left."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_LARGEST_SHAPE = 1.0
_SMALLEST_SHAPE = 1e-3


def standard_log_density(w: np.ndarray, q: np.ndarray | float) -> np.ndarray:
    """Return the log density of the standardised log of a generalised gamma.

    Parameters
    ----------
    w : ndarray
        Standardised log cost.
    q : ndarray
        Shape, broadcast against `w`; 0 is the lognormal.

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
    return np.asarray(constant - 0.5 * np.log(2 * np.pi) - 0.5 * curve * w**2)


@dataclass(frozen=True)
class OneCurveCosts(AnnualCost):
    """Costs of people of whom some have none, the others a generalised gamma by cell.

    Attributes
    ----------
    use : ndarray, shape (draw, cell)
        Probability of any cost.
    location, scale : ndarray, shape (draw, cell)
        Of log cost, in the currency.
    shape : ndarray, shape (draw, 1)
        Prentice's q; 0 is the lognormal.
    """

    use: np.ndarray
    location: np.ndarray
    scale: np.ndarray
    shape: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("use", "location", "scale", "shape", "limit")

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.use.shape[0]

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`."""
        return self._limited(amount, 1)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        return self._limited(amount, 2)

    def survival(self, amount: float) -> np.ndarray:
        """Return P(cost > amount) over all cells, shape (draw,)."""
        return np.asarray((self.use * (1 - self._integral(amount, 0))) @ self.share)

    def log_density(self, amount: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Return the log density of costs above 0, given that there is one, shape (draw, row).

        Parameters
        ----------
        amount, cell : ndarray, shape (row,)
        """
        scale = self.scale[:, cell]
        w = (np.log(amount) - self.location[:, cell]) / scale
        return np.asarray(standard_log_density(w, self.shape) - np.log(scale * amount))

    def _limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        above = 1 - self._integral(amount, 0)
        return self.use * (self._integral(amount, order) + amount**order * above)

    def _integral(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """Integral of cost^order times the density up to an amount, shape (draw, cell)."""
        top = (np.log(amount) - self.location) / self.scale
        # A heavy right tail may put its moments far out, so the reach is that of the amount.
        half = (np.minimum(top, 4 * REACH) + REACH) / 2
        total = np.zeros(half.shape)
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            w = half * (node + 1) - REACH
            power = order * (self.location + self.scale * w)
            total += weight * np.exp(power + standard_log_density(w, self.shape))
        return half * total


type Logs = list[np.ndarray]
"""Log costs of the people with a cost, cell by cell."""


def lognormal(logs: Logs) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the likeliest locations and scales by cell, and the shape of the lognormal: 0."""
    return np.array([y.mean() for y in logs]), np.array([y.std() for y in logs]), 0.0


def generalised_gamma(logs: Logs) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the likeliest locations and scales by cell, and the likeliest shape for all."""

    def loss(shape: float) -> float:
        return -sum(_best_cell(y, shape)[2] for y in logs)

    bounds = (-_LARGEST_SHAPE, _LARGEST_SHAPE)
    shape = float(minimize_scalar(loss, bounds=bounds, method="bounded").x)
    location, scale, _ = np.array([_best_cell(y, shape) for y in logs]).T
    return location, scale, shape


def _best_cell(y: np.ndarray, shape: float) -> tuple[float, float, float]:
    """Likeliest location and scale of one cell, and the log-likelihood there.

    Given scale and shape the likeliest location is a mean of powers, so that only the scale is
    searched for.
    """
    shape = np.copysign(max(abs(shape), _SMALLEST_SHAPE), shape)

    def location(scale: float) -> float:
        power = shape / scale
        return float((logsumexp(power * y) - np.log(len(y))) / power)

    def loss(log_scale: float) -> float:
        scale = np.exp(log_scale)
        w = (y - location(scale)) / scale
        return float(len(y) * log_scale - standard_log_density(w, shape).sum())

    around = np.log(y.std())
    found = minimize_scalar(loss, bounds=(around - 1.5, around + 1.0), method="bounded")
    scale = float(np.exp(found.x))
    return location(scale), scale, -float(found.fun)


type Curve = Callable[[Logs], tuple[np.ndarray, np.ndarray, float]]


def likeliest_costs(
    curve: Curve,
    amount: np.ndarray,
    cell: np.ndarray,
    share: np.ndarray,
    limit: float,
) -> OneCurveCosts:
    """Return costs whose parameters are the likeliest, as the only draw.

    Parameters
    ----------
    curve : callable
        `lognormal` or `generalised_gamma`.
    amount, cell : ndarray, shape (row,)
        Every cell holds several people with different costs.
    share : ndarray, shape (cell,)
    """
    used = [amount[cell == at] > 0 for at in range(len(share))]
    logs = [np.log(amount[(cell == at) & (amount > 0)]) for at in range(len(share))]
    location, scale, shape = curve(logs)
    return OneCurveCosts(
        use=np.array([[part.mean() for part in used]]),
        location=location[None],
        scale=scale[None],
        shape=np.full((1, 1), shape),
        limit=limit,
        share=share,
    )


def sampled_costs(
    posterior: "xr.Dataset", unit: float, use: np.ndarray, share: np.ndarray, limit: float
) -> OneCurveCosts:
    """Return the costs of a fitted generalised gamma.

    Parameters
    ----------
    posterior : Dataset
        Draws of `generalised_gamma_model`.
    unit : float
        What its locations are relative to, in the currency.
    use : ndarray, shape (cell,)
        Share of people with a cost, taken as known.
    """
    stacked = posterior.stack(sample=("chain", "draw")).transpose("sample", ...)
    location = stacked["location"].to_numpy() + np.log(unit)
    return OneCurveCosts(
        use=np.broadcast_to(use, location.shape),
        location=location,
        scale=np.exp(stacked["log_scale"].to_numpy()),
        shape=stacked["shape"].to_numpy()[:, None],
        limit=limit,
        share=share,
    )
