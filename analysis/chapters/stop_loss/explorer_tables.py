"""What stop-loss cover costs and what it is good for, as tables by attachment point."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import ndtri

from analysis.chapters.stop_loss.stop_loss_economics import break_even_loading
from analysis.risk.annual_cost import AnnualCost, some_draws
from analysis.risk.chance_table import (
    PEOPLE,
    PROBABILITIES,
    ChanceTable,
    chance_table,
    low_median_high,
    sampled_deviations,
    spread_deviations,
)
from analysis.risk.lookup import Axis, Lookup
from analysis.risk.stop_loss import StopLoss, stop_loss

ATTACHMENTS_GBP = tuple(
    1e3 * thousands for thousands in (5, 7, 10, 14, 20, 30, 40, 50, 70, 100, 140, 200, 300)
)
"""Attachment points at which premium and variation are computed, in closed form."""

EXACT_GBP = (5e3, 20e3, 50e3, 100e3, 200e3, 300e3)
"""Attachment points at which pools are computed exactly."""

SHARES_KEPT = (0.0, 0.2, 0.5)
"""Coinsurance at which variation is computed."""

EXACT_KEPT = (0.0, 0.5)
"""Coinsurance at which pools are computed exactly."""

_FEWER = 5
"""Where a share is kept, every fifth draw serves."""


@dataclass(frozen=True)
class StopLossTables:
    """Cover of one kind of people.

    Parameters
    ----------
    premium : Lookup
        Pure premium of full cover, a share of the mean cost, by attachment point. Where the pool
        keeps a share of the excess, the premium is the less by that share.
    variation : Lookup
        k over the whole budget, by attachment point and share kept.
    break_even : Lookup
        Loading up to which cover is cheaper than the reserve it saves, times the square root of
        the size, by attachment point, share kept and people.
    chance : dict of str to ChanceTable
        By attachment point and share kept, as ``50000/0``; and ``none``.
    """

    premium: Lookup
    variation: Lookup
    break_even: Lookup
    chance: dict[str, ChanceTable]


def stop_loss_tables(
    sample: AnnualCost,
    costs: AnnualCost,
    mean_cost: float,
    prices: np.ndarray,
    breach: float,
) -> StopLossTables:
    """Return the tables of one kind of people.

    Parameters
    ----------
    sample : AnnualCost
        Some draws, of which exact pools are computed.
    costs : AnnualCost
        All draws.
    mean_cost : float
        GBP a person and year.
    prices : ndarray, shape (draw,)
        Price of one pound of reserve a year.
    breach : float
        Probability of a year whose overspend exceeds the reserve; one of `PROBABILITIES`.
    """
    attachment, share_kept = Axis("cover", ATTACHMENTS_GBP, "log"), Axis("kept", SHARES_KEPT)
    full = {gbp: stop_loss(costs, gbp / mean_cost) for gbp in ATTACHMENTS_GBP}
    premium = np.array([low_median_high(cover.premium_share) for cover in full.values()])
    uncovered = _Pools.of(stop_loss(sample, np.inf), stop_loss(costs, np.inf))
    chance, break_even = {"none": uncovered.table()}, []
    for gbp, share in product(EXACT_GBP, EXACT_KEPT):
        cover = full[gbp] if share == 0 else stop_loss(costs, gbp / mean_cost, share)
        pools = _Pools.of(stop_loss(sample, gbp / mean_cost, share), cover)
        chance[f"{gbp:.0f}/{share:g}"] = pools.table()
        reserves = pools.reserve(breach), uncovered.reserve(breach)
        loading = break_even_loading(cover.premium_share, *reserves, prices)
        break_even.append(low_median_high(loading * np.sqrt(np.array(PEOPLE))[:, None]))
    axes = [*_exact_axes(), Axis("people", PEOPLE, "log")]
    shape = (*(len(axis.values) for axis in axes), 3)
    return StopLossTables(
        premium=Lookup([attachment], premium, "log"),
        variation=Lookup([attachment, share_kept], _variations(costs, full, mean_cost), "log"),
        break_even=Lookup(axes, np.reshape(break_even, shape)),
        chance=chance,
    )


def _exact_axes() -> list[Axis]:
    """Terms at which pools are computed exactly."""
    return [Axis("cover", EXACT_GBP, "log"), Axis("kept", EXACT_KEPT)]


def _variations(costs: AnnualCost, full: Mapping[float, StopLoss], mean_cost: float) -> np.ndarray:
    """Quantiles of k over the whole budget, shape (attachment point, share kept, 3)."""
    fewer = some_draws(costs, np.arange(0, costs.draws, _FEWER if costs.draws > 500 else 1))
    rows = []
    for gbp, cover in full.items():
        coinsured = [stop_loss(fewer, gbp / mean_cost, share) for share in SHARES_KEPT[1:]]
        rows.append([low_median_high(terms.residual_variation) for terms in (cover, *coinsured)])
    return np.array(rows)


@dataclass(frozen=True)
class _Pools:
    """Pools under one cover: exact for some draws, and k of these and of all."""

    deviations: np.ndarray
    sample_k: np.ndarray
    k: np.ndarray

    @classmethod
    def of(cls, sample: StopLoss, cover: StopLoss) -> "_Pools":
        deviations = sampled_deviations(sample.retained)
        return cls(deviations, sample.residual_variation, cover.residual_variation)

    def table(self) -> ChanceTable:
        return chance_table(self.deviations, self.sample_k, self.k)

    def reserve(self, breach: float) -> np.ndarray:
        """Reserve as a share of the budget, shape (people, draw)."""
        sampled = self.deviations[:, PROBABILITIES.index(breach)]
        deviations = spread_deviations(sampled, self.sample_k, self.k)
        return (deviations - ndtri(breach)) * self.k / np.sqrt(np.array(PEOPLE))[:, None]


def blended(tables: StopLossTables, attachment_gbp: float, share_kept: float) -> ChanceTable:
    """Return the table of chance under terms of cover between those that were computed.

    Parameters
    ----------
    attachment_gbp : float
        Within `ATTACHMENTS_GBP`.
    share_kept : float
        0 to 0.5.

    Returns
    -------
    ChanceTable
        k at these terms; deviations from the normal between those of the nearest terms.
    """
    names = [[f"{gbp:.0f}/{share:g}" for share in EXACT_KEPT] for gbp in EXACT_GBP]
    values = np.array([[tables.chance[name].deviation.values for name in row] for row in names])
    flat = values.reshape(*values.shape[:2], -1)
    deviations = Lookup(_exact_axes(), flat).at(attachment_gbp, share_kept)
    inner_axes = tables.chance[names[0][0]].deviation.axes
    variation = tables.variation.at(attachment_gbp, share_kept)
    return ChanceTable(variation, Lookup(inner_axes, deviations.reshape(values.shape[2:])))
