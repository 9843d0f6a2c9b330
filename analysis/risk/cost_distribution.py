"""The distribution of one person's annual cost, by draw and cell.

Everything a pool's risk needs of a person is here in closed form: mean and variance of the cost
limited at any amount, and a discretisation that keeps the mean of every interval.
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy.special import expit, ndtr

from analysis.population.risk_cells import RiskCells


@dataclass(frozen=True)
class CostDistribution:
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
    limit : ndarray, shape (draw, 1), or float
        No person's cost counts beyond this amount: the largest possible annual cost, or the
        attachment point of a stop-loss.
    share : ndarray, shape (cell,)
        Share of people in each cell; adds up to 1.
    """

    use: np.ndarray
    exceed: np.ndarray
    location: np.ndarray
    scale: np.ndarray
    tail_scale: np.ndarray
    tail_shape: np.ndarray
    threshold: float
    limit: np.ndarray | float
    share: np.ndarray

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.use.shape[0]

    def limited_at(self, limit: np.ndarray | float) -> "CostDistribution":
        """Return the distribution of the smaller of the cost and a limit.

        Parameters
        ----------
        limit : ndarray, shape (draw, 1), or float
            In the currency of the costs.

        Returns
        -------
        CostDistribution
        """
        return replace(self, limit=np.minimum(self.limit, limit))

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return the limited expected value E[min(cost, amount)].

        The limit of the distribution itself is ignored.

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            In the currency of the costs, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)

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
        """Return E[min(cost, amount)²]; the limit of the distribution itself is ignored.

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            In the currency of the costs, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """
        base = np.minimum(amount, self.threshold)
        below = self._body_moment(amount, 2) + base**2 * self._body_survival(amount)
        excess = np.maximum(amount - self.threshold, 0.0)
        first = _pareto_limited(excess, self.tail_scale, self.tail_shape)
        second = _pareto_limited_square(excess, self.tail_scale, self.tail_shape)
        above = base**2 + 2 * base * first + second
        return self.use * ((1 - self.exceed) * below + self.exceed * above)

    def mean(self) -> np.ndarray:
        """Return the mean cost, limited, shape (draw, cell)."""
        return self.limited_mean(self.limit)

    def variance(self) -> np.ndarray:
        """Return the variance of the cost, limited, shape (draw, cell)."""
        return self.limited_square(self.limit) - self.mean() ** 2

    def survival(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) over all cells; the limit is ignored.

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            In the currency of the costs.

        Returns
        -------
        ndarray, shape (draw,)
        """
        return self._survival_by_cell(amount) @ self.share

    def population_mean(self) -> np.ndarray:
        """Return the mean cost over all cells, shape (draw, 1)."""
        return (self.mean() * self.share).sum(axis=1, keepdims=True)

    def discretise(self, relative_points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return points and probabilities that keep the mean of every interval.

        Each interval's probability is split between its two ends so that the limited expected
        value is exact at every point (Klugman, Panjer & Willmot 2012, section 9.6.5, "method of
        local moment matching" with one moment, on unequal intervals).

        Parameters
        ----------
        relative_points : ndarray, shape (point,)
            Increasing, from 0 to 1, in units of the limit.

        Returns
        -------
        points : ndarray, shape (draw, point)
            Costs, the last one the limit.
        probabilities : ndarray, shape (draw, cell, point)
            Non-negative, adding up to 1 over points.
        """
        limit = np.broadcast_to(np.asarray(self.limit, float), (self.draws, 1))
        points = limit * relative_points
        limited = np.stack([self.limited_mean(column[:, None]) for column in points.T], axis=-1)
        slopes = np.diff(limited, axis=-1) / np.diff(points, axis=-1)[:, None, :]
        edge = (*slopes.shape[:-1], 1)
        probabilities = -np.diff(
            np.concatenate([np.ones(edge), slopes, np.zeros(edge)], axis=-1), axis=-1
        )
        # Differences of nearly equal slopes leave rounding of order 1e-13 below zero.
        return points, np.clip(probabilities, 0.0, None)

    def _survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """P(cost > amount), shape (draw, cell)."""
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
    return (
        2
        / rate
        * (
            _power_integral(excess, rate, 2 - 1 / shape)
            - _power_integral(excess, rate, 1 - 1 / shape)
        )
    )


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

    Returns
    -------
    CostDistribution
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
    """Return the plain lognormal hurdle model of some cells, by maximum likelihood.

    What the hurdle model would be without a tail: shares, means and variances of log cost of each
    cell, as they are. For comparison only.

    Parameters
    ----------
    cells : RiskCells

    Returns
    -------
    CostDistribution
        With one draw.
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
