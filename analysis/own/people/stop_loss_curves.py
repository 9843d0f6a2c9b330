"""What the book draws of stop-loss cover and carve-outs, for a reader's people."""

import numpy as np
import pandas as pd

from analysis.chapters.stop_loss.stop_loss_economics import break_even_loading, reserve_share
from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import FEWEST_DRAWS, exact_costs, stop_loss_table
from analysis.own.people.settings import Settings
from analysis.risk.carve_outs import carve_out_excess, carve_out_people
from analysis.risk.stop_loss import stop_loss

ATTACHMENTS = (3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0, 100.0, 200.0)
"""Attachment points of the curves, in multiples of the mean cost."""

BREAK_EVEN_ATTACHMENTS = (10.0, 25.0, 100.0)
BREAK_EVEN_SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000]

LEAST_PAYING = 0.5
"""Cover that pays nothing in more than this share of draws has no loading to speak of."""


def stop_loss_curve(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return premium and smallest pool by attachment point of full cover.

    Returns
    -------
    DataFrame, one row an attachment point
        See `analysis.own.people.measures.stop_loss_table`.
    """
    points = [point for point in ATTACHMENTS if point < settings.maximum]
    return stop_loss_table(fitted, settings, points, (0.0,))


def break_even(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the loading up to which cover is cheaper than a reserve, by size of the pool.

    Returns
    -------
    DataFrame, one row an attachment point and size
        ``attachment`` (multiples of the mean cost), ``people``, and ``loading_percent`` with
        ``_low`` and ``_high``, over the draws in which the cover can pay at all; none of cover
        that hardly can. The price of a reserve is assumed.
    """
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    price = assumption("reserve_cost_of_capital").value
    reserve_without_cover = reserve_share(
        stop_loss(costs, np.inf), BREAK_EVEN_SIZES, settings.probability
    )
    rows = []
    points = [point for point in BREAK_EVEN_ATTACHMENTS if point < settings.maximum]
    for point in points:
        cover = stop_loss(costs, point)
        # Where nobody's cost can reach the attachment point there is no premium to load.
        pays = cover.premium_share > 1e-9
        if pays.mean() < LEAST_PAYING:
            continue
        reserve_with_cover = reserve_share(cover, BREAK_EVEN_SIZES, settings.probability)
        for index, people in enumerate(BREAK_EVEN_SIZES):
            worth = break_even_loading(
                cover.premium_share[pays],
                reserve_with_cover[index][pays],
                reserve_without_cover[index][pays],
                price,
            )
            rows.append((point, people, *(100 * median_and_interval(worth, axis=0))))
    ends = [f"loading_percent{end}" for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["attachment", "people", *ends])


def carve_outs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return what carve-outs by cost take from the budget, and the k that they leave.

    Returns
    -------
    DataFrame, one row a design and limit
        ``design``, ``limit`` (multiples of the mean cost), ``removed_percent``, ``k``, ``low``,
        ``high``; from the least that is removed.
    """
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    rows = []
    for design, carve in (
        ("excess over a limit", carve_out_excess),
        ("people above a limit", carve_out_people),
    ):
        for limit in (limit for limit in ATTACHMENTS[::-1] if limit < settings.maximum):
            carved = carve(costs, limit)
            removed = 100 * float(np.median(carved.share_removed))
            rows.append(
                (design, limit, removed, *median_and_interval(carved.variation_after, axis=0))
            )
    columns = ["design", "limit", "removed_percent", "k", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
