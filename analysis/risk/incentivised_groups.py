"""From primitives to the situation of a group of a given size.

Primitives are a mapping with every name of `analysis.chapters.balanced_incentives.primitives.NAMES`
to an ndarray of shape (draw,), in the unit of each.
"""

from collections.abc import Mapping

import numpy as np

from analysis.risk.multitask import MEASURES, TASKS, Multitask

PERCENT = 100.0


def group(primitives: Mapping[str, np.ndarray], people: float) -> Multitask:
    """Return the situation of a group of this size, one row a draw.

    Costs of effort are set so that full pay, a pound for a pound, would bring about the attainable
    savings, quality and experience if efforts neither helped nor hindered each other.

    Parameters
    ----------
    people : float
        Size of the group; infinite for no sampling noise.
    """
    draws = len(primitives["doctors_weight_on_patients"])
    curvature = np.zeros((draws, len(TASKS), len(TASKS)))
    curvature[:, 1, 1] = primitives["withheld_care_harm_growth"]
    return Multitask(
        effort_cost=effort_cost(primitives),
        patient_curvature=curvature,
        altruism=primitives["doctors_weight_on_patients"],
        measure_loadings=measure_loadings(primitives),
        noise_variance=noise_variance(primitives, people),
        risk_aversion=(
            primitives["relative_risk_aversion"] / primitives["income_at_stake_percent"]
        ),
    )


def attainable(primitives: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return what full pay, a pound for a pound, would bring about on each measure.

    Returns
    -------
    ndarray, shape (draw, measure)
        Per cent of the budget; quality and experience by what they are worth to patients.
    """
    quality = primitives["quality_worth_percent"]
    experience = quality * primitives["experience_worth_ratio"]
    return np.stack([primitives["attainable_savings_percent"], quality, experience], axis=-1)


def effort_cost(primitives: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return K, the curvature of the cost of effort, shape (draw, task, task)."""
    savings, quality, experience = attainable(primitives).T
    withholding = savings / primitives["withholding_effort_ratio"]
    diagonal = 1 / np.stack([savings, withholding, quality, experience], axis=-1)
    cost = diagonal[:, :, None] * np.eye(len(TASKS))
    # Shared between two tasks, a conflict below 1 keeps K positive definite.
    conflict = np.clip(primitives["effort_conflict"], -0.99, 0.99) / np.sqrt(2)
    for task in (2, 3):
        across = conflict * np.sqrt(diagonal[:, 0] * diagonal[:, task])
        cost[:, 0, task] = cost[:, task, 0] = across
    return cost


def measure_loadings(primitives: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return M, shape (draw, measure, task).

    Measured savings cannot tell efficiency from withheld care; scores show some of the harm.
    """
    harm_in_quality = primitives["harm_seen_in_quality"]
    loadings = np.zeros((len(harm_in_quality), len(MEASURES), len(TASKS)))
    loadings[:, 0, :2] = 1
    loadings[:, 1, 2] = loadings[:, 2, 3] = 1
    loadings[:, 1, 1] = -harm_in_quality
    loadings[:, 2, 1] = -primitives["harm_seen_in_experience"]
    return loadings


def noise_variance(primitives: Mapping[str, np.ndarray], people: float) -> np.ndarray:
    """Return the variance of each measure that a group's efforts do not explain.

    Savings: k²/N from chance, and that part of lasting differences between groups that is not of
    their making. Scores: noise that shrinks with size (for experience, with the number of
    respondents), and lasting differences that are not quality (coding, mix of patients).

    Returns
    -------
    ndarray, shape (draw, measure)
        Squared per cent of the budget.
    """
    chance = (PERCENT * primitives["cost_variation"]) ** 2 / people
    persistent = primitives["lasting_luck_share"] * primitives["lasting_sd_percent"] ** 2
    respondents = primitives["survey_respondents_share"] * people
    between = primitives["experience_group_share"]
    sampling = [
        primitives["quality_half_size"] / people,
        (1 - between) / between / respondents,
    ]
    _, *worth = attainable(primitives).T
    # One standard deviation of true differences between groups, in worth.
    true_sd = [value / primitives["attainable_improvement_sd"] for value in worth]
    not_quality = primitives["score_not_quality_share"]
    scores = [sd**2 * (noise + not_quality) for sd, noise in zip(true_sd, sampling, strict=True)]
    return np.stack([chance + persistent, *scores], axis=-1)


def potential_rewards(slopes: np.ndarray, primitives: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the pay for the whole of what is attainable on each measure, shape (draw, measure).

    Per cent of the budget; slopes of shape (draw, measure) or (measure,).
    """
    return slopes * attainable(primitives)


def reward_ratio(slopes: np.ndarray, primitives: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the potential quality and experience rewards over the potential savings reward.

    Infinite where savings should not be rewarded at all; 0 where quality should not be. Slopes of
    shape (draw, measure).
    """
    savings, *scores = potential_rewards(slopes, primitives).T
    rewarded = np.maximum(sum(scores), 0.0)
    return np.divide(rewarded, savings, out=np.full_like(savings, np.inf), where=savings > 0)
