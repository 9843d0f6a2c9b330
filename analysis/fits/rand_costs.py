"""A budget formula fitted to RAND, from people to cost distribution: where chapters start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence.assumptions import assumption
from analysis.evidence.large_claims import large_claims
from analysis.evidence.rand_hie import FREE_CARE_PLAN, person_years
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.models.hurdle.data import HurdleData, hurdle_data
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.hurdle.tail_prior import tail_shape_prior
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects, design_effects
from analysis.population.groups import LADDER, add_risk_groups, with_history
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution, cost_distribution

HURDLE = Builder("analysis.models.hurdle.model", "hurdle_model")

MEASURED_DRAWS = 2500
"""Draws, over all chains, on which measures of risk are computed."""

COMPARISON_SAMPLER = Sampler(tune=500)
"""For fits that are only compared with others: a shorter warm-up, same limits."""

THRESHOLD_USD = 10**2.7
"""Where RAND's tail begins: 501 US dollars, three times the mean cost."""

LATER_THRESHOLD_USD = 10**3.0
"""A later beginning of the tail, to see what the choice matters."""

VAGUE_TAIL_SHAPE = (0.3, 0.3)
"""Mean and standard deviation of a prior of the tail's shape that no large claims inform."""


@dataclass(frozen=True)
class FittedFormula:
    """A budget formula with the cost model fitted to it.

    Attributes
    ----------
    people : DataFrame
        Person-years with the factor columns.
    draws : xarray.Dataset
        The draws that `costs` was made from, dims ``chain, draw, ...``.
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
        """
        return cost_distribution(
            self.draws, self.cells.threshold, self.cells.share, maximum_multiple
        )


@dataclass(frozen=True)
class HurdleFit:
    """What one fit of the hurdle model needs: people in cells, and how they are fitted.

    Attributes
    ----------
    people : DataFrame
        Person-years with the factor columns.
    cells : RiskCells
        Of these people; a cell may be empty.
    """

    name: str
    people: pd.DataFrame
    cells: RiskCells
    effects: DesignEffects
    priors: HurdlePriors
    sampler: Sampler

    def inputs(self) -> tuple[HurdleData, HurdlePriors]:
        """Return data and priors of the model."""
        return hurdle_data(self.cells, self.effects), self.priors

    def fit(self) -> Fit:
        """Return the fit, from the store if it is there."""
        data, priors = self.inputs()
        return fit(self.name, HURDLE, data, priors, self.sampler)

    def fitted(self) -> FittedFormula:
        """Return the fit with the cost distribution of its draws."""
        posterior = self.fit()
        draws = posterior.thinned(MEASURED_DRAWS)
        maximum = assumption("maximum_annual_cost_multiple").value
        costs = cost_distribution(draws, self.cells.threshold, self.cells.share, maximum)
        return FittedFormula(self.people, self.cells, self.effects, posterior, draws, costs)


def rand_people() -> pd.DataFrame:
    """Return RAND's person-years with the factor columns of every budget formula."""
    return add_risk_groups(person_years())


def rand_priors() -> HurdlePriors:
    """Return the priors of the hurdle model, its tail informed by the large claims of 1991."""
    return HurdlePriors(tail_shape=tail_shape_prior(large_claims()))


