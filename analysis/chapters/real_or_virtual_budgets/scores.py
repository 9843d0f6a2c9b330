"""How often intervals hold the truth."""

import numpy as np
from scipy.stats import beta


def share_draws(hits: int, trials: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return draws of the probability of which ``hits`` of ``trials`` tell (Jeffreys' prior)."""
    return np.asarray(beta.rvs(hits + 0.5, trials - hits + 0.5, size=draws, random_state=generator))
