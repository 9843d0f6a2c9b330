"""A budget formula fitted to RAND, from people to cost distribution: where chapters start."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.evidence.rand_hie import FREE_CARE_PLAN, person_years
from analysis.fits.annual_costs import DRAWS, fit_annual_costs
from analysis.fits.tail_evidence import RAND, shape_beside
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.population.clustering import DesignEffects, design_effects
from analysis.population.groups import LADDER, add_risk_groups, with_history
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution

CHAINS = 4
"""Draws are independent; parts of them show the Monte Carlo error as chains of a sampler do."""


@dataclass(frozen=True)
class FittedFormula:
    """A budget formula with the cost distribution fitted to it.

    Attributes
    ----------
    people : DataFrame
        Person-years with the factor columns.
    cells : RiskCells
        Of these people; a cell may be empty.
    new_shape : NewShape
        What other populations say of the tail's shape.
    """

    people: pd.DataFrame
    cells: RiskCells
    effects: DesignEffects
    new_shape: NewShape
    costs: CostDistribution

    def by_chain(self, values: np.ndarray) -> xr.DataArray:
        """Return one value a draw with dims ``chain, draw``, so that its Monte Carlo error shows.

        Parameters
        ----------
        values : ndarray, shape (draw,)
            In the order of `costs`.
        """
        return by_chain(values)

    def costs_with_maximum(self, maximum_multiple: float) -> CostDistribution:
        """Return the cost distribution under another largest cost.

        Parameters
        ----------
        maximum_multiple : float
            Most that a year's care of one person may cost, in multiples of the mean.
        """
        return fit_annual_costs(self.cells, self.new_shape, maximum_multiple, self.effects)


def by_chain(values: np.ndarray) -> xr.DataArray:
    """Return one value a draw, shape (draw,), with dims ``chain, draw``."""
    shaped = np.reshape(values, (CHAINS, len(values) // CHAINS))
    return xr.DataArray(shaped, dims=("chain", "draw"))


def rand_people() -> pd.DataFrame:
    """Return RAND's person-years with the factor columns of every budget formula."""
    return add_risk_groups(person_years())


def cost_cells(
    people: pd.DataFrame, factors: Sequence[str], ranks: Sequence[int] = ()
) -> RiskCells:
    """Return the cells of people by the factors of a budget formula.

    Parameters
    ----------
    ranks : sequence of int
        Costliest people in the tail; by default those of `analysis.population.cost_table`.
    """
    from analysis.population.cells import risk_cells  # Ibis, which takes long to import

    return risk_cells(people, factors, ranks=ranks)


def fitted_formula(
    factors: Sequence[str],
    people: pd.DataFrame | None = None,
    *,
    cells: RiskCells | None = None,
    new_shape: NewShape | None = None,
    clustered: bool = True,
    draws: int = DRAWS,
    ranks: Sequence[int] = (),
) -> FittedFormula:
    """Fit the cost of one person to people with one budget formula.

    Parameters
    ----------
    factors : sequence of str
        What the budget formula knows, for example ``LADDER["age_sex"]``.
    people : DataFrame, optional
        Person-years with the factor columns; RAND's by default.
    cells : RiskCells, optional
        Of these people, with empty cells where a fit to others has people.
    new_shape : NewShape, optional
        What the populations beside RAND say, by default.
    clustered : bool
        Whether repeated years of the same people weaken the evidence, as they should.
    ranks : sequence of int
        As for `cost_cells`; given cells must have been made with them.
    """
    people = rand_people() if people is None else people
    cells = cost_cells(people, factors, ranks) if cells is None else cells
    effects = DesignEffects()
    if clustered:
        effects = design_effects(people, factors, cells.threshold)
    new_shape = new_shape or shape_beside(RAND)
    maximum = assumption("maximum_annual_cost_multiple").value
    costs = fit_annual_costs(cells, new_shape, maximum, effects, draws, ranks=ranks)
    return FittedFormula(people, cells, effects, new_shape, costs)


@cache
def rand_formula(budget_formula: str, *, history: bool = False) -> FittedFormula:
    """Return a budget formula fitted to RAND.

    Parameters
    ----------
    budget_formula : {"age_sex", "health", "prior_cost"}
        See `analysis.population.groups.LADDER`.
    history : bool
        Whether only person-years whose year before is known count, so that formulas can be compared
        on the same rows. Always so for ``prior_cost``, which needs them.
    """
    factors, people = LADDER[budget_formula], rand_people()
    if history or budget_formula == "prior_cost":
        people = with_history(people)
    return fitted_formula(factors, people)


@cache
def free_care_formula(budget_formula: str = "age_sex") -> FittedFormula:
    """Return a budget formula fitted to the people of RAND whose care was free."""
    people = rand_people()
    free = people[people["plan"] == FREE_CARE_PLAN]
    return fitted_formula(LADDER[budget_formula], free)
