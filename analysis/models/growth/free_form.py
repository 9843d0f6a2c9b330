"""Growth by year in the programme with no form: what is identified without a trend.

Mean savings rates are the sum of an effect of each year in the programme, of each calendar year and
of each cohort, and of size; none of the effects has a form or a prior. Since the three kinds of
year add up, a straight trend can be moved between them without changing any mean. What no such
trend touches is identified: differences of gains over equally many years (Holford 1983, Biometrics
39:311). Gains themselves are given a calendar trend, and move by one year of it each year.
"""

from dataclasses import dataclass

import numpy as np

from analysis.models.growth.data import GrowthData, whitened


@dataclass(frozen=True)
class FreeGrowth:
    """Mean savings by years since the first, less that of the first; percentage points.

    Attributes
    ----------
    elapsed : ndarray of int, shape (year,)
        From 1: years in which growth is told.
    growth : ndarray, shape (year,)
        Best estimate without a calendar trend.
    covariance : ndarray, shape (year, year)
        Of the estimate, with the dispersion in it.
    dispersion : float
        Squared factor by which means scatter more than organisations' own differences explain.
    degrees : int
        Of freedom of the dispersion.
    """

    elapsed: np.ndarray
    growth: np.ndarray
    covariance: np.ndarray
    dispersion: float
    degrees: int

    def draws(
        self, calendar_trend: float, number: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return draws of growth under a calendar trend, shape (draw, year), the first year's 0.

        Student t: the dispersion is estimated.

        Parameters
        ----------
        calendar_trend : float
            Points a year that are no learning.
        """
        root = np.linalg.cholesky(self.covariance)
        scale = np.sqrt(self.degrees / generator.chisquare(self.degrees, (number, 1)))
        drawn = self.growth + scale * (generator.standard_normal((number, len(root))) @ root.T)
        drawn = drawn - calendar_trend * self.elapsed
        return np.column_stack([np.zeros(number), drawn])


def free_growth(data: GrowthData) -> FreeGrowth:
    """Estimate growth by generalised least squares, as nothing but an effect of each year.

    Exits and the dependence of means are allowed for as in `analysis.models.growth.model`; the size
    bands tell of size.

    Parameters
    ----------
    data : GrowthData
        Its trends are not used.
    """
    years = np.unique(data.elapsed)
    ages = (data.elapsed[:, None] == years[1:]).astype(float)
    cohort = np.column_stack([data.cohort_slope, data.cohort_basis])[data.cohort_idx]
    period = data.period_basis[data.period_idx]
    plain = np.column_stack([ages, data.inverse_size, np.ones(len(ages)), cohort, period])
    design, rate = whitened(data, plain, size_column=ages.shape[1])
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ rate
    degrees = len(rate) - len(estimate)
    dispersion = float(np.sum((rate - design @ estimate) ** 2) / degrees)
    grown = slice(0, len(years) - 1)
    return FreeGrowth(
        years[1:].astype(int),
        estimate[grown],
        dispersion * inverse[grown, grown],
        dispersion,
        degrees,
    )
