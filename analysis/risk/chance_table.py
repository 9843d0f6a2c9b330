r"""How far chance breaks a budget, as a table: size, probability and lasting differences.

The overspend that a pool of :math:`N` people exceeds with probability :math:`p` is

.. math:: T = (z_p + d\,c^{3/2})\sqrt{k^2/N + \tau^2},\qquad c = \frac{k^2/N}{k^2/N + \tau^2},

with :math:`z_p` the normal quantile, :math:`k` the variation of one person's cost and :math:`\tau`
the spread of lasting differences. All that is not normal is in :math:`d`, which is small and
smooth, and is tabulated from exact distributions of pools. Lasting differences are normal: as they
outweigh chance, skewness fades with :math:`c^{3/2}`, and :math:`d` with it (the first term of
Cornish and Fisher 1938). Read the other way round, the same table gives the smallest size and the
probability of an overspend: each falls as another rises, so quantiles over draws carry over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from analysis.intervals import median_and_interval
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.lookup import Axis, Lookup
from analysis.risk.pooled_loss import PoolCalculator, PooledLoss
from analysis.risk.stop_loss import StopLoss, stop_loss

PEOPLE = (1e3, 2e3, 5e3, 1e4, 3e4, 1e5, 3e5, 1e6, 1e7)
"""Sizes of the table."""

PROBABILITIES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4)
"""Shares of years of the table."""

TABLE_ERROR = 0.003
"""Largest relative error of a size read from a table, beside that of simulation (tests)."""

_SEARCHED = 400
"""Sizes among which the smallest is first sought."""


@dataclass(frozen=True)
class ChanceTable:
    """Overspends of pools of one kind of people under one budget, by size and probability.

    Parameters
    ----------
    variation : ndarray, shape (3,)
        k: low end, median and high end of the interval.
    deviation : Lookup
        d, by people and probability; three quantities, as in `variation`.
    """

    variation: np.ndarray
    deviation: Lookup

    def overspend(
        self, people: float, probability: float, persistent_sd: float = 0.0
    ) -> np.ndarray:
        """Return the overspend that is exceeded with a probability.

        Parameters
        ----------
        people : float
            Within `PEOPLE`.
        probability : float
            Within `PROBABILITIES`.
        persistent_sd : float
            tau, as a share of the budget; at least 0.

        Returns
        -------
        ndarray, shape (3,)
            Share of the budget: low end, median and high end.
        """
        chance = self.variation**2 / people
        total = chance + persistent_sd**2
        deviation = self.deviation.at(people, probability) * (chance / total) ** 1.5
        return (-ndtri(probability) + deviation) * np.sqrt(total)

    def probability(
        self, people: float, tolerance: float, persistent_sd: float = 0.0
    ) -> np.ndarray:
        """Return the probability of an overspend beyond a tolerance.

        Parameters
        ----------
        people : float
            Within `PEOPLE`.
        tolerance : float
            Share of the budget, above 0.
        persistent_sd : float
            See `overspend`.

        Returns
        -------
        ndarray, shape (3,)
            0 and 1 stand for less and more than the table holds.
        """
        overspends = np.array([self.overspend(people, p, persistent_sd) for p in PROBABILITIES])
        scores = -ndtri(np.array(PROBABILITIES))
        score = [
            np.interp(-tolerance, -exceeded, scores, left=np.inf, right=-np.inf)
            for exceeded in overspends.T
        ]
        return ndtr(-np.array(score))

    def smallest(
        self, tolerance: float, probability: float, persistent_sd: float = 0.0
    ) -> np.ndarray:
        """Return the size from which on a tolerance is exceeded no more often than it may be.

        Parameters
        ----------
        tolerance : float
            Share of the budget, above 0.
        probability : float
            Within `PROBABILITIES`.
        persistent_sd : float
            See `overspend`.

        Returns
        -------
        ndarray, shape (3,)
            People; 0 if the smallest size of the table is enough, infinite if the largest is not.
        """
        sizes = np.geomspace(PEOPLE[0], PEOPLE[-1], _SEARCHED)
        overspends = np.array([self.overspend(n, probability, persistent_sd) for n in sizes])
        enough = overspends <= tolerance

        def gap(people: float, end: int) -> float:
            return float(self.overspend(people, probability, persistent_sd)[end] - tolerance)

        return np.array([_crossing(sizes, enough[:, end], gap, end) for end in range(3)])


def _crossing(
    sizes: np.ndarray, enough: np.ndarray, gap: Callable[[float, int], float], end: int
) -> float:
    """Size at which the last overspend that is too large ends."""
    failing = np.flatnonzero(~enough)
    if not failing.size:
        return 0.0
    if failing[-1] == len(sizes) - 1:
        return np.inf
    return float(brentq(gap, sizes[failing[-1]], sizes[failing[-1] + 1], args=(end,)))


def chance_table(deviations: np.ndarray, sample_k: np.ndarray, k: np.ndarray) -> ChanceTable:
    """Return the table of one kind of people.

    Exact distributions of pools are computed for some draws. How far they are from normal goes
    with a draw's k, which gives it for all other draws.

    Parameters
    ----------
    deviations : ndarray, shape (people, probability, draw of a sample)
        From `sampled_deviations`.
    sample_k : ndarray, shape (draw of the sample,)
        k of these draws: standard deviation of one person's cost over the whole mean cost.
    k : ndarray, shape (draw,)
        k of all draws.
    """
    of_all_draws = spread_deviations(deviations, sample_k, k)
    normal = -ndtri(np.array(PROBABILITIES))[None, :, None]
    k_interval = low_median_high(k)
    values = low_median_high((normal + of_all_draws) * k) / k_interval - normal
    axes = Axis("people", PEOPLE, "inverse root"), Axis("probability", PROBABILITIES, "normal")
    return ChanceTable(k_interval, Lookup(axes, values))


def covered_chance(
    sample: AnnualCost,
    formulas: Mapping[str, AnnualCost],
    attachments: Mapping[str, float],
) -> dict[str, ChanceTable]:
    """Return tables by budget formula and stop-loss cover.

    The shape of chance is that of the sample: formulas differ in how much they leave to chance,
    and hardly in its shape.

    Parameters
    ----------
    sample : AnnualCost
        Some draws, by the cells of one formula.
    formulas : mapping of str to AnnualCost
        All draws, by the cells of each formula; the first also serves for a budget that is the
        same for everybody, ``flat``.
    attachments : mapping of str to float
        Attachment point by name, in multiples of the mean cost; infinite for no cover.

    Returns
    -------
    dict of str to ChanceTable
        By formula and cover, for example ``age_sex/none``.
    """
    first_formula = next(iter(formulas.values()))
    tables = {}
    for name, multiple in attachments.items():
        sampled = stop_loss(sample, multiple)
        deviations = sampled_deviations(sampled.retained)
        for formula, costs in formulas.items():
            k = stop_loss(costs, multiple).residual_variation
            tables[f"{formula}/{name}"] = chance_table(deviations, sampled.residual_variation, k)
        tables[f"flat/{name}"] = chance_table(
            sampled_deviations(sampled.retained, fixed_mix=False),
            _unadjusted(sampled),
            _unadjusted(stop_loss(first_formula, multiple)),
        )
    return tables


def _unadjusted(cover: StopLoss) -> np.ndarray:
    """Return k over the whole budget when the budget is the same for everybody, shape (draw,)."""
    return variation(cover.retained, adjusted=False) * (1 - cover.premium_share)


def low_median_high(draws: np.ndarray) -> np.ndarray:
    """Return low end, median and high end of the interval over the last axis of draws.

    They become the last axis: an explorer's table holds all three at each of its points.
    """
    median, low, high = median_and_interval(draws, axis=-1)
    return np.stack([low, median, high], axis=-1)


def sampled_deviations(costs: AnnualCost, *, fixed_mix: bool = True) -> np.ndarray:
    """Return how far quantiles of pools are from normal, in standard deviations.

    Parameters
    ----------
    fixed_mix : bool
        See `analysis.risk.pooled_loss.PoolCalculator`.

    Returns
    -------
    ndarray, shape (people, probability, draw)
    """
    calculator = PoolCalculator(costs, fixed_mix=fixed_mix)
    return np.stack([_deviation(calculator.loss(int(people))) for people in PEOPLE])


def _deviation(loss: PooledLoss) -> np.ndarray:
    """Quantiles of one pool, standardised, less the normal ones; shape (probability, draw)."""
    ratios, density = loss.density()
    step = loss.width / ratios.shape[1]
    mass = density * step
    sd = np.sqrt((mass * (ratios - 1) ** 2).sum(axis=1))
    above = np.minimum.accumulate(np.cumsum(mass[:, ::-1], axis=1)[:, ::-1], axis=1)
    # above[i] is the mass from half a step before ratios[i] on, by the midpoint rule.
    overspends = ratios - 1 - step / 2
    # np.interp wants rising abscissae.
    draws = zip(above[:, ::-1], overspends[:, ::-1], strict=True)
    exceeded = [np.interp(PROBABILITIES, mass_above, overspend) for mass_above, overspend in draws]
    return np.array(exceeded).T / sd + ndtri(PROBABILITIES)[:, None]


def spread_deviations(deviations: np.ndarray, sample_k: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Return deviations for all draws from those of a sample, by a straight line on log k.

    Parameters
    ----------
    deviations : ndarray, shape (..., draw of the sample)
    sample_k : ndarray, shape (draw of the sample,)
    k : ndarray, shape (draw,)

    Returns
    -------
    ndarray, shape (..., draw)
    """
    away = np.log(sample_k) - np.log(sample_k).mean()
    centre = deviations.mean(axis=-1)
    square = (away**2).sum()
    slope = ((deviations - centre[..., None]) * away).sum(axis=-1) / (square or 1.0)
    return centre[..., None] + slope[..., None] * (np.log(k) - np.log(sample_k).mean())
