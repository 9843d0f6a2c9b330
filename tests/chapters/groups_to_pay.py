"""Groups with known situations, for tests of incentives."""

import numpy as np

from analysis.chapters.balanced_incentives.primitives import ASSUMED
from analysis.evidence.assumptions import assumption
from analysis.risk.incentivised_groups import group
from analysis.risk.multitask import Multitask

FITTED_VALUES = {"cost_variation": 4.2, "lasting_sd_percent": 3.0, "quality_half_size": 10_000.0}


def primitives(**changed: float) -> dict[str, np.ndarray]:
    """Return every primitive at its median, but for those that are changed."""
    values = {name: assumption(name).value for name in ASSUMED} | FITTED_VALUES | changed
    return {name: np.array([float(value)]) for name, value in values.items()}


def several(draws: int, seed: int = 3) -> dict[str, np.ndarray]:
    """Return primitives scattered around their medians, one row a draw."""
    generator = np.random.default_rng(seed)
    values = {
        name: value[0] * np.exp(0.3 * generator.normal(size=draws))
        for name, value in primitives().items()
    }
    values["doctors_weight_on_patients"] = np.clip(values["doctors_weight_on_patients"], 0.05, 0.9)
    values["effort_conflict"] = generator.uniform(-0.6, 0.6, draws)
    return values


def plain(
    *,
    risk_aversion: float = 0.0,
    noise=(1.0, 1.0, 1.0),
    altruism: float = 0.0,
    conflict: float = 0.0,
) -> Multitask:
    """Return a group that can withhold no care, with simple numbers and one measure a task."""
    cost = np.diag([0.5, 1e12, 0.8, 2.0])
    cost[0, 2] = cost[2, 0] = conflict
    loadings = np.zeros((3, 4))
    loadings[0, 0] = loadings[1, 2] = loadings[2, 3] = 1
    return Multitask(
        effort_cost=cost[None],
        patient_curvature=np.zeros((1, 4, 4)),
        altruism=np.array([altruism]),
        measure_loadings=loadings[None],
        noise_variance=np.array([noise], float),
        risk_aversion=np.array([risk_aversion]),
    )


def typical_group(people: float = 100_000, **changed: float) -> Multitask:
    """Return the group that the medians of all primitives describe."""
    return group(primitives(**changed), people)
