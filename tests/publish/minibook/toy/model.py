"""What one of the two notebooks imports."""

import numpy as np


def draws(seed):
    """Return draws of a probability."""
    return np.random.default_rng(seed).beta(80, 920, size=(4, 1000))