def hurdle_fit(
    name: str,
    people: pd.DataFrame,
    cells: RiskCells,
    *,
    priors: HurdlePriors | None = None,
    clustered: bool = True,
    sampler: Sampler = Sampler(),
) -> HurdleFit:
    """Return what a fit of the hurdle model to cells of people needs.

    Parameters
    ----------
    priors : HurdlePriors, optional
        `rand_priors` by default.
    clustered : bool
        Whether repeated years of the same people weaken the evidence, as they should.
    """
    effects = DesignEffects()
    if clustered:
        effects = design_effects(people, cells.factors, cells.threshold)
    return HurdleFit(name, people, cells, effects, priors or rand_priors(), sampler)


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
    """
    people = rand_people() if people is None else people
    cells = risk_cells(people, factors, threshold=threshold)
    wanted = hurdle_fit(
        name, people, cells, priors=priors, clustered=clustered, sampler=sampler or Sampler()
    )
    return wanted.fitted()


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
    return _on_rand(budget_formula, history).fitted()


def _on_rand(budget_formula: str, history: bool = False) -> HurdleFit:
    factors, name = LADDER[budget_formula], f"hurdle-{budget_formula.replace('_', '-')}"
    everyone = rand_people()
    if not history and budget_formula != "prior_cost":
        cells = risk_cells(everyone, factors, threshold=THRESHOLD_USD)
        return hurdle_fit(name, everyone, cells)
    people = with_history(everyone)
    cells = risk_cells(people, factors, threshold=THRESHOLD_USD)
    if budget_formula == "prior_cost":
        return hurdle_fit(name, people, cells, sampler=COMPARISON_SAMPLER)
    # The cells of everyone, some of them empty: the model compiled for them serves here too.
    cells = cells.aligned_with(risk_cells(everyone, factors, threshold=THRESHOLD_USD))
    return hurdle_fit(f"{name}-history", people, cells, sampler=COMPARISON_SAMPLER)


def _variant(name: str) -> HurdleFit:
    """One choice of the age-sex formula made otherwise, to see what it matters."""
    people, factors, threshold = rand_people(), LADDER["age_sex"], THRESHOLD_USD
    priors, clustered = rand_priors(), name != "hurdle-independent"
    if name == "hurdle-free-care":
        people = people[people["plan"] == FREE_CARE_PLAN]
    if name == "hurdle-threshold-1000":
        threshold = LATER_THRESHOLD_USD
    if name == "hurdle-vague-tail":
        priors = replace(priors, tail_shape=VAGUE_TAIL_SHAPE)
    cells = risk_cells(people, factors, threshold=threshold)
    return hurdle_fit(name, people, cells, priors=priors, clustered=clustered)


RAND_FITS: Mapping[str, Callable[[], HurdleFit]] = {
    "hurdle-age-sex": lambda: _on_rand("age_sex"),
    "hurdle-age-sex-history": lambda: _on_rand("age_sex", history=True),
    "hurdle-health": lambda: _on_rand("health"),
    "hurdle-health-history": lambda: _on_rand("health", history=True),
    "hurdle-prior-cost": lambda: _on_rand("prior_cost"),
    "hurdle-free-care": lambda: _variant("hurdle-free-care"),
    "hurdle-threshold-1000": lambda: _variant("hurdle-threshold-1000"),
    "hurdle-independent": lambda: _variant("hurdle-independent"),
    "hurdle-vague-tail": lambda: _variant("hurdle-vague-tail"),
}
"""Every fit of the hurdle model to RAND, by name."""


def published_formula(name: str) -> FittedFormula:
    """Return a fit of `RAND_FITS` with its cost distribution."""
    return RAND_FITS[name]().fitted()


def _published(name: str, seconds: float, model: str, sampler: Sampler) -> PublishedFit:
    return PublishedFit(name, HURDLE, lambda: RAND_FITS[name]().inputs(), seconds, model, sampler)


PUBLISHED = (
    _published("hurdle-age-sex", 24, "hurdle by age and sex", Sampler()),
    _published("hurdle-age-sex-history", 7, "hurdle by age and sex", COMPARISON_SAMPLER),
    _published("hurdle-free-care", 8, "hurdle by age and sex", Sampler()),
    _published("hurdle-independent", 8, "hurdle by age and sex", Sampler()),
    _published("hurdle-threshold-1000", 24, "hurdle with a later tail", Sampler()),
    _published("hurdle-vague-tail", 24, "hurdle with a vague tail", Sampler()),
    _published("hurdle-health", 35, "hurdle with health", Sampler()),
    _published("hurdle-health-history", 23, "hurdle with health", COMPARISON_SAMPLER),
    _published("hurdle-prior-cost", 71, "hurdle with last year's cost", COMPARISON_SAMPLER),
)
