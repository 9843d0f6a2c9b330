r"""Growth of savings on the rows of organisations: the model of `growth` where rows are at hand.

The mean of a row is that of `analysis.models.growth.model`, with the same priors; the rows of one
organisation covary as `analysis.models.savings.variance_components` says, with that model's priors,
and both are learned together. Four things differ from the fit to the published sums. Exit needs no
term: where leaving depends on rates that were seen, the likelihood of all rows allows for it (Rubin
1976, Biometrika 63:581). The spread is learned and not given, so there is no dispersion. Size is
measured against the table's own middle size, with the effect that the prior allows at the book's;
and chance follows each organisation's middle size over its years.

Given the spread, the time and the scatter of years and cohorts, all else is linear and normal and
is integrated out. The nine numbers that are left, on scales without ends, are those of
`analysis.models.growth.spread_parameters`.
"""

from dataclasses import dataclass

import numpy as np

from analysis.models.growth.priors import (
    GAIN_COLUMN,
    HORIZON_YEARS,
    PER_TEN_THOUSAND,
    REFERENCE_PEOPLE,
    GrowthPriors,
)
from analysis.models.growth.spread_parameters import FARTHEST, components, half_normal, log_prior
from analysis.models.savings.components import ComponentPriors, SpreadComponents

NUGGET = 1e-4
"""Variance of rounding, squared percentage points: no rate is known better than to 0.01 points."""


