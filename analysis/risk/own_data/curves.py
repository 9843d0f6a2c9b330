"""What the book draws of minimum size, lasting differences and cover, for a reader's people."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.evidence import assumption
from analysis.risk.adjustment import variation
from analysis.risk.carve_outs import carve_out_excess, carve_out_people
from analysis.risk.cover import break_even_loading, reserve_share
from analysis.risk.minimum_size import (
    overspend_probability,
    size_with_lasting_differences,
    smallest_pool,
)
from analysis.risk.own_data.fitting import OwnFit
from analysis.risk.own_data.measures import FEWEST_DRAWS, exact_costs, stop_loss_table
from analysis.risk.own_data.settings import LASTING, Settings, interval
from analysis.risk.severity import lognormal_without_tail
from analysis.risk.stop_loss import stop_loss

ROUND_SIZES = [one * 10.0**power for power in range(2, 9) for one in (1, 2, 5)]

ATTACHMENTS = (3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0, 100.0, 200.0)
"""Attachment points of the curves, in multiples of the mean cost."""

COVER = 25.0
"""Attachment point of the one cover that is compared with none, in multiples of the mean cost."""

BREAK_EVEN_ATTACHMENTS = (10.0, 25.0, 100.0)
BREAK_EVEN_SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]


def size_bands(fitted: OwnFit, settings: Settings, people: float) -> pd.DataFrame:
    """Return for which readings of *safe* pools of a few round sizes are just large enough.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings
    people : float
        The size that is needed at the reader's own reading: round sizes about it are shown.

    Returns
    -------
    DataFrame, one row a size and tolerance
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    """
    lines = [int(size) for size in ROUND_SIZES if 0.12 * people <= size <= 9 * people]
    lines = [size for size in lines if size >= 50] or [1_000]
    ends = min(0.0075, settings.tolerance / 1.5), max(0.05, 1.5 * settings.tolerance)
    tolerances = np.geomspace(*ends, 21)
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    found = 100 * interval(overspend_probability(costs, list(tolerances), lines))
    columns = ["probability_percent", "low", "high"]
    return pd.concat(
        pd.DataFrame(
            {"people": size, "tolerance_percent": 100 * tolerances}
            | dict(zip(columns, found[:, index], strict=True))
        )
        for index, size in enumerate(lines)
    ).reset_index(drop=True)


def chance_by_size(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the standard deviation of a pool's cost from chance, by size, with and without cover.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row a size and case
        ``whose``, ``people``, ``percent`` (of the budget), ``low``, ``high``.
    """
    costs = fitted.costs(settings.maximum)
    sizes = np.geomspace(1_000, 1_000_000, 31)
    cases = {
        "without cover": variation(costs, adjusted=True),
        f"cover above {COVER:g} times the mean": stop_loss(costs, COVER).residual_variation,
    }
    return pd.concat(
        pd.DataFrame(
            {"whose": whose, "people": sizes}
            | {
                name: 100 * value / np.sqrt(sizes)
                for name, value in zip(("percent", "low", "high"), interval(k), strict=True)
            }
        )
        for whose, k in cases.items()
    ).reset_index(drop=True)


