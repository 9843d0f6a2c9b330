"""Figures that many simulated draws make together, and how far chance moves them.

A share of draws, or the best choice over all of them, has no interval: its draws are averaged away.
Another seed would give another figure all the same, and the Monte Carlo standard error says how far
off it might lie.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

GROUPS = 50
"""Groups of draws to compute a figure from again: its error is then known to about a tenth."""


@dataclass(frozen=True)
class Simulated:
    """One figure from many draws: finite, with its Monte Carlo standard error in the same unit."""

    value: float
    mcse: float


def share(happens: ArrayLike) -> Simulated:
    """Return the share of draws in which something happens.

    Parameters
    ----------
    happens : array_like of bool
        Shape (draw,) or (chain, draw).

    Returns
    -------
    Simulated
        A probability. Its error is the standard deviation of a beta distribution under Jeffreys'
        prior (as in Brown, Cai and DasGupta 2001, Statistical Science 16:101), so that a share of
        0 or 1 has one too, for as many draws as the effective sample size; of all draws where the
        share is 0 or 1, for then nothing can be told of their dependence.
    """
    from arviz_stats import ess

    array = np.atleast_2d(np.asarray(happens, dtype=float))
    probability, effective = float(array.mean()), float(array.size)
    if 0 < probability < 1:
        effective = min(effective, float(ess(array, method="mean")))
    yes, no = probability * effective + 0.5, (1 - probability) * effective + 0.5
    variance = yes * no / ((yes + no) ** 2 * (yes + no + 1))
    return Simulated(probability, float(f"{math.sqrt(variance):.6g}"))


def over_draws(figure: Callable[[np.ndarray], float], draws: int, rate: float = 1 / 2) -> Simulated:
    """Return a figure that all draws make together, and its error from parts of them.

    Parameters
    ----------
    figure : callable
        Given the places of some draws, ``ndarray of int``, returns the figure that they make.
    draws : int
        Number of draws, at least twice `GROUPS`; of Markov chains, chain after chain.
    rate : float
        The error falls with this power of the number of draws: a half for means, quantiles and
        roots of them; a third for the place on a grid where a share is largest (Kim and Pollard
        1990, Annals of Statistics 18:191); a quarter for the share of many cells that lie between
        simulated quantiles, since ever fewer cells are undecided and each is tossed anew.

    Returns
    -------
    Simulated
        The error is the standard deviation over `GROUPS` blocks of consecutive draws, so that draws
        that hang together stay together, divided by this power of their number (Politis and Romano
        1994, Annals of Statistics 22:2031).
    """
    if draws < 2 * GROUPS:
        raise ValueError(f"{draws} draws are too few for {GROUPS} groups of them")
    places = np.arange(draws)
    parts = [figure(block) for block in np.array_split(places, GROUPS)]
    error = float(np.std(parts, ddof=1)) / GROUPS**rate
    return Simulated(float(figure(places)), float(f"{error:.6g}"))
