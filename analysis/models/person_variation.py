r"""What several populations say together of how far one person's cost varies, and for whom.

Source *i* measures the coefficient of variation *k* of population *p*, with a bias of its design
and an error:

.. math:: \log y_i \sim \text{normal}(\log k_p + b_i,\ \sqrt{e_i^2 + s_i^2}), \quad
    \log k_p \sim \text{normal}(\mu, \omega)

Populations differ by a spread :math:`\omega` with a half-normal prior, and :math:`\mu` has a wide
normal one. What is wanted is never :math:`\mu`, the mean of the populations, but *k* of one of
them, or of one like them that nobody has measured. Given :math:`\omega` all is normal, so the
posterior is a short table over :math:`\omega` with exact draws (Gelman and others 2013, Bayesian
Data Analysis, section 5.4): nothing is sampled by chain, and nothing has to converge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NOBODY = "a population not measured"
"""Name of a population without a source of its own, in what `person_variation` returns."""

_SPREADS = (np.arange(60) + 0.5) / 60
"""Spreads between populations at which the posterior is tabulated, in units of the largest."""

_LARGEST_SPREAD = 4.0
"""Largest spread looked at, in units of its prior's scale."""


@dataclass(frozen=True)
class MeasuredVariation:
    """One measurement of k; all on the log scale.

    Attributes
    ----------
    population : str
        Whose k is measured.
    log_k : float
        Log of the coefficient of variation, as measured.
    error : float
        Its standard deviation: sampling, and what the source states.
    bias, bias_sd : float
        What the measurement's design adds: mean and standard deviation.
    """

    population: str
    log_k: float
    error: float
    bias: float = 0.0
    bias_sd: float = 0.0


@dataclass(frozen=True)
class VariationPriors:
    """Priors of the synthesis, log scale.

    Attributes
    ----------
    between : float
        Scale of the half-normal prior of the spread between populations, above 0.
    mean : tuple of float
        Mean and standard deviation of the normal prior of the populations' mean: median 3.5, wide.
    """

    between: float
    mean: tuple[float, float] = (1.25, 0.5)


@dataclass(frozen=True)
class PersonVariation:
    """Draws of k by population.

    Attributes
    ----------
    populations : tuple of str
        In the order in which they appear among the sources, `NOBODY` last.
    k : ndarray, shape (draw, population)
    between : ndarray, shape (draw,)
        Spread between populations, log scale.
    """

    populations: tuple[str, ...]
    k: np.ndarray
    between: np.ndarray

    def of(self, population: str) -> np.ndarray:
        """Return k of one population, shape (draw,).

        A population without a source is one that nobody has measured.
        """
        known = population if population in self.populations else NOBODY
        return self.k[:, self.populations.index(known)]


def person_variation(
    sources: Sequence[MeasuredVariation],
    priors: VariationPriors,
    draws: int,
    generator: np.random.Generator,
) -> PersonVariation:
    """Return the posterior of k of every population, exact draws.

    Parameters
    ----------
    sources : sequence of MeasuredVariation
        None at all gives the prior.
    """
    populations = (*dict.fromkeys(source.population for source in sources), NOBODY)
    member = np.array([[s.population == name for name in populations] for s in sources], float)
    member = member.reshape(len(sources), len(populations))
    measured = np.array([source.log_k - source.bias for source in sources])
    variance = np.array([source.error**2 + source.bias_sd**2 for source in sources])
    spreads = _LARGEST_SPREAD * priors.between * _SPREADS
    log_weight = -((spreads / priors.between) ** 2) / 2
    for position, spread in enumerate(spreads):
        log_weight[position] += _log_evidence(member, measured, variance, spread, priors)
    weight = np.exp(log_weight - log_weight.max())
    chosen = generator.choice(len(spreads), draws, p=weight / weight.sum())
    step = spreads[1] - spreads[0]
    log_k = np.empty((draws, len(populations)))
    for position in np.unique(chosen):
        here = chosen == position
        mean, root = _given_spread(member, measured, variance, spreads[position], priors)
        log_k[here] = mean + generator.standard_normal((here.sum(), len(mean))) @ root.T
    between = spreads[chosen] + step * generator.uniform(-0.5, 0.5, draws)
    return PersonVariation(populations, np.exp(log_k), between)


def _prior_covariance(populations: int, spread: float, priors: VariationPriors) -> np.ndarray:
    """Of the log k of all populations: they share the mean."""
    return priors.mean[1] ** 2 + spread**2 * np.eye(populations)


def _log_evidence(
    member: np.ndarray,
    measured: np.ndarray,
    variance: np.ndarray,
    spread: float,
    priors: VariationPriors,
) -> float:
    covariance = member @ _prior_covariance(member.shape[1], spread, priors) @ member.T
    covariance = covariance + np.diag(variance)
    residual = measured - priors.mean[0]
    _, log_determinant = np.linalg.slogdet(covariance)
    return float(-0.5 * (log_determinant + residual @ np.linalg.solve(covariance, residual)))


def _given_spread(
    member: np.ndarray,
    measured: np.ndarray,
    variance: np.ndarray,
    spread: float,
    priors: VariationPriors,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and root of the covariance of log k of the populations, the spread given."""
    prior = _prior_covariance(member.shape[1], spread, priors)
    across = prior @ member.T
    gain = across @ np.linalg.inv(member @ across + np.diag(variance))
    mean = priors.mean[0] + gain @ (measured - priors.mean[0])
    return mean, np.linalg.cholesky(prior - gain @ across.T)
