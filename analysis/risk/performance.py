"""What a regulator sees: a true deficit under noise that partly persists.

A group's observed deficit in a year is its true deficit, plus real circumstances that come and go
over years (autoregressive), plus chance, which is new every year and shrinks with size.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PerformanceNoise:
    """Noise around a true deficit; shares of the budget.

    Attributes
    ----------
    chance_sd : float
        Standard deviation of chance in one year: k over the root of the number of people.
    transient_sd : float
        Standard deviation of real circumstances that pass.
    transient_correlation : float
        Their correlation from one year to the next, 0 to less than 1.
    """

    chance_sd: float
    transient_sd: float = 0.0
    transient_correlation: float = 0.0

    def covariance(self, years: int) -> np.ndarray:
        """Return the covariance of the noise of several years, shape (year, year)."""
        lag = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
        passing = self.transient_sd**2 * self.transient_correlation**lag
        return passing + self.chance_sd**2 * np.eye(years)


def observed_deficits(
    noise: PerformanceNoise,
    true_deficit: float,
    years: int,
    groups: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Draw the deficits that a regulator observes.

    Parameters
    ----------
    true_deficit : float
        Share of the budget; negative for a surplus.
    generator : numpy.random.Generator
        The same generator state gives the same standard normal draws whatever the noise, so that
        rules and sizes can be compared on the same luck.

    Returns
    -------
    ndarray, shape (group, year)
        Shares of the budget.
    """
    standard = generator.standard_normal((2, groups, years))
    passing = np.empty((groups, years))
    passing[:, 0] = standard[0, :, 0]
    fresh = np.sqrt(1 - noise.transient_correlation**2)
    for year in range(1, years):
        passing[:, year] = (
            noise.transient_correlation * passing[:, year - 1] + fresh * standard[0, :, year]
        )
    return true_deficit + noise.transient_sd * passing + noise.chance_sd * standard[1]
