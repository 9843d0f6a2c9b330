r"""What several populations say together about the shape of a tail: the prior for a new one.

The shape of population *p* is normal around a common mean with a spread between populations, and
each population knows its own shape as well as its costliest people tell. The shape of a population
that nobody has seen is then known as well as the spread allows (Gelman and others 2013, Bayesian
Data Analysis, section 5.4). Two unknowns are few enough for a table. A new population may also have
little in common with these: with a stated probability nothing is borrowed from them (the robust
mixture prior of Schmidli and others 2014, Biometrics 70:1023-1032).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from analysis.models.annual_cost.largest_costs import SHAPES

_MEANS = np.linspace(0.02, 0.9, 89)
_SPREADS = np.linspace(0.01, 0.4, 40)

SPREAD_SCALE = 0.15
"""Scale of the half-normal prior of the spread between populations."""


@dataclass(frozen=True)
class NewShape:
    """What is known of the shape of a new population's tail.

    Attributes
    ----------
    log_prior : ndarray, shape of `SHAPES`
        Log probability of each shape.
    """

    log_prior: np.ndarray

    def quantile(self, probability: float) -> float:
        """Return a quantile of the shape."""
        cumulative = np.cumsum(np.exp(self.log_prior))
        return float(np.interp(probability * cumulative[-1], cumulative, SHAPES))


def shape_of_new_population(log_likelihoods: Sequence[np.ndarray], unlike: float = 0.0) -> NewShape:
    """Return the predictive distribution of the shape of a population that is not among these.

    Parameters
    ----------
    log_likelihoods : sequence of ndarray, shape of `SHAPES`
        Of the shape of each population; none at all gives the prior.
    unlike : float
        Probability, 0 to 1, that the new population has nothing in common with these.
    """
    parts = [_log_predictive(log_likelihoods), _log_predictive([])]
    weights = np.array([1 - unlike, unlike])[:, None]
    return NewShape(np.asarray(logsumexp(parts, axis=0, b=weights)))


def _log_predictive(log_likelihoods: Sequence[np.ndarray]) -> np.ndarray:
    """Log probability of each shape of a population that has something in common with these."""
    grid = np.meshgrid(_MEANS, _SPREADS, indexing="ij")
    # Normal densities up to a constant: both are made to add up to 1.
    log_shapes = -(((SHAPES - grid[0][..., None]) / grid[1][..., None]) ** 2) / 2
    log_shapes -= logsumexp(log_shapes, axis=-1, keepdims=True)
    log_posterior = -((grid[1] / SPREAD_SCALE) ** 2) / 2
    for log_likelihood in log_likelihoods:
        log_posterior = log_posterior + logsumexp(log_shapes + log_likelihood, axis=-1)
    log_posterior -= logsumexp(log_posterior)
    return np.asarray(logsumexp(log_shapes + log_posterior[..., None], axis=(0, 1)))
