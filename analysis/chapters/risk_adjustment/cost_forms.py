"""Which form one person's cost has: four on the same people, judged on people held out."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from analysis.chapters.risk_adjustment.positive_cost import (
    Curve,
    OneCurveCosts,
    generalised_gamma,
    likeliest_costs,
    lognormal,
    sampled_costs,
)
from analysis.evidence.assumptions import assumption
from analysis.fits.annual_costs import DRAWS
from analysis.fits.held_out_people import FOLD_DRAWS, CostFit, fit_rand, splits
from analysis.fits.rand_costs import FittedFormula, cost_cells, fitted_formula
from analysis.intervals import interval_columns
from analysis.risk.adjustment import variation
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.predictive import LEAST, by_person, cell_index, log_density

if TYPE_CHECKING:
    from analysis.inference.fitting import Fit

COST = "annual_cost_usd"

AS_USED = "As used: observed costs, then a Pareto tail from high up"
EARLY_TAIL = "The same, with the tail from three times the mean"
LOGNORMAL = "Lognormal"
GENERALISED_GAMMA = "Generalised gamma"

EARLY_MULTIPLE = 3
"""Where the early tail begins, in multiples of the mean cost."""

TAIL_STARTS_USD = (250, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000)

type Form = CostDistribution | OneCurveCosts


def with_tail_from(
    formula: FittedFormula, people: pd.DataFrame, start: float, draws: int = DRAWS
) -> CostDistribution:
    """Return the book's cost distribution of some people with its tail from one lower amount on.

    Parameters
    ----------
    people : DataFrame
        All the formula's people, or part of them.
    start : float
        The tail begins at the next lower edge of a bin, US dollars.
    """
    factors, ranks = formula.cells.factors, (int((people[COST] > start).sum()),)
    cells = cost_cells(people, factors, ranks).aligned_with(formula.cells)
    return fitted_formula(
        factors, people, cells=cells, new_shape=formula.new_shape, draws=draws, ranks=ranks
    ).costs


def k_by_tail_start(
    formula: FittedFormula, starts: Sequence[float] = TAIL_STARTS_USD
) -> pd.DataFrame:
    """Return what becomes of k when the tail begins elsewhere.

    Returns
    -------
    DataFrame, one row a start
        ``start_usd`` (the edge of a bin that was used), ``people_above``; then median and interval
        of ``shape``, ``k`` and ``beyond_percent``, the share of the mean square cost that comes
        from costs larger than any seen.
    """
    cost = formula.people[COST].to_numpy(float)
    rows = []
    for start in starts:
        costs = with_tail_from(formula, formula.people, start)
        edge = float(costs.tail.start.min())
        rows.append(
            {
                "start_usd": edge,
                "people_above": int((cost > edge).sum()),
                **interval_columns("shape", costs.tail.shape[:, 0]),
                **interval_columns("k", variation(costs, adjusted=True)),
                **interval_columns("beyond_percent", 100 * costs.beyond(cost.max())),
            }
        )
    return pd.DataFrame(rows)


def cost_forms(formula: FittedFormula, fit: "Fit", unit: float) -> dict[str, Form]:
    """Return the cost of a person under four forms, fitted to all people.

    Parameters
    ----------
    fit : Fit
        The generalised gamma, from `analysis.fits.positive_costs`.
    unit : float
        What its locations are relative to, US dollars.
    """
    people, cells = formula.people, formula.cells
    use = (cells.table["n_positive"] / cells.table["n"]).to_numpy(float)
    early = EARLY_MULTIPLE * cells.mean_cost()
    limit = _maximum() * cells.mean_cost()
    return {
        AS_USED: formula.costs,
        EARLY_TAIL: with_tail_from(formula, people, early),
        LOGNORMAL: _one_curve(lognormal, formula, people),
        GENERALISED_GAMMA: sampled_costs(fit.thinned(500), unit, use, cells.share, limit),
    }


def moments(forms: Mapping[str, Form]) -> pd.DataFrame:
    """Return by form the median over draws of ``mean_usd``, ``k`` and ``above_10000_usd``."""
    return pd.DataFrame.from_dict(
        {
            name: {
                "mean_usd": float(np.median(costs.population_mean())),
                "k": float(np.median(variation(costs, adjusted=True))),
                "above_10000_usd": float(np.median(costs.survival(10_000.0))),
            }
            for name, costs in forms.items()
        },
        orient="index",
    )


def form_scores(formula: FittedFormula, fit: CostFit = fit_rand) -> dict[str, np.ndarray]:
    """Return how well each form foretells the positive costs of people held out.

    Curves have their likeliest parameters: with a thousand people a cell that is as good as their
    posterior, and takes seconds.

    Parameters
    ----------
    fit : callable
        Fits the form as used.

    Returns
    -------
    dict of str to ndarray, shape (person,)
        Log density of all positive costs of each person that has any, in the same order for all.
    """
    early = EARLY_MULTIPLE * formula.cells.mean_cost()
    fits: dict[str, Callable[[pd.DataFrame], Form]] = {
        AS_USED: lambda people: fit(people, formula.cells),
        EARLY_TAIL: lambda people: with_tail_from(formula, people, early, FOLD_DRAWS),
        LOGNORMAL: partial(_one_curve, lognormal, formula),
        GENERALISED_GAMMA: partial(_one_curve, generalised_gamma, formula),
    }
    scores: dict[str, list[np.ndarray]] = {name: [] for name in fits}
    for training, held_out in splits(formula.people):
        seen = formula.people[training]
        unseen = formula.people[held_out & (formula.people[COST] > 0).to_numpy()]
        amount, cell = unseen[COST].to_numpy(float), cell_index(unseen, formula.cells)
        for name, fitted in fits.items():
            density = positive_log_density(fitted(seen), amount, cell)
            joint = by_person(density, unseen["person"].to_numpy())
            scores[name].append(logsumexp(joint, axis=0) - np.log(len(joint)))
    return {name: np.concatenate(parts) for name, parts in scores.items()}


def positive_log_density(costs: Form, amount: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return the log density of costs above 0, given that there is a cost, shape (draw, row)."""
    if isinstance(costs, OneCurveCosts):
        return costs.log_density(amount, cell)
    use = np.maximum(costs.survival_by_cell(0.0), LEAST)
    return log_density(costs, amount, cell) - np.log(use)[:, cell]


def _one_curve(curve: Curve, formula: FittedFormula, people: pd.DataFrame) -> OneCurveCosts:
    amount, cell = people[COST].to_numpy(float), cell_index(people, formula.cells)
    limit = _maximum() * formula.cells.mean_cost()
    return likeliest_costs(curve, amount, cell, formula.cells.share, limit)


def _maximum() -> float:
    return float(assumption("maximum_annual_cost_multiple").value)
