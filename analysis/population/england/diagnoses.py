r"""Diagnoses: groups recorded in the two years before, driven by persistent need.

A person with relative expected hospital cost :math:`h_c` (the cell's mean over England's) and
persistent need has group :math:`g` recorded with probability
:math:`1 - \exp(-\lambda_g h_c \exp(b u - b^2 \sigma_u^2 / 2))`. What the groups say about cost,
:math:`E[Y \mid` age, sex, groups], is exact: a sum over deprivation and an integral over need.
"""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from analysis.population.england.parameters import DIAGNOSIS_GROUPS
from analysis.population.england.person_costs import (
    PersonCostModel,
    Scope,
    expected_cost,
    lognormal_mean_one,
)

PATTERNS = 2**DIAGNOSIS_GROUPS
"""Number of combinations of groups; bit *g* of a pattern's code is group *g* + 1."""

_NODES = 64


def normal_nodes(count: int = _NODES) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss-Hermite nodes and weights for a standard normal, each of shape (count,)."""
    nodes, weights = hermegauss(count)
    return nodes, weights / weights.sum()


def pattern_members() -> np.ndarray:
    """Return which groups each pattern holds, bool, shape (pattern, group)."""
    return (np.arange(PATTERNS)[:, None] >> np.arange(DIAGNOSIS_GROUPS)) & 1 == 1


def diagnosis_intensity(
    model: PersonCostModel, cell: np.ndarray, persistent_log_need: np.ndarray
) -> np.ndarray:
    """Return the rate of recorded diagnoses over the average person's; its mean is 1.

    `persistent_log_need` is the centred normal deviation u; it and `cell` broadcast.
    """
    hospital = model.hospital_mean / model.cells.average(model.hospital_mean)
    relative = hospital.astype(persistent_log_need.dtype)[cell]
    elasticity = model.parameters.diagnosis_need_elasticity
    variance = (elasticity * model.parameters.persistent_need_log_sd) ** 2
    deviation = persistent_log_need * persistent_log_need.dtype.type(elasticity)
    return relative * lognormal_mean_one(deviation, variance)


def draw_patterns(model: PersonCostModel, intensity: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return each person's pattern of diagnosis groups from uniforms of shape (group, person)."""
    code = np.zeros(intensity.shape, np.uint8)
    for bit, rate in enumerate(model.parameters.diagnosis_rates.astype(intensity.dtype)):
        recorded = uniform[bit] > np.exp(-rate * intensity)
        code |= recorded.astype(np.uint8) << np.uint8(bit)
    return code


@dataclass(frozen=True)
class DiagnosisTable:
    """What age, sex and diagnosis groups say about expected cost.

    Attributes
    ----------
    probability : ndarray, shape (age_sex, pattern)
        Share of all people with that age, sex and pattern; adds up to 1.
    expected : dict of str to ndarray, shape (age_sex, pattern)
        Expected cost of those people by scope, GBP a year.
    """

    probability: np.ndarray
    expected: dict[Scope, np.ndarray]


def diagnosis_table(model: PersonCostModel) -> DiagnosisTable:
    """Return the exact expected cost of every age, sex and pattern of diagnosis groups."""
    nodes, weights = normal_nodes()
    log_need = model.parameters.persistent_need_log_sd * nodes[None, :]
    cell = np.arange(len(model.cells.people))[:, None]
    joint = _pattern_chances(model, cell, log_need)
    joint *= (model.cells.share[:, None] * weights)[..., None]
    probability = _by_age_sex(model, joint.sum(axis=1))
    variance = model.parameters.persistent_need_log_sd**2
    expected = {}
    for scope in get_args(Scope):
        cost = expected_cost(model, scope, cell, log_need, variance)
        sums = _by_age_sex(model, np.einsum("cnp,cn->cp", joint, cost))
        expected[scope] = sums / np.maximum(probability, np.finfo(float).tiny)
    return DiagnosisTable(probability, expected)


def _pattern_chances(model: PersonCostModel, cell: np.ndarray, log_need: np.ndarray) -> np.ndarray:
    """Probability of every pattern given cell and persistent need, shape (cell, node, pattern)."""
    intensity = diagnosis_intensity(model, cell, log_need)
    chances = np.ones((*intensity.shape, PATTERNS))
    for rate, member in zip(model.parameters.diagnosis_rates, pattern_members().T, strict=True):
        absent = np.exp(-rate * intensity)[..., None]
        chances *= np.where(member, 1 - absent, absent)
    return chances


def _by_age_sex(model: PersonCostModel, values: np.ndarray) -> np.ndarray:
    """Sum the rows of cells by age and sex."""
    sums = np.zeros((len(model.cells.age_sex_labels), values.shape[1]))
    np.add.at(sums, model.cells.age_sex, values)
    return sums
