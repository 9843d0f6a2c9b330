"""Exact moments of the generated costs: k and what each budget formula explains.

Sums over cells and an integral over need, no simulation: the variance of a heavy tail is the last
thing one should estimate from a sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from analysis.population.england.cells import EnglandCells
from analysis.population.england.diagnoses import (
    DiagnosisTable,
    diagnosis_table,
    normal_nodes,
    pattern_members,
)
from analysis.population.england.parameters import EnglandParameters
from analysis.population.england.person_costs import (
    PersonCostModel,
    Scope,
    expected_cost,
    lognormal_mean_one,
    person_cost_model,
)

FORMULAS = (
    "age_sex",
    "age_sex_deprivation",
    "diagnoses_additive",
    "diagnoses",
    "persistent_need",
    "need",
)
"""What a budget may know: age and sex; + deprivation; + diagnosis groups instead, added up as in a
linear regression or with all their combinations; all that lasts; all before chance strikes."""


@dataclass(frozen=True)
class CostMoments:
    """Moments of one person's annual cost.

    Attributes
    ----------
    mean : float
        GBP a year.
    variance : float
        Over persons and chance, squared GBP.
    explained : mapping of str to float
        R² by formula, see `FORMULAS`: share of the variance.
    """

    mean: float
    variance: float
    explained: Mapping[str, float]

    def k(self, formula: str | None = None) -> float:
        """Return k, counting only the variance that a formula leaves unexplained."""
        left = 1.0 if formula is None else 1 - self.explained[formula]
        return float(np.sqrt(self.variance * left) / self.mean)


def england_moments(
    parameters: EnglandParameters,
    cells: EnglandCells | None = None,
    diagnoses: bool = True,
) -> dict[Scope, CostMoments]:
    """Return the exact moments of the generator's costs, by scope of care.

    Without the two formulas with diagnoses it is fifty times quicker. By default the cells are
    those of England, 2014/15, with the oldest put back.
    """
    model = person_cost_model(parameters, cells)
    table = diagnosis_table(model) if diagnoses else None
    return {scope: _moments(model, scope, table) for scope in get_args(Scope)}


def _moments(model: PersonCostModel, scope: Scope, table: DiagnosisTable | None) -> CostMoments:
    """Moments of one scope."""
    nodes, weights = normal_nodes()
    cell = np.arange(len(model.cells.people))[:, None]

    def mean_square(log_sd: float) -> float:
        """Mean square of the expected cost given cell and a need of some spread."""
        expected = expected_cost(model, scope, cell, log_sd * nodes[None, :], log_sd**2)
        return model.cells.average(expected**2 @ weights)

    parameters = model.parameters
    by_cell = expected_cost(model, scope, cell, np.zeros((1, 1)), 0.0)[:, 0]
    mean = model.cells.average(by_cell)
    by_age_sex = model.cells.by_age_sex(by_cell)[model.cells.age_sex]
    need_sd = float(np.sqrt(parameters.need_log_variance))
    given_need = mean_square(need_sd)
    variance = given_need - mean**2 + _chance(model, scope, need_sd)
    squares = {
        "age_sex": model.cells.average(by_age_sex**2),
        "age_sex_deprivation": model.cells.average(by_cell**2),
        "persistent_need": mean_square(parameters.persistent_need_log_sd),
        "need": given_need,
    }
    if table is not None:
        expected = table.expected[scope]
        squares["diagnoses_additive"] = _additive_square(table.probability, expected)
        squares["diagnoses"] = float((table.probability * expected**2).sum())
    explained = {name: (square - mean**2) / variance for name, square in squares.items()}
    return CostMoments(mean, variance, explained)


def _chance(model: PersonCostModel, scope: Scope, need_log_sd: float) -> float:
    """Variance of cost given cell and need, averaged over people."""
    nodes, weights = normal_nodes()
    cell = np.arange(len(model.cells.people))[:, None]
    log_need = need_log_sd * nodes[None, :]
    need = lognormal_mean_one(log_need, need_log_sd**2)
    variance = sum(
        care.mean_square(cell, need) - (care.mean[cell] * need) ** 2
        for care in model.spells_of(scope)
    )
    if scope == "total":
        elasticity = model.parameters.primary_need_elasticity
        deviation, spread = elasticity * log_need, (elasticity * need_log_sd) ** 2
        primary = model.primary_mean[:, None] * lognormal_mean_one(deviation, spread)
        variance = variance + primary**2 * np.expm1(model.parameters.primary_cost_log_sd**2)
    return model.cells.average(variance @ weights)


def _additive_square(probability: np.ndarray, expected: np.ndarray) -> float:
    """Mean square of the best sum of an age-sex amount and one amount a diagnosis group.

    A linear regression on indicators, as in Dixon et al. (2011), without noise: its coefficients
    depend on the expected costs alone.
    """
    people = probability.sum(axis=1)
    members = pattern_members().astype(float)
    # Frisch and Waugh: take the means of each age and sex out, then regress on the groups alone.
    mean_members = probability @ members / people[:, None]
    mean_expected = (probability * expected).sum(axis=1) / people
    deviation = members - mean_members[:, None, :]
    weighted = probability[..., None] * deviation
    spread = np.einsum("apg,aph->gh", weighted, deviation)
    shared = np.einsum("apg,ap->g", weighted, expected)
    return float(people @ mean_expected**2 + shared @ np.linalg.solve(spread, shared))


def age_sex_variation(cells: EnglandCells, cost: np.ndarray) -> float:
    """Return the spread between age and sex groups of a mean cost by cell, over the mean.

    Divided by the root of the R² of age and sex, it is k: what age and sex explain of a known
    spread says how large the whole is.
    """
    groups = cells.by_age_sex(cost)[cells.age_sex]
    return float(np.sqrt(cells.average((groups / cells.average(cost) - 1) ** 2)))