@dataclass(frozen=True)
class Blocks:
    """Organisations side by side, each with as many slots as the one seen most often.

    Attributes
    ----------
    rows : ndarray of int, shape (group, slot)
        Positions of their rows; -1 in a slot that is not used.
    elapsed : ndarray of int, shape (pattern, slot)
        Years in which organisations were seen; -1 in a slot that is not used.
    pattern_idx : ndarray of int, shape (group,)
    relative_size : ndarray, shape (group, 1)
    """

    rows: np.ndarray
    elapsed: np.ndarray
    pattern_idx: np.ndarray
    relative_size: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Whether both slots are used, shape (pattern, slot, slot)."""
        return np.asarray((self.elapsed >= 0)[:, :, None] & (self.elapsed >= 0)[:, None, :])

    @property
    def lag(self) -> np.ndarray:
        """Years between two slots, 0 where one is not used, shape (pattern, slot, slot)."""
        return np.abs(self.elapsed[:, :, None] - self.elapsed[:, None, :]) * self.used

    def filled(self, values: np.ndarray) -> np.ndarray:
        """Return values by row in their slots, (group, slot, ...); zero where none is used."""
        return np.concatenate([values, np.zeros((1, *values.shape[1:]))])[self.rows]


def blocks_of(group_idx: np.ndarray, elapsed: np.ndarray, relative_size: np.ndarray) -> Blocks:
    """Return rows side by side by organisation, in the order of years since it began."""
    order = np.lexsort((elapsed, group_idx))
    group = group_idx[order]
    rows_of_group = np.bincount(group)
    slot = np.arange(len(order)) - np.repeat(
        np.cumsum(rows_of_group) - rows_of_group, rows_of_group
    )
    positions, years = (np.full((len(rows_of_group), rows_of_group.max()), -1) for _ in range(2))
    positions[group, slot] = order
    years[group, slot] = elapsed[order]
    patterns, which = np.unique(years, axis=0, return_inverse=True)
    return Blocks(positions, patterns, which.ravel(), relative_size[:, None])


@dataclass(frozen=True)
class GrowthRows:
    """Rates by organisation and year; arrays have shape (row,) unless said.

    Attributes
    ----------
    rate : ndarray
        Percentage points of the benchmark.
    elapsed : ndarray of int
        Years since the organisation began, at least 0; rising within an organisation.
    design : ndarray, shape (row, coefficient)
        As the design of the means in `analysis.models.growth.model`: middle, gain (zeros), trend
        of years, trend of cohorts, middle size over size less 1, scatter of years and of cohorts.
    n_period_scatter : int
        Columns of the scatter of years; those after them are of cohorts.
    relative_size : ndarray, shape (group,)
        The middle size over the organisation's own.
    middle_people : float
        The middle size.
    period_trend, cohort_trend : tuple of float
        Mean and standard deviation of the priors of the trends, points per year.
    """

    rate: np.ndarray
    group_idx: np.ndarray
    elapsed: np.ndarray
    design: np.ndarray
    n_period_scatter: int
    relative_size: np.ndarray
    middle_people: float
    period_trend: tuple[float, float]
    cohort_trend: tuple[float, float]


@dataclass(frozen=True)
class ConditionalCoefficients:
    """The coefficients given the nine numbers: normal.

    Attributes
    ----------
    log_density : float
        Of the nine numbers, up to a constant, with the coefficients integrated out.
    mean, sd : ndarray, shape (coefficient,)
        Of the prior.
    half : ndarray, shape (coefficient,)
    root : ndarray, shape (coefficient, coefficient)
        The posterior is ``mean + sd * solve(root.T, half + z)`` with z standard normal.
    mean_reached : float
        Mean over rows of the share of the gain that is made.
    """

    log_density: float
    mean: np.ndarray
    sd: np.ndarray
    half: np.ndarray
    root: np.ndarray
    mean_reached: float


class GrowthOfRows:
    """The posterior of growth on rows.

    The shares of the spread's priors must be uniform, as they are by default.
    """

    def __init__(
        self,
        rows: GrowthRows,
        priors: GrowthPriors | None = None,
        spread_priors: ComponentPriors | None = None,
    ) -> None:
        self.rows, self.priors = rows, priors or GrowthPriors()
        self.spread_priors = spread_priors or ComponentPriors()
        self.blocks = blocks_of(rows.group_idx, rows.elapsed, rows.relative_size)
        self._used, self._lag = self.blocks.used, self.blocks.lag
        self._years, self._year_idx = np.unique(rows.elapsed, return_inverse=True)
        self._design_and_rate = self.blocks.filled(np.column_stack([rows.design, rows.rate]))

    def years_to_80pct(self, vectors: np.ndarray) -> np.ndarray:
        """Return the years to 80 % of the plateau, one a vector of the last axis."""
        median, log_sd = self.priors.years_to_80pct
        return median * np.exp(log_sd * vectors[..., 6])

    def components(self, vector: np.ndarray) -> SpreadComponents:
        """Return the components of spread that a vector stands for."""
        return components(vector, self.rows.middle_people)

    def reached(self, years_to_80pct: float) -> tuple[np.ndarray, float]:
        """Return the share of the gain that each row has made less its mean, and that mean."""
        share_of_plateau = -np.expm1(-HORIZON_YEARS * np.log(5) / years_to_80pct)
        by_year = -np.expm1(-self._years * np.log(5) / years_to_80pct) / share_of_plateau
        reached = by_year[self._year_idx]
        return reached - reached.mean(), float(reached.mean())

    def conditional_coefficients(self, vector: np.ndarray) -> ConditionalCoefficients:
        """Return the coefficients given the nine numbers, and the density of these."""
        mean, sd = self._prior(vector)
        reached, mean_reached = self.reached(float(self.years_to_80pct(vector)))
        gram, log_det = self._gram(self.components(vector), reached)
        # The rate less the prior's mean of it is one more combination of the columns.
        change = np.eye(len(gram))
        change[:-1, -1] = -mean
        change[range(len(sd)), range(len(sd))] = sd
        gram = change.T @ gram @ change
        root = np.linalg.cholesky(np.eye(len(sd)) + gram[:-1, :-1])
        half = np.linalg.solve(root, gram[:-1, -1])
        likelihood = -0.5 * (gram[-1, -1] - half @ half + log_det) - np.log(np.diag(root)).sum()
        density = float(likelihood + log_prior(vector, self.spread_priors, self.rows.middle_people))
        return ConditionalCoefficients(density, mean, sd, half, root, mean_reached)

    def _gram(self, components: SpreadComponents, reached: np.ndarray) -> tuple[np.ndarray, float]:
        """Products of the columns and the rate, whitened; log determinant of the covariance."""
        scales, axes, sizeless = self.axes(self.by_lag(components))
        variance = 1 + self.blocks.relative_size * scales
        self._design_and_rate[:, :, GAIN_COLUMN] = self.blocks.filled(reached)
        white = (axes.transpose(0, 2, 1) @ self._design_and_rate) / np.sqrt(variance)[:, :, None]
        flat = white.reshape(-1, white.shape[2])
        return flat.T @ flat, float(np.log(variance).sum() + sizeless.sum())

    def axes(self, by_lag: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return axes along which the rates of an organisation of any size do not covary.

        Parameters
        ----------
        by_lag : ndarray, shape (2, lag)
            From `by_lag`.

        Returns
        -------
        scales : ndarray, shape (group, slot)
            The variance along each axis is 1 + (relative size) x (scale).
        axes : ndarray, shape (group, slot, slot)
        log_det : ndarray, shape (group,)
            Log determinant of what size does not shrink.
        """
        sizeless, with_size = np.where(self._used, by_lag[:, self._lag], 0.0)
        slots = np.arange(self._lag.shape[1])
        sizeless[:, slots, slots] += np.where(self._used[:, slots, slots], NUGGET, 1.0)
        root = np.linalg.cholesky(sizeless)
        inverse = np.linalg.inv(root)
        scales, turned = np.linalg.eigh(inverse @ with_size @ inverse.transpose(0, 2, 1))
        axes = inverse.transpose(0, 2, 1) @ turned
        log_det = 2 * np.log(root[:, slots, slots]).sum(axis=1)
        pattern = self.blocks.pattern_idx
        return np.maximum(scales, 0.0)[pattern], axes[pattern], log_det[pattern]

    def by_lag(self, components: SpreadComponents) -> np.ndarray:
        """Return the covariance of two rates by the years between them, shape (2, lag).

        What size does not shrink, and what it does, at the middle size.
        """
        lags = np.arange(self._years[-1] + 1)
        sizeless = components.covariance(lags, 0.0)
        with_size = components.covariance(lags, 1 / self.rows.middle_people)
        return np.array([sizeless, with_size - sizeless])

    def log_density(self, vector: np.ndarray) -> float:
        """Return the log posterior density of the nine numbers, up to a constant."""
        if np.abs(vector).max() > FARTHEST:
            return -np.inf
        return self.conditional_coefficients(vector).log_density

    def _prior(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means and standard deviations of the coefficients, in the order of the design."""
        rows, priors = self.rows, self.priors
        size = priors.size_points * PER_TEN_THOUSAND / REFERENCE_PEOPLE
        trends = rows.period_trend, rows.cohort_trend
        fixed_sd = [priors.level_points, priors.gain_points, *(trend[1] for trend in trends), size]
        columns = rows.design.shape[1]
        free = rows.n_period_scatter, columns - len(fixed_sd) - rows.n_period_scatter
        scatter = half_normal(vector[7:]) * [priors.period_points, priors.cohort_points]
        mean = np.zeros(columns)
        mean[2:4] = [trend[0] for trend in trends]
        return mean, np.concatenate([fixed_sd, np.repeat(scatter, free)])
