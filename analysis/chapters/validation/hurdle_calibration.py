"""Calibration of the hurdle model by simulation: small cells, and the priors the chapters use."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.fits.rand_costs import THRESHOLD_USD, rand_priors
from analysis.inference.fitting import Sampler
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.models.hurdle.data import HurdleData, hurdle_data
from analysis.models.hurdle.model import CELL_QUANTITIES, hurdle_model
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.simulate import simulate_costs
from analysis.population.cells import risk_cells
from analysis.risk.adjustment import variation
from analysis.risk.cost_distribution import cost_distribution

AGE_GROUPS = ("a", "b", "c", "d", "e", "f")
"""Six levels: enough for the model to learn how much they differ."""

SEXES = ("f", "m")
"""Two levels: too few, so the model keeps their spread fixed."""

PEOPLE_BY_CELL = (40, 60, 90, 130, 180, 240, 300, 360, 420, 480, 540, 600)
"""Small cells beside larger ones, 3,440 people in all: a sixth of RAND."""


def simulated_people() -> pd.DataFrame:
    """Return the people whose costs are simulated: their factors, without a cost.

    Returns
    -------
    DataFrame, one row a person
        ``age_group``, ``sex`` and ``cell``, in the order in which `risk_cells` puts cells.
    """
    cells = pd.MultiIndex.from_product([AGE_GROUPS, SEXES], names=["age_group", "sex"])
    cell = np.repeat(np.arange(len(cells)), PEOPLE_BY_CELL)
    return cells.to_frame(index=False).iloc[cell].assign(cell=cell).reset_index(drop=True)


def _simulate(truth: Mapping[str, np.ndarray], generator: np.random.Generator) -> HurdleData:
    people = simulated_people()
    cell = people["cell"].to_numpy()
    quantities = {name: np.asarray(truth[name])[cell] for name in CELL_QUANTITIES}
    shape = float(truth["tail_shape"])
    cost = simulate_costs(quantities, shape, THRESHOLD_USD, generator)
    cells = risk_cells(people.assign(annual_cost_usd=cost), ["age_group", "sex"])
    return hurdle_data(cells)


def _quantities(draws: xr.Dataset) -> Mapping[str, np.ndarray]:
    """Parameters of the smallest cell, the learned spreads, the tail, and what chapters report."""
    share = np.array(PEOPLE_BY_CELL) / sum(PEOPLE_BY_CELL)
    maximum = assumption("maximum_annual_cost_multiple").value
    costs = cost_distribution(draws, THRESHOLD_USD, share, maximum)
    smallest = {
        f"{name}, smallest cell": draws[name].isel(cell=0).to_numpy().ravel()
        for name in CELL_QUANTITIES
    }
    spreads = {
        f"spread of {name}": draws["spread"].isel(quantity=row).to_numpy().ravel()
        for row, name in enumerate(CELL_QUANTITIES)
    }
    return {
        **smallest,
        **spreads,
        "tail shape": draws["tail_shape"].to_numpy().ravel(),
        "mean cost": costs.population_mean()[:, 0],
        "k": variation(costs, adjusted=True),
    }


def calibration_priors() -> HurdlePriors:
    """Return the chapters' priors with intercepts half as wide.

    Under the full width many simulated populations are unlike any people, for example nearly all
    above the threshold: their parameters cannot be told from the data, and the calibration would
    be one of the sampler in places where it never works.

    Returns
    -------
    HurdlePriors
    """
    priors = rand_priors()
    narrowed: dict[str, Any] = {}
    for name in CELL_QUANTITIES:
        mean, sd = getattr(priors, name)
        narrowed[name] = (mean, sd / 2)
    return replace(priors, **narrowed)


def hurdle_case() -> CalibrationCase:
    """Return the hurdle model as a case for calibration, with the priors of the chapters.

    Returns
    -------
    CalibrationCase
    """
    generator = np.random.default_rng(0)
    cells = len(PEOPLE_BY_CELL)
    typical = {name: np.full(cells, getattr(rand_priors(), name)[0]) for name in CELL_QUANTITIES}
    return CalibrationCase(
        name="hurdle",
        builder=hurdle_model,
        priors=calibration_priors(),
        template=_simulate({**typical, "tail_shape": np.array(0.4)}, generator),
        simulate=_simulate,
        quantities=_quantities,
        sampler=Sampler(chains=2, tune=300, draws=400, target_accept=0.9),
    )
