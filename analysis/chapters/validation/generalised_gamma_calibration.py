"""Calibration of the generalised gamma model of positive cost, from a few hundred people a cell."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from analysis.fits.positive_costs import UNIT_USD
from analysis.inference.fitting import Sampler
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.models.generalised_gamma.data import (
    GeneralisedGammaData,
    GeneralisedGammaPriors,
    generalised_gamma_data,
)
from analysis.models.generalised_gamma.model import generalised_gamma_model
from analysis.population.log_histogram import log_histogram

PEOPLE_BY_CELL = (60, 120, 180, 240, 300, 360)

NORMAL_BELOW = 1e-3
"""Shape, in absolute value, from which down the gamma variable is drawn as its normal limit."""


def simulated_log_costs(
    location: np.ndarray, log_scale: np.ndarray, shape: float, generator: np.random.Generator
) -> np.ndarray:
    """Return log costs, each a location plus a scale times Prentice's variable.

    For a gamma variable G with mean 1 and variance q², that variable is log(G) / q.

    Parameters
    ----------
    location, log_scale : ndarray, shape (person,)
    shape : float
        q; at 0 the variable is standard normal.

    Returns
    -------
    ndarray, shape (person,)

    References
    ----------
    Prentice (1974), Biometrika 61:539, section 2.
    """
    people = len(location)
    if abs(shape) < NORMAL_BELOW:
        standard = generator.normal(size=people)
    else:
        standard = np.log(generator.gamma(1 / shape**2, shape**2, people)) / shape
    return location + np.exp(log_scale) * standard


def _simulate(
    truth: Mapping[str, np.ndarray], generator: np.random.Generator
) -> GeneralisedGammaData:
    cell = np.repeat(np.arange(len(PEOPLE_BY_CELL)), PEOPLE_BY_CELL)
    log_cost = simulated_log_costs(
        truth["location"][cell], truth["log_scale"][cell], float(truth["shape"]), generator
    )
    cost = UNIT_USD * np.exp(log_cost)
    people = pd.DataFrame({"age_group": np.array(list("abcdef"))[cell], "annual_cost_usd": cost})
    return generalised_gamma_data(log_histogram(people, ["age_group"]), UNIT_USD)


def _quantities(draws: xr.Dataset) -> Mapping[str, np.ndarray]:
    return {
        "location, smallest cell": draws["location"].isel(cell=0).to_numpy().ravel(),
        "log scale, smallest cell": draws["log_scale"].isel(cell=0).to_numpy().ravel(),
        "spread of centre": draws["spread"].isel(quantity=0).to_numpy().ravel(),
        "spread of log width": draws["spread"].isel(quantity=1).to_numpy().ravel(),
        "shape": draws["shape"].to_numpy().ravel(),
    }


def generalised_gamma_case() -> CalibrationCase:
    """Return the generalised gamma model as a case for calibration."""
    cells = len(PEOPLE_BY_CELL)
    typical = {"location": np.full(cells, -2.0), "log_scale": np.full(cells, 0.2)}
    return CalibrationCase(
        name="generalised-gamma",
        builder=generalised_gamma_model,
        priors=GeneralisedGammaPriors(),
        template=_simulate({**typical, "shape": np.array(0.0)}, np.random.default_rng(0)),
        simulate=_simulate,
        quantities=_quantities,
        sampler=Sampler(chains=2, tune=300, draws=400, target_accept=0.9),
    )