def designs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the smallest pool under other tolerances, budgets and protection.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row a design
        ``design``, ``people``, ``low``, ``high``.
    """
    costs, limit = exact_costs(fitted, settings, FEWEST_DRAWS), settings.probability
    own = settings.tolerance
    needed = {one: smallest_pool(costs, one, limit) for one in sorted({0.01, own, 0.03})}
    ratio = (variation(costs, adjusted=False) / variation(costs, adjusted=True)) ** 2
    cover = stop_loss(costs, COVER)
    covered = smallest_pool(cover.retained, own, limit, budget_ratio=cover.budget_ratio)
    rows = {f"over {100 * one:g}%": draws for one, draws in needed.items()}
    rows |= {
        f"over {100 * own:g}%, one budget for all": needed[own] * ratio,
        f"over {100 * own:g}%, cover above {COVER:g} × mean": covered,
    }
    found = [(name, *interval(draws)) for name, draws in rows.items()]
    return pd.DataFrame(found, columns=["design", "people", "low", "high"])


def size_by_lasting(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the smallest pool by how far pools differ for good, by the normal approximation.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row a tolerance and lasting spread
        ``tolerance_percent``, ``lasting_sd_percent``, ``people``, ``low``, ``high``.
    """
    k, z = variation(fitted.costs(settings.maximum), adjusted=True), -ndtri(settings.probability)
    rows = []
    for tolerance in sorted({0.01, 0.02, 0.03, 0.05, settings.tolerance}):
        parts = np.append(np.linspace(0, 0.98, 50), (0.99, 0.995, 0.998))
        for lasting in parts * tolerance / z:
            needed = size_with_lasting_differences(k, lasting, tolerance, settings.probability)
            rows.append((100 * tolerance, 100 * lasting, *interval(needed)))
    columns = ["tolerance_percent", "lasting_sd_percent", "people", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def assumed_lasting(settings: Settings) -> tuple[float, float, float]:
    """Return how far pools are taken to differ for good, with its range where there is one.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    tuple of float
        Value, low and high, percent of the budget; all the same if the reader asked for one.
    """
    usual = assumption(LASTING)
    ends = (usual.low, usual.high) if settings.lasting == usual.value else (settings.lasting,) * 2
    return 100 * settings.lasting, 100 * float(ends[0]), 100 * float(ends[1])


def chance_and_lasting(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return chance and lasting differences by size of the pool.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row a size
        ``people``, and ``chance`` and ``lasting`` with ``_low`` and ``_high``; percent of the
        budget, one standard deviation.
    """
    people = np.geomspace(1_000, 1_500_000, 31)
    k = interval(variation(fitted.costs(settings.maximum), adjusted=True))
    ends = ("", "_low", "_high")
    found: dict[str, np.ndarray | float] = {"people": people}
    found |= {f"chance{end}": 100 * one / np.sqrt(people) for end, one in zip(ends, k, strict=True)}
    lasting = assumed_lasting(settings)
    found |= {f"lasting{end}": one for end, one in zip(ends, lasting, strict=True)}
    return pd.DataFrame(found)


def cover_curve(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return premium and smallest pool by attachment point of full cover.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row an attachment point
        See `analysis.risk.own_data.measures.stop_loss_table`.
    """
    points = [point for point in ATTACHMENTS if point < settings.maximum]
    return stop_loss_table(fitted, settings, points, (0.0,))


def break_even(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the loading up to which cover is cheaper than a reserve, by size of the pool.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row an attachment point and size
        ``attachment`` (multiples of the mean cost), ``people``, and ``loading_percent`` with
        ``_low`` and ``_high``. The price of a reserve is assumed.
    """
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    price = assumption("reserve_cost_of_capital").value
    whole = reserve_share(stop_loss(costs, np.inf), BREAK_EVEN_SIZES, settings.probability)
    rows = []
    for point in (one for one in BREAK_EVEN_ATTACHMENTS if one < settings.maximum):
        cover = stop_loss(costs, point)
        kept = reserve_share(cover, BREAK_EVEN_SIZES, settings.probability)
        for index, people in enumerate(BREAK_EVEN_SIZES):
            worth = break_even_loading(cover.premium_share, kept[index], whole[index], price)
            rows.append((point, people, *(100 * interval(worth))))
    ends = [f"loading_percent{end}" for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["attachment", "people", *ends])


def carve_outs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return what carve-outs by cost take from the budget, and the k that they leave.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

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
            one = carve(costs, limit)
            removed = 100 * float(np.median(one.share_removed))
            rows.append((design, limit, removed, *interval(one.variation_after)))
    columns = ["design", "limit", "removed_percent", "k", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def other_assumptions(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return k under other assumptions about the largest costs.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row an assumption
        ``assumption``, ``value``, ``low``, ``high``; the first is that of the report.
    """
    usual = assumption("maximum_annual_cost_multiple")
    rows = [("As in this report", *_k_at(fitted, settings.maximum))]
    rows += [
        (f"Largest cost {multiple:,.0f} × the mean", *_k_at(fitted, multiple))
        for multiple in (usual.low, usual.value, usual.high)
        if multiple != settings.maximum
    ]
    k = float(variation(lognormal_without_tail(fitted.cells), adjusted=True)[0])
    if np.isfinite(k):
        rows.append(("No tail at all", k, k, k))
    return pd.DataFrame(rows, columns=["assumption", "value", "low", "high"])


def _k_at(fitted: OwnFit, maximum: float) -> np.ndarray:
    return interval(variation(fitted.costs(maximum), adjusted=True))


def survival(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the share of people above amounts, small ones too: observed, modelled, without a tail.

    Parameters
    ----------
    fitted : OwnFit
    settings : Settings

    Returns
    -------
    DataFrame, one row an amount
        ``cost``, ``observed_low``, ``observed_high`` (missing below the tail, of which cells know
        only sums; they differ where joined bins straddle the amount), ``modelled``, ``low``,
        ``high``, ``lognormal_only``; shares.
    """
    cells, costs = fitted.cells, exact_costs(fitted, settings, FEWEST_DRAWS)
    below = cells.threshold * np.geomspace(0.01, 0.9, 15)
    held = cells.tail_counts.sum(axis=0) > 0
    edges = cells.edges[: min(len(held), len(held) - int(held[::-1].argmax()) + 3)]
    flat = lognormal_without_tail(cells)
    rows = []
    for amount in [*below, *edges]:
        seen = observed_share(fitted, amount) if amount >= cells.threshold else (np.nan, np.nan)
        alone = float(flat.survival(amount)[0])
        rows.append((float(amount), *seen, *interval(costs.survival(amount)), alone))
    columns = ["cost", "observed_low", "observed_high", "modelled", "low", "high", "lognormal_only"]
    return pd.DataFrame(rows, columns=columns)


def observed_share(fitted: OwnFit, amount: float) -> tuple[float, float]:
    """Return the least and the largest share of people that may be above an edge of a tail bin.

    Parameters
    ----------
    fitted : OwnFit
    amount : float
        An edge of the tail bins.

    Returns
    -------
    tuple of float
    """
    cells = fitted.cells
    index = int(np.abs(np.log(cells.edges / amount)).argmin())
    surely = cells.tail_counts[:, index:].sum()
    beyond = cells.tail_upper()[:, :index] > cells.edges[index] * 1.0001
    straddling = cells.tail_counts[:, :index][beyond].sum()
    people = cells.table["n"].sum()
    return float(surely / people), float((surely + straddling) / people)
