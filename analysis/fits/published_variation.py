"""k of narrower scopes of care, as published: figures of one source each, with its error."""

import numpy as np

from analysis.errors import InputError
from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.intervals import log_normal_spread
from analysis.seeds import seed_for

DRAWS = 4_000

FUNDHOLDING = tuple(f"A-CRUMP-{people}-k" for people in (9000, 24000, 179400))
"""One simulation at three list sizes: one source."""

MEDICARE = "A-DELIA-k"


def fundholding_k() -> np.ndarray:
    """Return k of the operations that English fundholders paid for in 1990, shape (draw,)."""
    error = assumption("published_k_relative_error").value / np.sqrt(len(FUNDHOLDING))
    return _drawn("fundholding", [_published(name) for name in FUNDHOLDING], error)


def medicare_k() -> np.ndarray:
    """Return k of US Medicare, each cost cut at its 99th percentile, shape (draw,).

    The published figure is that of a savings rate; its ratio to that of cost is assumed.
    """
    published = fact(MEDICARE)
    if published.low is None or published.high is None:
        raise InputError(f"{MEDICARE} has no range: its error is not known.")
    error = log_normal_spread(published.low, published.high)
    measured = _drawn("medicare", [_published(MEDICARE)], error)
    return (
        measured
        / assumed_draws(["published_k_savings_rate_ratio"], DRAWS)["published_k_savings_rate_ratio"]
    )


def _published(name: str) -> float:
    value = fact(name).value
    if value is None:
        raise InputError(f"{name} has no value.")
    return value


def _drawn(seed_name: str, values: list[float], error: float) -> np.ndarray:
    """Draws around the mean of logs."""
    generator = np.random.default_rng(seed_for(f"published k {seed_name}"))
    centre = float(np.mean(np.log(values)))
    return np.exp(centre + error * generator.standard_normal(DRAWS))
