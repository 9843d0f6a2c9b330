r"""Growth of savings with years in a programme, beside calendar year, cohort, size and exit.

The mean savings rate of the cohort that began in year :math:`c`, seen in year :math:`p`, is

.. math::
    \alpha + G\,\frac{1 - e^{-t/T}}{1 - e^{-H/T}} + \pi_p + \gamma_c + \beta x_{cp} + B_{cp},
    \qquad t = p - c

with :math:`\alpha` the level in the first year, :math:`G` the gain over the horizon :math:`H`,
:math:`T` the time constant of the approach to a plateau, :math:`x` the mean of 1/N and :math:`B`
what earlier exits did to those still there.
Age, period and cohort add up (:math:`t = p - c`), so only two of their three linear trends can be
learned (Holford 1983, Biometrics 39:311). The third is given: `GrowthData.period_trend` and
`cohort_trend`, each a mean and a standard deviation, which may be zero.

Given four numbers (the time, the scatter of years and of cohorts, and the dispersion) all else is
linear and normal and can be integrated out. So the posterior is a density in four dimensions that
costs a fraction of a millisecond, and the coefficients are drawn from their conditional
distribution (Gelman and others 2013, Bayesian Data Analysis, 3rd ed., section 14.8). The four are
standard normal scores under their priors: of the logarithm of the years to 80 % of the plateau, of
the half-normal scatters, and of the logarithm of the dispersion.
"""

from dataclasses import dataclass

import numpy as np

from analysis.models.growth.data import GrowthData, whitened
from analysis.models.growth.priors import GAIN_COLUMN, HORIZON_YEARS, SIZE_COLUMN, GrowthPriors
from analysis.models.growth.spread_parameters import FARTHEST, half_normal

NUMBERS = ("years_to_80pct", "period_sd", "cohort_sd", "log_dispersion")
"""What the elements of a vector stand for, as standard normal scores."""


@dataclass(frozen=True)
class Conditional:
    """The coefficients given the four numbers: normal.

    Attributes
    ----------
    log_density : ndarray, shape (...)
        Of the four scores, up to a constant, with the coefficients integrated out.
    mean : ndarray, shape (coefficient,)
    sd : ndarray, shape (..., coefficient)
        Of the prior.
    half : ndarray, shape (..., coefficient)
    root : ndarray, shape (..., coefficient, coefficient)
    """

    log_density: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    half: np.ndarray
    root: np.ndarray

    def draw(self, fresh: np.ndarray) -> np.ndarray:
        """Return coefficients for standard normal numbers of the shape of `half`."""
        turned = np.swapaxes(self.root, -1, -2)
        return self.mean + self.sd * np.linalg.solve(turned, (self.half + fresh)[..., None])[..., 0]


