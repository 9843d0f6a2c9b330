"""One rung of the ladder on RAND, from people to cost distribution: where chapters start."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.evidence.large_claims import large_claims
from analysis.evidence.rand_hie import person_years
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.model import hurdle_model
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.hurdle.tail_prior import tail_shape_prior
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects, design_effects
from analysis.population.groups import LADDER, add_risk_groups, with_history
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution, cost_distribution

MEASURED_DRAWS = 2500
"""Draws, over all chains, on which measures of risk are computed."""

COMPARISON_SAMPLER = Sampler(tune=500)
"""For fits that are only compared with others: a shorter warm-up, same limits."""

THRESHOLD_USD = 10**2.7
"""Where RAND's tail begins: 501 US dollars, three times the mean cost."""


@dataclass(frozen=True)
class FittedFormula:
    """A fitted rung.

    Attributes
    ----------
    people : DataFrame
        Person-years with the factor columns.
    cells : RiskCells
    effects : DesignEffects
    fit : Fit
    draws : xarray.Dataset
        The draws that `costs` was made from, dims ``chain, draw, ...``.
    costs : CostDistribution
    """

    people: pd.DataFrame
    cells: RiskCells
    effects: DesignEffects
    fit: Fit
    draws: xr.Dataset
    costs: CostDistribution

    def by_chain(self, values: np.ndarray) -> xr.DataArray:
        """Return one value a draw with dims ``chain, draw``, so that its Monte Carlo error shows.

        Parameters
        ----------
        values : ndarray, shape (draw,)
            In the order of `costs`.

        Returns
        -------
        xarray.DataArray
        """
        sizes = self.draws.sizes
        shaped = np.reshape(values, (sizes["chain"], sizes["draw"]))
        return xr.DataArray(shaped, dims=("chain", "draw"))

    def costs_with_maximum(self, maximum_multiple: float) -> CostDistribution:
        """Return the cost distribution under another largest cost.

        Parameters
        ----------
        maximum_multiple : float
            Largest possible annual cost of a person, in multiples of the mean.

        Returns
        -------
        CostDistribution
        """
        return cost_distribution(
            self.draws, self.cells.threshold, self.cells.share, maximum_multiple
        )


def rand_people() -> pd.DataFrame:
    """Return RAND's person-years with the factor columns of every rung.

    Returns
    -------
    DataFrame, one row a person and year
    """
    return add_risk_groups(person_years())


def rand_priors() -> HurdlePriors:
    """Return the priors of the hurdle model, its tail informed by the large claims of 1991.

    Returns
    -------
    HurdlePriors
    """
    return HurdlePriors(tail_shape=tail_shape_prior(large_claims()))


def fitted_formula(
    name: str,
    factors: Sequence[str],
    people: pd.DataFrame | None = None,
    *,
    priors: HurdlePriors | None = None,
    threshold: float = THRESHOLD_USD,
    clustered: bool = True,
    sampler: Sampler | None = None,
) -> FittedFormula:
    """Fit the hurdle model to people with one budget formula.

    Parameters
    ----------
    name : str
        Name of the fit.
    factors : sequence of str
        What the budget formula knows, for example ``LADDER["age_sex"]``.
    people : DataFrame, optional
        Person-years with the factor columns; RAND's by default.
    priors : HurdlePriors, optional
        `rand_priors` by default.
    threshold : float
        US dollars; where the tail begins.
    clustered : bool
        Whether repeated years of the same people weaken the evidence, as they should.
    sampler : Sampler, optional

    Returns
    -------
    Rung
    """
    people = rand_people() if people is None else people
    cells = risk_cells(people, factors, threshold=threshold)
    return _fitted(name, people, cells, priors, clustered, sampler)


def rand_formula(budget_formula: str, *, history: bool = False) -> FittedFormula:
    """Return a rung of the ladder fitted to RAND.

    Parameters
    ----------
    budget_formula : {"age_sex", "health", "prior_cost"}
        See `analysis.population.groups.LADDER`.
    history : bool
        Whether only person-years whose year before is known count, so that rungs can be compared
        on the same rows. Always so for ``prior_cost``, which needs them.

    Returns
    -------
    Rung
    """
    factors, name = LADDER[budget_formula], f"hurdle-{budget_formula.replace('_', '-')}"
    if not history and budget_formula != "prior_cost":
        return fitted_formula(name, factors)
    everyone = rand_people()
    people = with_history(everyone)
    cells = risk_cells(people, factors, threshold=THRESHOLD_USD)
    if budget_formula == "prior_cost":
        return _fitted(name, people, cells, None, True, COMPARISON_SAMPLER)
    # The cells of everyone, some of them empty: the model compiled for them serves here too.
    cells = cells.aligned_with(risk_cells(everyone, factors, threshold=THRESHOLD_USD))
    return _fitted(f"{name}-history", people, cells, None, True, COMPARISON_SAMPLER)


def _fitted(
    name: str,
    people: pd.DataFrame,
    cells: RiskCells,
    priors: HurdlePriors | None,
    clustered: bool,
    sampler: Sampler | None,
) -> FittedFormula:
    threshold = cells.threshold
    effects = design_effects(people, cells.factors, threshold) if clustered else DesignEffects()
    fitted = fit(
        name,
        hurdle_model,
        hurdle_data(cells, effects),
        priors or rand_priors(),
        sampler or Sampler(),
    )
    draws = fitted.thinned(MEASURED_DRAWS)
    maximum = assumption("maximum_annual_cost_multiple").value
    costs = cost_distribution(draws, threshold, cells.share, maximum)
    return FittedFormula(people, cells, effects, fitted, draws, costs)
