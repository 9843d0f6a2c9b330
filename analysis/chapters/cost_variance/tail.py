"""What the tail of one person's cost rests on: populations, thresholds, the largest cost seen."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.assumptions import assumption
from analysis.fits.annual_costs import fit_annual_costs
from analysis.fits.rand_costs import FittedFormula, fitted_formula
from analysis.fits.tail_evidence import RAND, shape_beside
from analysis.intervals import HIGH, LOW, median_and_interval
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.population.clustering import DesignEffects
from analysis.report.draws_text import interval_text, rounded_text, values_text
from analysis.risk.adjustment import variation
from analysis.risk.cost_distribution import CostDistribution

SHAPE_DECIMALS = 2


def shape_rows(
    populations: Mapping[str, Callable[[], np.ndarray]], new: NewShape, new_name: str
) -> pd.DataFrame:
    """Return the shape of the tail by population, each by its own costliest people, and a new one.

    Parameters
    ----------
    populations : mapping of str to callable
        `analysis.fits.tail_evidence.POPULATIONS`.
    new : NewShape
        What they say together of a population that is not among them.
    new_name : str
        What the last row calls it.
    """
    shapes = {name: _alone(log_likelihood()) for name, log_likelihood in populations.items()}
    return pd.DataFrame(
        [(name, _shape_text(shape)) for name, shape in {**shapes, new_name: new}.items()],
        columns=["Population", "Shape of its tail"],
    )


def _alone(log_likelihood: np.ndarray) -> NewShape:
    """What a population says of its own shape, every shape alike beforehand."""
    return NewShape(log_likelihood - log_likelihood.max())


def _shape_text(shape: NewShape) -> str:
    middle, low, high = (shape.quantile(probability) for probability in (0.5, LOW, HIGH))
    return values_text(middle, low, high, decimals=SHAPE_DECIMALS)


def shape_draws(shape: NewShape, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return draws of a shape, shape (draw,)."""
    return np.array([shape.quantile(probability) for probability in generator.random(draws)])


def costs_of_tail(formula: FittedFormula, costliest: int) -> CostDistribution:
    """Return the cost distribution whose tail is so many of the costliest people, in every draw."""
    return fitted_formula(
        formula.cells.factors, formula.people, new_shape=formula.new_shape, ranks=(costliest,)
    ).costs


def threshold_rows(
    formula: FittedFormula, costliest: Sequence[int], largest_seen: float
) -> pd.DataFrame:
    """Return k and what it rests on by how many of the costliest people the tail has.

    Parameters
    ----------
    largest_seen : float
        Cost of the costliest person, in the currency of the costs.
    """
    rows = []
    for number in costliest:
        costs = costs_of_tail(formula, number)
        rows.append(
            {
                "Costliest people": str(number),
                "They cost more than, $": rounded_text(float(costs.tail.start[0, 0]), digits=2),
                "Shape": interval_text(costs.tail.shape[:, 0], decimals=SHAPE_DECIMALS),
                "k": interval_text(variation(costs, adjusted=True), decimals=2),
                "From costs larger than any seen": interval_text(
                    costs.beyond(largest_seen), "probability", decimals=0
                ),
            }
        )
    return pd.DataFrame(rows)


def other_choices(formula: FittedFormula, maxima: Sequence[float]) -> dict[str, CostDistribution]:
    """Return the cost distribution under other choices than the book's, one at a time.

    Parameters
    ----------
    maxima : sequence of float
        Largest possible costs, in multiples of the mean.
    """
    limit = assumption("maximum_annual_cost_multiple").value
    return {
        **{
            name: fit_annual_costs(
                formula.cells, shape_beside(RAND, unlike=unlike), limit, formula.effects
            )
            for name, unlike in [
                ("Shape informed by nobody else", 1.0),
                ("Other populations believed in full", 0.0),
            ]
        },
        "Years of a person independent": fit_annual_costs(
            formula.cells, formula.new_shape, limit, DesignEffects()
        ),
        **{
            f"Largest cost {multiple:,.0f} × the mean": formula.costs_with_maximum(multiple)
            for multiple in maxima
        },
    }


def tail_curve(costs: CostDistribution, seen: np.ndarray, amounts: np.ndarray) -> pd.DataFrame:
    """Return the share of people above amounts, seen and fitted.

    Parameters
    ----------
    seen : ndarray, shape (person,)
        Costs, in the currency of the distribution.

    Returns
    -------
    DataFrame
        As `analysis.chapters.cost_variance.figures.survival_curve` takes it.
    """
    fitted = np.stack([costs.survival(amount) for amount in amounts])
    middle, low, high = median_and_interval(fitted, axis=1)
    return pd.DataFrame(
        {
            "cost_usd": amounts,
            "observed": [(seen > amount).mean() for amount in amounts],
            "modelled": middle,
            "low": low,
            "high": high,
        }
    )
