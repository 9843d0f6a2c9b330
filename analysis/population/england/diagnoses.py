r"""Diagnoses: groups recorded in the two years before, driven by persistent need.

A person with relative expected hospital cost :math:`h_c` (the cell's mean over England's) and
persistent need has group :math:`g` recorded with probability
:math:`1 - \exp(-\lambda_g h_c \exp(b u - b^2 \sigma_u^2 / 2))`. What the groups say about cost,
:math:`E[Y \mid` age, sex, groups], is exact: a sum over deprivation and an integral over need.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from analysis.population.england.costs import CostModel, expectations, lognormal_mean_one
from analysis.population.england.parameters import DIAGNOSIS_GROUPS

PATTERNS = 2**DIAGNOSIS_GROUPS
"""Number of combinations of groups; bit *g* of a pattern's code is group *g* + 1."""

_NODES = 64


def normal_nodes(count: int = _NODES) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss-Hermite nodes and weights for a standard normal, each of shape (count,)."""
    nodes, weights = hermegauss(count)
    return nodes, weights / weights.sum()


def pattern_members() -> np.ndarray:
    """Which groups each pattern holds, bool, shape (pattern, group)."""
    return (np.arange(PATTERNS)[:, None] >> np.arange(DIAGNOSIS_GROUPS)) & 1 == 1


def diagnosis_intensity(
    model: CostModel, cell: np.ndarray, persistent_log_need: np.ndarray
) -> np.ndarray:
    """Rate of recorded diagnoses relative to the average person's.

    Parameters
    ----------
    model : CostModel
    cell : ndarray of int
        Broadcasts with the next.
    persistent_log_need : ndarray
        Centred normal deviation u.

    Returns
    -------
    ndarray
        Mean 1 over everybody.
    """
    hospital = model.hospital_mean / model.cells.average(model.hospital_mean)
    relative = hospital.astype(persistent_log_need.dtype)[cell]
    elasticity = model.parameters.diagnosis_need_elasticity
    variance = (elasticity * model.parameters.persistent_need_log_sd) ** 2
    deviation = persistent_log_need * persistent_log_need.dtype.type(elasticity)
    return relative * lognormal_mean_one(deviation, variance)


def draw_patterns(model: CostModel, intensity: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return each person's pattern of diagnosis groups.

    Parameters
    ----------
    model : CostModel
    intensity : ndarray, shape (person,)
        From `diagnosis_intensity`.
    uniform : ndarray, shape (group, person)

    Returns
    -------
    ndarray of uint8, shape (person,)
    """
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
    hospital, total : ndarray, shape (age_sex, pattern)
        Expected cost of those people, GBP a year.
    """

    probability: np.ndarray
    hospital: np.ndarray
    total: np.ndarray


def diagnosis_table(model: CostModel) -> DiagnosisTable:
    """Return the exact expected cost of every age, sex and pattern of diagnosis groups.

    Parameters
    ----------
    model : CostModel

    Returns
    -------
    DiagnosisTable
    """
    cells, parameters = model.cells, model.parameters
    nodes, weights = normal_nodes()
    need_deviation = parameters.persistent_need_log_sd * nodes
    all_cells = np.arange(len(cells.people))[:, None]
    intensity = diagnosis_intensity(model, all_cells, need_deviation[None, :])
    absent = np.exp(-intensity[..., None] * parameters.diagnosis_rates)
    members = pattern_members()
    chance = np.ones((*intensity.shape, PATTERNS))
    for group in range(DIAGNOSIS_GROUPS):
        with_group, without = 1 - absent[..., group, None], absent[..., group, None]
        chance *= np.where(members[:, group], with_group, without)
    joint = chance * (cells.share[:, None] * weights)[..., None]
    variance = parameters.persistent_need_log_sd**2
    hospital, total = expectations(model, all_cells, need_deviation[None, :], variance)
    sums = []
    for values in (np.ones_like(total), hospital, total):
        by_cell = np.einsum("cnp,cn->cp", joint, np.broadcast_to(values, joint.shape[:2]))
        by_group = np.zeros((len(cells.age_sex_labels), PATTERNS))
        np.add.at(by_group, cells.age_sex, by_cell)
        sums.append(by_group)
    probability, hospital_sum, total_sum = sums
    safe = np.maximum(probability, np.finfo(float).tiny)
    return DiagnosisTable(probability, hospital_sum / safe, total_sum / safe)
