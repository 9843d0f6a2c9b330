"""Known tails, found again from binned excesses by the method that reads the claims of 1991."""

from functools import partial

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.models.annual_cost.claims_tail import grouped_pareto
from analysis.seeds import seed_for

SHAPES = (0.2, 0.35, 0.5)
CLAIMS, THRESHOLD_USD, SCALE_USD = 50_000, 25_000.0, 20_000.0
STANDARD_ERRORS = 3


def recovered_shape(shape: float) -> float:
    """Return the estimate of a known tail shape from simulated claims.

    Parameters
    ----------
    shape : float
    """
    from scipy.stats import genpareto

    generator = np.random.default_rng(seed_for(f"tail-recovery-{shape}"))
    excess = genpareto.rvs(shape, scale=SCALE_USD, size=CLAIMS, random_state=generator)
    edges = THRESHOLD_USD * 10 ** (np.arange(30) / 10)
    counts, _ = np.histogram(THRESHOLD_USD + excess, np.append(edges, np.inf))
    return grouped_pareto(edges, counts)[1]


def _name(shape: float) -> str:
    return f"tail shape {shape:g}"


def declare(ledger: Ledger) -> None:
    """Enter one check a shape."""
    for shape in SHAPES:
        ledger.declare(
            Check(
                name=_name(shape),
                kind="recovery",
                what=f"Tail of large claims: shape of {CLAIMS:,} simulated claims",
                expected=shape,
                # Smith (1987), Annals of Statistics 15:1174: standard error of the shape.
                tolerance=STANDARD_ERRORS * (1 + shape) / np.sqrt(CLAIMS),
                because="three standard errors",
            )
        )


def evaluate(ledger: Ledger) -> None:
    """Simulate and estimate."""
    for shape in SHAPES:
        ledger.evaluate(_name(shape), partial(recovered_shape, shape))
