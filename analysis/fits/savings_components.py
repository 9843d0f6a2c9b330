"""Lasting differences between pools, from the savings rates of US organisations."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import xarray as xr

from analysis.evidence import mssp
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler
from analysis.models.savings.components import PERCENTAGE_POINTS, ComponentPriors, SpreadComponents
from analysis.models.savings.moments import SavingsMoments, savings_moments

COMPONENTS = Builder("analysis.models.savings.variance_components", "variance_components_model")

BENCHMARK_WEIGHTS = np.array([0.1, 0.3, 0.6])
"""Weights of the three years that a first benchmark averages (42 CFR 425.602)."""


LARGEST_SEEN = 80_000.0
"""Size near which the largest organisations of the programme lie: half of those in the top band of
`data/mssp` have more people. Beyond it the law of size is a form, not data."""


@dataclass(frozen=True)
class MsspComponents:
    """Variance components of savings rates in the Medicare Shared Savings Program.

    Draws have dims ``chain, draw``. Every spread is a standard deviation as a share of the
    benchmark.

    Attributes
    ----------
    tau : xarray.DataArray
        Lasting differences between organisations of `LARGEST_SEEN` people, permanent and fading
        part together.
    k : xarray.DataArray
        What is new every year and shrinks as 1/N, as its standard deviation times sqrt(N), a
        share of the benchmark. Less than the k of one person's cost, since part of chance is
        carried over (the same people fall ill again, and the benchmark holds chance of its own
        for years).
    components : SpreadComponents
        All parts, as draws; standard deviations in percentage points.
    moments : SavingsMoments
        What was fitted.
    """

    tau: xr.DataArray
    k: xr.DataArray
    components: SpreadComponents
    moments: SavingsMoments
    fit: Fit

    @property
    def exponent(self) -> xr.DataArray:
        """Power of 1/N by which the variance of lasting differences falls."""
        return self.components.size_exponent

    @property
    def usual_people(self) -> float:
        """Harmonic mean size of the organisations, beneficiaries."""
        same_year = self.moments.lag == 0
        n = self.moments.n[same_year]
        return float(n.sum() / (n * self.moments.inverse_size[same_year]).sum())

    def spread(self, people: float) -> xr.DataArray:
        """Return the standard deviation of savings rates of organisations of one size.

        Parameters
        ----------
        people : float
            Assigned beneficiaries, above 0.

        Returns
        -------
        xarray.DataArray
            Share of the benchmark, in a typical year.
        """
        return np.sqrt(self.components.covariance(0, 1 / people)) / PERCENTAGE_POINTS

    def persistent_spread(self, people: float | xr.DataArray, years: int = 0) -> xr.DataArray:
        """Return the standard deviation of what lasts, for organisations of one size.

        Parameters
        ----------
        people : float or xarray.DataArray
            Assigned beneficiaries, above 0. Estimated from 5,000 to `LARGEST_SEEN`; beyond, the
            law of size alone speaks, and at infinity nothing is left.
        years : int
            Years over which it must last; 0 is all that is carried over to some later year.

        Returns
        -------
        xarray.DataArray
            Share of the benchmark.
        """
        parts = self.components.at(people)
        lasting = parts.permanent**2 + parts.fading**2 * parts.kept**years
        return np.sqrt(lasting) / PERCENTAGE_POINTS

    def person_k(self, correlation: float) -> tuple[xr.DataArray, xr.DataArray]:
        """Return the two ends between which savings rates leave the k of one person's cost.

        Say that the same people stay, and that their costs in two years have this correlation.
        What lasts in people is in the benchmark too and cancels. What is left of chance in a
        year's rate is then new every year, with variance (1 - correlation) k² / N. So the part
        that is new every year gives k, if the model tells it from what is carried over: the low
        end. At the high end, all change from one year to the next among organisations of the
        usual size is chance, but for what is new every year at any size.

        Parameters
        ----------
        correlation : float
            Of one person's cost in successive years, between 0 and 1.

        Returns
        -------
        low, high : xarray.DataArray
        """
        parts = self.components.at(self.usual_people)
        new = parts.k_renewed**2
        fading = self.usual_people * parts.fading**2 / PERCENTAGE_POINTS**2
        changing = new + fading * (1 - parts.kept)
        return np.sqrt(new / (1 - correlation)), np.sqrt(changing / (1 - correlation))

    def chance_share(self, people: float, k: xr.DataArray, correlation: float) -> xr.DataArray:
        """Return the share of the variance of savings rates that chance between people explains.

        Chance of the year and chance of the benchmark's years, both without what lasts in people.

        Parameters
        ----------
        people : float
            Assigned beneficiaries, above 0.
        k : xarray.DataArray
            Coefficient of variation of one person's annual cost, cut as the programme cuts it.
        correlation : float
            Of one person's cost in successive years, between 0 and 1.

        Returns
        -------
        xarray.DataArray
            Share of the variance.
        """
        chance = (1 - correlation) * (1 + (BENCHMARK_WEIGHTS**2).sum()) * k**2 / people
        return chance / self.spread(people) ** 2

    def correlation(self, people: float, years: int) -> xr.DataArray:
        """Return the correlation of an organisation's savings rates some years apart.

        Parameters
        ----------
        people : float
            Assigned beneficiaries, above 0.
        years : int
            At least 1.

        Returns
        -------
        xarray.DataArray
        """
        inverse_size = 1 / people
        same, other = (self.components.covariance(lag, inverse_size) for lag in (0, years))
        return other / same


@cache
def _moments() -> SavingsMoments:
    return savings_moments(mssp.cross_section(), mssp.pairs())


MSSP_COMPONENTS = PublishedFit(
    "mssp-components",
    COMPONENTS,
    lambda: (_moments(), ComponentPriors()),
    60,
    "MSSP components",
    Sampler(thin=3),
)

PUBLISHED = (MSSP_COMPONENTS,)


def mssp_components() -> MsspComponents:
    """Return the variance components of MSSP savings rates, fitted to the committed cells."""
    fitted = MSSP_COMPONENTS.fit()
    draws = fitted.posterior
    parts = SpreadComponents(
        k_carried=0.0 * draws["k_renewed"],
        **{name: draws[name] for name in SpreadComponents.__dataclass_fields__ if name in draws},
    )
    at_largest = parts.at(LARGEST_SEEN)
    return MsspComponents(
        tau=np.hypot(at_largest.permanent, at_largest.fading) / PERCENTAGE_POINTS,
        k=draws["k_renewed"],
        components=parts,
        moments=_moments(),
        fit=fitted,
    )
