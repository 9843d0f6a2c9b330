"""Pools of English people: every calibrated draw's k, and some draws' whole distribution."""

import numpy as np
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.inference.derived_results import derived_result
from analysis.population.england.cells import england_cells
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import england_draws, england_parameters
from analysis.risk.tabulated_costs import TabulatedCosts, england_costs
from analysis.seeds import seed_for


def generated_variation() -> np.ndarray:
    """Return k within age and sex of every draw of the England generator.

    It is kept in the store of fits.

    Returns
    -------
    ndarray, shape (draw,)
        Exact moments; one for each set of calibrated parameters.
    """
    parameters = [england_parameters(n) for n in range(1, england_draws() + 1)]
    inputs = {"parameters": parameters, "cells": england_cells()}

    def make() -> xr.Dataset:
        moments = (england_moments(each, diagnoses=False) for each in parameters)
        return xr.Dataset({"k": ("draw", [each["total"].k("age_sex") for each in moments])})

    return derived_result("england-variation", england_moments, inputs, make)["k"].values


def england_sample(draws: int = 25) -> TabulatedCosts:
    """Return the distribution of English annual cost for some of the generator's draws.

    It is kept in the store of fits.

    Parameters
    ----------
    draws : int
        Number of draws, evenly spaced among all; at least 1.
    """
    numbers = np.unique(np.linspace(1, england_draws(), draws).round().astype(int))
    parameters = [england_parameters(int(number)) for number in numbers]
    seed = seed_for("england-sample")
    maximum = assumption("maximum_annual_cost_multiple").value
    inputs = {
        "parameters": parameters,
        "cells": england_cells(),
        "maximum": float(maximum),
        "seed": seed,
    }

    def make() -> xr.Dataset:
        costs = england_costs(parameters, seed, maximum)
        return xr.Dataset(
            {
                "points": ("point", costs.points),
                "probabilities": (("draw", "cell", "point"), costs.probabilities),
                "share": ("cell", costs.share),
                "limit": ((), costs.limit),
            },
            coords={"cell": list(costs.labels)},
        )

    result = derived_result(f"england-sample-{draws}", england_costs, inputs, make)
    return TabulatedCosts(
        points=result["points"].to_numpy(),
        probabilities=result["probabilities"].to_numpy(),
        limit=float(result["limit"]),
        share=result["share"].to_numpy(),
        labels=tuple(str(label) for label in result["cell"].to_numpy()),
    )
