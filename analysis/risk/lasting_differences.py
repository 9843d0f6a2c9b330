"""Lasting differences between pools, from the savings rates of US organisations."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from analysis.evidence import mssp
from analysis.inference import Fit, Sampler, fit
from analysis.models import (
    ComponentPriors,
    SavingsMoments,
    SpreadComponents,
    savings_moments,
    variance_components_model,
)
from analysis.models.savings_moments import PERCENTAGE_POINTS


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
    fit : Fit
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

    def lasting_spread(self, people: float, years: int = 0) -> xr.DataArray:
        """Return the standard deviation of what lasts, for organisations of one size.

        Parameters
        ----------
        people : float
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


def mssp_components() -> MsspComponents:
    """Return the variance components of MSSP savings rates, fitted to the committed cells.

    Returns
    -------
    MsspComponents
    """
    moments = savings_moments(mssp.cross_section(), mssp.pairs())
    fitted = fit(
        "mssp-components",
        variance_components_model,
        moments,
        ComponentPriors(),
        Sampler(target_accept=0.98),
    )
    draws = fitted.posterior
    components = SpreadComponents(
        **{name: draws[name] for name in SpreadComponents.__dataclass_fields__}
    )
    return MsspComponents(
        tau=draws["tau"] / PERCENTAGE_POINTS,
        k=draws["k_renewed"],
        components=components,
        moments=moments,
        fit=fitted,
    )