class GrowthOfMeans:
    """The posterior of growth on means by cohort and year.

    Attributes
    ----------
    coefficients : list of str
        Names, in the order of the design.
    design : ndarray, shape (mean, coefficient)
        Without the column of growth, which depends on the time.
    """

    def __init__(self, data: GrowthData, priors: GrowthPriors | None = None) -> None:
        self.data, self.priors = data, priors or GrowthPriors()
        self.coefficients, self.design = _design(data)
        self._white, self._rate = whitened(data, self.design, SIZE_COLUMN)
        together = np.column_stack([self._white, self._rate])
        self._gram = together.T @ together

    def numbers(self, vectors: np.ndarray) -> dict[str, np.ndarray]:
        """Return what vectors stand for, by name of `NUMBERS`; vectors are on the last axis."""
        median, log_sd = self.priors.years_to_80pct
        time, period, cohort, dispersion = np.moveaxis(np.asarray(vectors), -1, 0)
        return {
            "years_to_80pct": median * np.exp(log_sd * time),
            "period_sd": self.priors.period_points * half_normal(period),
            "cohort_sd": self.priors.cohort_points * half_normal(cohort),
            "log_dispersion": self.priors.dispersion * dispersion,
        }

    def reached(self, years_to_80pct: np.ndarray) -> np.ndarray:
        """Return the share of the gain over the horizon that each mean has made, (..., mean)."""
        rate = np.log(5) / np.asarray(years_to_80pct)[..., None]
        return np.expm1(-self.data.elapsed * rate) / np.expm1(-HORIZON_YEARS * rate)

    def log_density(self, vectors: np.ndarray) -> np.ndarray:
        """Return the log posterior density of the four scores, up to a constant, shape (...)."""
        near = np.clip(vectors, -FARTHEST, FARTHEST)
        density = self.conditional_coefficients(near).log_density
        return np.where(np.abs(vectors).max(axis=-1) > FARTHEST, -np.inf, density)

    def conditional_coefficients(self, vectors: np.ndarray) -> Conditional:
        """Return the coefficients given the four numbers, and the density of these.

        Parameters
        ----------
        vectors : ndarray, shape (..., 4)
        """
        numbers = self.numbers(vectors)
        reached = self.reached(numbers["years_to_80pct"])
        precision = np.exp(-numbers["log_dispersion"])
        mean, sd = self._prior(numbers["period_sd"], numbers["cohort_sd"])
        gram = self._gram_at(reached - reached.mean(axis=-1, keepdims=True))
        gram = precision[..., None, None] * _turned(gram, mean, sd)
        root = np.linalg.cholesky(np.eye(len(mean)) + gram[..., :-1, :-1])
        half = np.linalg.solve(root, gram[..., :-1, -1:])[..., 0]
        misfit = gram[..., -1, -1] - np.sum(half**2, axis=-1)
        log_det = 2 * np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
        log_det = log_det + len(self._rate) * numbers["log_dispersion"]
        density = -0.5 * (misfit + log_det + np.sum(vectors**2, axis=-1))
        return Conditional(density, mean, sd, half, root)

    def _gram_at(self, reached: np.ndarray) -> np.ndarray:
        """Products of the whitened columns and rate, with the column of growth filled in."""
        column = reached @ self.data.whitener.T
        # The size bands, after the means, tell nothing of growth.
        products = column @ np.column_stack([self._white, self._rate])[: column.shape[-1]]
        products[..., GAIN_COLUMN] = np.sum(column**2, axis=-1)
        gram = np.broadcast_to(self._gram, (*reached.shape[:-1], *self._gram.shape)).copy()
        gram[..., GAIN_COLUMN, :] = gram[..., :, GAIN_COLUMN] = products
        return gram

    def _prior(self, period_sd: np.ndarray, cohort_sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means, and standard deviations for each vector, of the coefficients' priors."""
        data, priors = self.data, self.priors
        trends = data.period_trend, data.cohort_trend
        fixed = [priors.level_points, priors.gain_points, *(sd for _, sd in trends)]
        fixed.append(priors.size_points)
        of_period, of_cohort = (basis.shape[1] for basis in (data.period_basis, data.cohort_basis))
        mean = np.zeros(len(self.coefficients))
        mean[2:4] = [middle for middle, _ in trends]
        parts = [
            np.broadcast_to(fixed, (*period_sd.shape, len(fixed))),
            np.repeat(period_sd[..., None], of_period, axis=-1),
            np.repeat(cohort_sd[..., None], of_cohort, axis=-1),
        ]
        return mean, np.concatenate(parts, axis=-1)


def _turned(gram: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Products for coefficients in standard deviations from their prior means."""
    change = np.eye(len(mean) + 1)
    change[:-1, -1] = -mean
    scale = np.concatenate([sd, np.ones_like(sd[..., :1])], axis=-1)
    # The rate less what the prior means say of it, then all columns times their prior's width.
    return (change.T @ gram @ change) * scale[..., :, None] * scale[..., None, :]


def _design(data: GrowthData) -> tuple[list[str], np.ndarray]:
    """Names of the coefficients, and the design of the means without the column of growth."""
    rows = len(data.means)
    columns = {
        "middle": np.ones(rows),
        "gain": np.zeros(rows),
        "period_trend": data.period_slope[data.period_idx],
        "cohort_trend": data.cohort_slope[data.cohort_idx],
        "size": data.inverse_size,
    }
    for name, basis, idx in (
        ("period", data.period_basis, data.period_idx),
        ("cohort", data.cohort_basis, data.cohort_idx),
    ):
        columns |= {f"{name}_scatter_{i}": basis[idx, i] for i in range(basis.shape[1])}
    return list(columns), np.column_stack(list(columns.values()))
