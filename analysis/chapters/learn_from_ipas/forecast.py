"""A forecast from reference classes: what happened to the likes of them, weighted by similarity.

Kahneman & Lovallo (1993), Management Science 39:17 (the outside view); Flyvbjerg (2006), Project
Management Journal 37(3):5 (reference class forecasting).
"""

from collections.abc import Mapping

import numpy as np

from analysis.chapters.learn_from_ipas.classes import CLASSES
from analysis.evidence.assumed_draws import assumed_draws


def class_weights(draws: int) -> dict[str, np.ndarray]:
    """Return draws of the assumed weights of the reference classes; they add up to 1 in each."""
    assumption_names = {name: f"reference_weight_{name}" for name in CLASSES}
    unscaled = assumed_draws(list(assumption_names.values()), draws)
    total = sum(unscaled.values())
    return {name: unscaled[assumed] / total for name, assumed in assumption_names.items()}


def weighted_success(
    success: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray | float]
) -> np.ndarray:
    """Return the share that succeeds under weights of the reference classes.

    Parameters
    ----------
    success : mapping of str to ndarray, shape (draw,)
    weights : mapping of str to ndarray or float
        For the same classes; need not add up to 1.

    Raises
    ------
    ValueError
        If the classes differ, or no class has a weight.
    """
    if set(success) != set(weights):
        raise ValueError(f"weights are for {sorted(weights)}, success is for {sorted(success)}")
    total = sum(np.asarray(weight, float) for weight in weights.values())
    if not (np.asarray(total) > 0).all():
        raise ValueError("weights: at least one class must have a weight above 0")
    return sum(success[name] * np.asarray(weights[name], float) for name in success) / total
