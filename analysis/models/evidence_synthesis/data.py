"""Published coefficients of variation of cost, and the priors of their synthesis."""

from dataclasses import dataclass

import numpy as np

SCOPES = ("all_care", "truncated_p99", "narrow")
"""All care of a whole population; all care, each person's cost cut at the 99th percentile; a
narrow list of services."""


@dataclass(frozen=True)
class PublishedVariation:
    """Published coefficients of variation; arrays of shape (source,) unless said.

    Attributes
    ----------
    log_k : ndarray
        Log of the coefficient: the weighted mean of the source's statistics.
    error : ndarray
        Its standard deviation, from the errors stated with the figures.
    bias, bias_sd : ndarray
        What the source measures beside its scope, log scale: mean and standard deviation.
    included : ndarray
        1 where the source counts, 0 where it is left out.
    scope_idx : ndarray of int
        Position in `SCOPES`.
    sources : list of str
        Their names.
    """

    log_k: np.ndarray
    error: np.ndarray
    bias: np.ndarray
    bias_sd: np.ndarray
    included: np.ndarray
    scope_idx: np.ndarray
    sources: list[str]


@dataclass(frozen=True)
class SynthesisPriors:
    """Priors of the synthesis; normal priors are (mean, standard deviation), log scale.

    Attributes
    ----------
    truncation : tuple of float
        Ratio of k of truncated care to k of all care.
    between : float
        Scale of the half-normal prior of how sources on one scope differ.
    all_care, narrow : tuple of float
        k of all care, and of narrow services: medians 3.5 and 6, wide.
    """

    truncation: tuple[float, float]
    between: float
    all_care: tuple[float, float] = (1.25, 0.5)
    narrow: tuple[float, float] = (1.8, 0.7)
