"""Calibration of the variance components of savings rates, on moments of the committed form.

Truths are drawn from the model's priors, and the moments from the model's own likelihood with the
sampling errors of the committed moments. Whether that likelihood suits rows is another question:
see `analysis.chapters.validation.components_rows`.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import xarray as xr

from analysis.evidence import mssp
from analysis.inference.fitting import Sampler
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.models.savings.components import ComponentPriors
from analysis.models.savings.moments import SavingsMoments, savings_moments
from analysis.models.savings.variance_components import variance_components_model

QUANTITIES = {
    "k": "k_renewed",
    "tau": "tau",
    "size exponent": "size_exponent",
    "yearly": "yearly",
    "share permanent": "share_permanent",
    "kept": "kept",
    "heaviness": "heaviness",
}
"""Variables of the model by the name that the page gives them."""


def _quantities(draws: xr.Dataset) -> Mapping[str, np.ndarray]:
    return {name: draws[variable].to_numpy().ravel() for name, variable in QUANTITIES.items()}


def components_case() -> CalibrationCase:
    """Return the variance components as a case for calibration."""
    committed = savings_moments(mssp.cross_section(), mssp.pairs())
    unwhitener = np.linalg.inv(committed.whitener)

    def simulate(truth: Mapping[str, np.ndarray], generator: np.random.Generator) -> SavingsMoments:
        errors = unwhitener @ (truth["error_sd"] * generator.normal(size=len(unwhitener)))
        return replace(committed, covariance=truth["expected"] + errors)

    return CalibrationCase(
        name="variance-components",
        builder=variance_components_model,
        priors=ComponentPriors(),
        template=committed,
        simulate=simulate,
        quantities=_quantities,
        sampler=Sampler(chains=2, tune=400, draws=600, target_accept=0.9),
    )
