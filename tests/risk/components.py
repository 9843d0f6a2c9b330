"""Variance components concentrated at known values, so that measures are tested without a fit."""

import numpy as np
import xarray as xr

from analysis.evidence import mssp
from analysis.fits.savings_components import LARGEST_SEEN, MsspComponents
from analysis.inference.diagnostics import Diagnostics
from analysis.inference.fitting import Fit
from analysis.models.savings.components import SpreadComponents
from analysis.models.savings.moments import savings_moments

KNOWN = {
    "k_renewed": 1.5,
    "k_carried": 0.0,
    "permanent": 1.0,
    "fading": 3.7,
    "yearly": 0.3,
    "kept": 0.7,
    "size_exponent": 0.55,
}
HEAVINESS = 1.0


def known_components(draws: int = 400) -> MsspComponents:
    """Return components of which every draw is the same."""
    moments = savings_moments(mssp.cross_section(), mssp.pairs())
    like = np.ones((2, draws // 2))
    values = {name: (("chain", "draw"), value * like) for name, value in KNOWN.items()}
    values["heaviness"] = (("chain", "draw"), HEAVINESS * like)
    error_sd = np.sqrt(1 + HEAVINESS * (1 + moments.common))
    values["error_sd"] = (("chain", "draw", "whitened"), error_sd * like[..., None])
    values["share_permanent"] = (("chain", "draw"), 0.15 * like)
    scale = np.zeros((*like.shape, len(moments.years)))
    values["log_year_scale"] = (("chain", "draw", "year"), scale)
    expected = SpreadComponents(**KNOWN).covariance(moments.lag, moments.inverse_size)
    values["expected"] = (
        ("chain", "draw", "moment"),
        np.broadcast_to(expected, (*like.shape, len(expected))),
    )
    posterior = xr.Dataset(values, coords={"year": moments.years})
    components = SpreadComponents(**{name: posterior[name] for name in KNOWN})
    fit = Fit("known", posterior, Diagnostics("known", 1.0, 1e4, 1e4, 0, draws), "none")
    at_largest = components.at(LARGEST_SEEN)
    tau = np.hypot(at_largest.permanent, at_largest.fading) / 100
    return MsspComponents(tau, posterior["k_renewed"], components, moments, fit)
