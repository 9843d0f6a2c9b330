"""Rates of cells that borrow strength from each other: a Poisson model with pooled effects.

A cell's rate is that of the average person times one effect for each level of each factor. The
effects of a factor are normal with a spread that is learned where there are five levels or more.
Given the spreads the posterior is nearly normal, and is taken as normal around its mode; the
spreads are at their own mode (Chung and others 2013, Psychometrika 78:685, whose gamma prior keeps
them away from zero). For costs instead of counts an event is an amount of money, the ratio of
variance to mean (McCullagh & Nelder 1989, section 6.2.3, quasi-likelihood).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from analysis.models.contrasts import Contrasts

TYPICAL_SPREAD = 0.5
"""Spread expected between the levels of a factor, on the log scale."""

_ROUNDS = 200
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class CellRates:
    """Posterior of the rates of cells.

    Attributes
    ----------
    mode : ndarray, shape (cell,)
        Events for each unit of exposure.
    relative : ndarray, shape (draw, cell)
        Draws of the rates over their mode.
    """

    mode: np.ndarray
    relative: np.ndarray


def cell_rates(
    events: np.ndarray,
    exposure: np.ndarray,
    cells: Contrasts,
    draws: int,
    generator: np.random.Generator,
) -> CellRates:
    """Return the posterior of the rates of cells.

    Parameters
    ----------
    events : ndarray, shape (cell,)
        At least 0, above 0 in some cell; need not be whole numbers.
    exposure : ndarray, shape (cell,)
        At least 0; a cell without exposure has a rate all the same, from the other cells.
    """
    design = np.column_stack([np.ones(len(events)), cells.design])
    spread = np.full(len(cells.learned), TYPICAL_SPREAD)
    effects = np.zeros(design.shape[1])
    effects[0] = np.log(events.sum() / exposure.sum())
    for _ in range(_ROUNDS):
        precision = np.append(0.0, (1 / spread**2) @ cells.factors)
        effects, factor = _mode(events, exposure, design, precision, effects)
        new = _spreads(effects, factor, cells, spread)
        settled = np.allclose(new, spread, rtol=1e-3)
        spread = new
        if settled:
            break
    noise = generator.standard_normal((draws, len(effects)))
    deviations = solve_triangular(factor[0], noise.T, lower=True, trans="T").T
    return CellRates(np.exp(design @ effects), np.exp(deviations @ design.T))


def _mode(
    events: np.ndarray,
    exposure: np.ndarray,
    design: np.ndarray,
    precision: np.ndarray,
    start: np.ndarray,
) -> tuple[np.ndarray, tuple[np.ndarray, bool]]:
    """Mode of the effects given their precisions, and the Cholesky factor of its curvature."""
    effects = start
    for _ in range(_ROUNDS):
        expected = exposure * np.exp(design @ effects)
        slope = design.T @ (events - expected) - precision * effects
        curvature = (design.T * expected) @ design + np.diag(precision)
        factor = cho_factor(curvature, lower=True)
        step = cho_solve(factor, slope)
        # A long first step would overflow the exponential.
        effects = effects + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _TOLERANCE:
            break
    return effects, factor


def _spreads(
    effects: np.ndarray, factor: tuple[np.ndarray, bool], cells: Contrasts, old: np.ndarray
) -> np.ndarray:
    """One step of expectation and maximisation for the spreads that are learned."""
    variances = np.diag(cho_solve(factor, np.eye(len(effects))))[1:]
    squares = cells.factors @ (effects[1:] ** 2 + variances)
    number = cells.factors.sum(axis=1)
    new = old.copy()
    for index in np.flatnonzero(cells.learned):
        # Slope zero of -m log t - S / (2 t^2) + log t - 2 t / typical, times t^3.
        roots = np.roots([-2 / TYPICAL_SPREAD, -(number[index] - 1), 0.0, squares[index]])
        new[index] = roots[(np.abs(roots.imag) < 1e-9) & (roots.real > 0)].real.max()
    return new
