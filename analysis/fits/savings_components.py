"""Lasting differences between pools, from the savings rates of US organisations."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from analysis.evidence import mssp
from analysis.evidence.assumed_draws import assumed_draws
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler
from analysis.models.savings.components import PERCENTAGE_POINTS, ComponentPriors, SpreadComponents
from analysis.models.savings.moments import SavingsMoments, savings_moments

COMPONENTS = Builder("analysis.models.savings.variance_components", "variance_components_model")

BENCHMARK_WEIGHTS = np.array([0.1, 0.3, 0.6])
"""Weights of the three years that a first benchmark averages (42 CFR 425.602)."""


@dataclass(frozen=True)
class MsspComponents:
    """Variance components of savings rates in the Medicare Shared Savings Program.

    Draws have dims ``chain, draw``.

    Attributes
    ----------
    tau : xarray.DataArray
        Lasting differences that size does not shrink: standard deviation as a share of the
        benchmark, permanent and fading part together.
    k : xarray.DataArray
        What is new every year and shrinks with size, as its standard deviation times sqrt(N), a
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
    def permanent_share(self) -> xr.DataArray:
        """Share of the variance tau² that never fades."""
        return self.fit.posterior["share_permanent"]

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
            Assigned beneficiaries, above 0; infinity gives tau.
        years : int
            Years over which it must last; 0 is all that is carried over to some later year.

        Returns
        -------
        xarray.DataArray
            Share of the benchmark.
        """
        parts = self.components
        carried = parts.fading**2 + PERCENTAGE_POINTS**2 * parts.k_carried**2 / people
        return np.sqrt(parts.permanent**2 + carried * parts.kept**years) / PERCENTAGE_POINTS

    def person_k(self, correlation: float) -> tuple[xr.DataArray, xr.DataArray]:
        """Return the two ends between which savings rates leave the k of one person's cost.

        Say that the same people stay, and that their costs in two years have this correlation.
        What lasts in people is in the benchmark too and cancels. What is left of chance in a
        year's rate is then new every year, with variance (1 - correlation) k² / N. So the part
        that is new every year gives k, if the model tells it from what is carried over: the low
        end. At the high end, all change from one year to the next that shrinks with size is
        chance.

        Parameters
        ----------
        correlation : float
            Of one person's cost in successive years, between 0 and 1.

        Returns
        -------
        low, high : xarray.DataArray
        """
        parts = self.components
        new = parts.k_renewed**2
        changing = new + parts.k_carried**2 * (1 - parts.kept)
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


def _moments() -> SavingsMoments:
    return savings_moments(mssp.cross_section(), mssp.pairs())


MSSP_COMPONENTS = PublishedFit(
    "mssp-components",
    COMPONENTS,
    lambda: (_moments(), ComponentPriors()),
    30,
    "MSSP components",
    Sampler(target_accept=0.98),
)

PUBLISHED = (MSSP_COMPONENTS,)


def mssp_components() -> MsspComponents:
    """Return the variance components of MSSP savings rates, fitted to the committed cells."""
    fitted = MSSP_COMPONENTS.fit()
    draws = fitted.posterior
    components = SpreadComponents(
        **{name: draws[name] for name in SpreadComponents.__dataclass_fields__}
    )
    return MsspComponents(
        tau=draws["tau"] / PERCENTAGE_POINTS,
        k=draws["k_renewed"],
        components=components,
        moments=_moments(),
        fit=fitted,
    )


def english_persistent_spread(
    components: MsspComponents, people: float | xr.DataArray
) -> xr.DataArray:
    """Return the spread of lasting differences between English pools of one size.

    That of US organisations of the same size times an assumed ratio, ``english_lasting_ratio``.

    Parameters
    ----------
    people : float or xarray.DataArray
        Above 0.

    Returns
    -------
    xarray.DataArray
        Standard deviation as a share of the budget, dims ``chain, draw`` and those of `people`.
    """
    return components.persistent_spread(people) * _english_ratio(components.tau)


def _english_ratio(like: xr.DataArray) -> xr.DataArray:
    """Draws of the ratio, in the shape of the posterior that it multiplies."""
    draws = assumed_draws(["english_lasting_ratio"], like.size)["english_lasting_ratio"]
    return like.copy(data=draws.reshape(like.shape))
