"""The distribution of one person's annual cost under the hurdle model, in closed form."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import xarray as xr
from scipy.special import expit, ndtr

from analysis.population.risk_cells import RiskCells
from analysis.risk.annual_cost import AnnualCost


@dataclass(frozen=True)
class CostDistribution(AnnualCost):
    r"""Annual cost of one person: none, lognormal up to a threshold, generalised Pareto above.

    Arrays have shape (draw, cell) unless said; costs are in one currency.

    Attributes
    ----------
    use : ndarray
        Probability of any cost.
    exceed : ndarray
        Probability that a cost lies above the threshold, given that there is one.
    location, scale : ndarray
        Of the lognormal below the threshold.
    tail_scale : ndarray
        Scale of the generalised Pareto, in the currency.
    tail_shape : ndarray, shape (draw, 1)
    threshold : float
        Where the tail begins.
    """

    use: np.ndarray
    exceed: np.ndarray
    location: np.ndarray
    scale: np.ndarray
    tail_scale: np.ndarray
    tail_shape: np.ndarray
    threshold: float

    BY_DRAW: ClassVar[tuple[str, ...]] = (
        "use",
        "exceed",
        "location",
        "scale",
        "tail_scale",
        "tail_shape",
        "limit",
    )

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.use.shape[0]

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`.

        References
        ----------
        Klugman, Panjer & Willmot (2012), Loss Models, appendix A, limited moments.
        """
        # No cost of the body is above the threshold, so an infinite amount is allowed.
        base = np.minimum(amount, self.threshold)
        below = self._body_moment(amount, 1) + base * self._body_survival(amount)
        excess = np.maximum(amount - self.threshold, 0.0)
        above = base + _pareto_limited(excess, self.tail_scale, self.tail_shape)
        return self.use * ((1 - self.exceed) * below + self.exceed * above)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        base = np.minimum(amount, self.threshold)
        below = self._body_moment(amount, 2) + base**2 * self._body_survival(amount)
        excess = np.maximum(amount - self.threshold, 0.0)
        first = _pareto_limited(excess, self.tail_scale, self.tail_shape)
        second = _pareto_limited_square(excess, self.tail_scale, self.tail_shape)
        above = base**2 + 2 * base * first + second
        return self.use * ((1 - self.exceed) * below + self.exceed * above)

    def survival(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) over all cells, shape (draw,); `limit` is ignored."""
        return self.survival_by_cell(amount) @ self.share

    def survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount), shape (draw, cell), at amounts of shape (draw, 1) or one.

        `limit` is ignored.
        """
        excess = np.maximum(amount - self.threshold, 0.0)
        tail = (1 + self.tail_shape * excess / self.tail_scale) ** (-1 / self.tail_shape)
        body = self._body_survival(amount)
        return self.use * ((1 - self.exceed) * body + self.exceed * tail)

    def _body_cut(self, amount: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """Log of the smaller of an amount and the threshold, and the lognormal's mass below u."""
        log_amount = np.log(np.maximum(np.minimum(amount, self.threshold), 1e-300))
        mass = ndtr((np.log(self.threshold) - self.location) / self.scale)
        return log_amount, mass

    def _body_moment(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """E[cost^order; cost <= amount] of the lognormal cut off at the threshold."""
        log_amount, mass = self._body_cut(amount)
        moment = np.exp(order * self.location + order**2 * self.scale**2 / 2)
        return moment * ndtr((log_amount - self.location) / self.scale - order * self.scale) / mass

    def _body_survival(self, amount: np.ndarray | float) -> np.ndarray:
        """P(cost > amount) of the lognormal cut off at the threshold."""
        log_amount, mass = self._body_cut(amount)
        return 1 - ndtr((log_amount - self.location) / self.scale) / mass


def _power_integral(excess: np.ndarray, rate: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Integral over x from 0 to `excess` of (1 + rate x)^(exponent - 1), stable at exponent 0."""
    growth = np.log1p(rate * excess)
    near_zero = np.abs(exponent) < 1e-8
    safe = np.where(near_zero, 1.0, exponent)
    return np.where(near_zero, growth, np.expm1(exponent * growth) / safe) / rate


def _pareto_limited(excess: np.ndarray, scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """E[min(X, excess)] of a generalised Pareto."""
    return _power_integral(excess, shape / scale, 1 - 1 / shape)


def _pareto_limited_square(excess: np.ndarray, scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """E[min(X, excess)²] of a generalised Pareto: twice the integral of x times the survival."""
    rate = shape / scale
    # x = ((1 + rate x) - 1) / rate turns the integral into two power integrals.
    higher = _power_integral(excess, rate, 2 - 1 / shape)
    lower = _power_integral(excess, rate, 1 - 1 / shape)
    return 2 / rate * (higher - lower)


def cost_distribution(
    posterior: xr.Dataset, threshold: float, share: np.ndarray, maximum_multiple: float
) -> CostDistribution:
    """Return the cost distribution of every draw and cell of a fitted hurdle model.

    Parameters
    ----------
    posterior : xarray.Dataset
        Draws of `analysis.models.hurdle.model`, dims ``chain, draw, cell``; chains are stacked in
        order, so that draw *i* of the result is the same draw for every measure.
    threshold : float
        Cost at which the tail begins.
    share : ndarray, shape (cell,)
        Share of people in each cell.
    maximum_multiple : float
        Largest possible annual cost of one person, in multiples of the mean cost. Above a shape
        of one half a generalised Pareto has no variance, but a year's care has a finite cost.
    """
    stacked = posterior.stack(sample=("chain", "draw")).transpose("sample", ...)
    unlimited = CostDistribution(
        use=expit(stacked["use"].to_numpy()),
        exceed=expit(stacked["exceed"].to_numpy()),
        location=stacked["location"].to_numpy() + np.log(threshold),
        scale=np.exp(stacked["log_scale"].to_numpy()),
        tail_scale=threshold * np.exp(stacked["log_tail_scale"].to_numpy()),
        tail_shape=stacked["tail_shape"].to_numpy()[:, None],
        threshold=threshold,
        limit=np.inf,
        share=np.asarray(share, float),
    )
    # The multiple refers to the mean without a limit, which is finite for shapes below 1.
    return unlimited.limited_at(maximum_multiple * unlimited.population_mean())


def lognormal_without_tail(cells: RiskCells) -> CostDistribution:
    """Return the plain lognormal hurdle model of some cells, by maximum likelihood; one draw.

    What the hurdle model would be without a tail: shares, means and variances of log cost of each
    cell, as they are. For comparison only.
    """
    table = cells.table
    n_positive = table["n_positive"].to_numpy(float)
    location = table["sum_log"].to_numpy() / n_positive
    variance = table["sum_log_squared"].to_numpy() / n_positive - location**2
    unused = np.ones((1, 1))
    return CostDistribution(
        use=(n_positive / table["n"].to_numpy(float))[None, :],
        exceed=np.zeros((1, len(table))),
        location=location[None, :],
        scale=np.sqrt(variance)[None, :],
        tail_scale=unused,
        tail_shape=unused / 2,
        threshold=1e12 * cells.threshold,  # everything is body
        limit=1e9 * cells.threshold,
        share=cells.share,
    )
