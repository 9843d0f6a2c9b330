"""What a fitted population says: k, what adjustment explains, minimum size, stop-loss."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.errors import InputError
from analysis.intervals import median_and_interval
from analysis.own.people.example import example_truth
from analysis.own.people.fitting import OwnFit
from analysis.own.people.settings import Settings
from analysis.risk.adjustment import explained_share, variation
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.minimum_size import (
    minimum_size,
    overspend_probability,
    size_with_persistent_differences,
    smallest_covered_pool,
    smallest_pool,
)
from analysis.risk.stop_loss import stop_loss

ENTRIES = 20_000
"""Draws times cells of what is computed exactly: it bounds time and memory."""

MOST_DRAWS, FEWEST_DRAWS = 400, 100

ATTACHMENTS = (5.0, 10.0, 25.0, 50.0, 100.0)
"""Attachment points of stop-loss cover, in multiples of the mean cost."""

SHARES_KEPT = (0.0, 0.2)
"""Coinsurance: shares of the excess that the pool keeps."""


def exact_costs(fitted: OwnFit, settings: Settings, most: int = MOST_DRAWS) -> CostDistribution:
    """Return the draws on which a pool's total is computed exactly.

    Parameters
    ----------
    most : int
        Draws, where there are few cells.
    """
    number = ENTRIES // len(fitted.cells.table)
    return fitted.costs(settings.maximum, min(max(number, FEWEST_DRAWS), most))


def explained(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return k without and with adjustment, and the share of variance explained.

    All are of a head, as long as each was covered. Where cover was told, k and the mean of a year
    of cover stand beside: with mean cover c, a pool of N heads has c N member-years, so that k of
    a member-year is k of a head times the square root of c, and its cost that of a head over c.
    Nobody's cost is made annual, so a costly month before a death stays what it is. Such a k is
    a little above that of people covered all year if cost comes evenly over the months: its
    square is too high by the variance of cover over c, which is below 1 - c.

    Returns
    -------
    DataFrame, one row a measure
        Index ``k_unadjusted``, ``k_adjusted``, ``r_squared``, ``mean_cost``, and where cover was
        told ``k_unadjusted_year``, ``k_adjusted_year``, ``mean_cost_year``; columns ``value``,
        ``low``, ``high``.
    """
    costs = fitted.costs(settings.maximum)
    draws = {
        "k_unadjusted": variation(costs, adjusted=False),
        "k_adjusted": variation(costs, adjusted=True),
        "r_squared": explained_share(costs),
        "mean_cost": costs.population_mean()[:, 0],
    }
    if fitted.cover < 1:
        per_year = {"mean_cost": 1 / fitted.cover} | dict.fromkeys(
            ["k_unadjusted", "k_adjusted"], np.sqrt(fitted.cover)
        )
        draws |= {f"{name}_year": draws[name] * factor for name, factor in per_year.items()}
    rows = {name: median_and_interval(values, axis=0) for name, values in draws.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def sizes(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the smallest pool that is large enough, by chance alone and with lasting differences.

    Returns
    -------
    DataFrame, one row a case
        ``case`` (``adjusted``, ``unadjusted``, ``lasting``), ``people`` (heads who come and go
        as these do: `OwnFit.cover` says how many member-years that is), ``low``, ``high``;
        infinite where no size is enough. Adjusted and lasting: a budget that follows the cells;
        unadjusted: one budget for all, by the normal approximation scaled to the exact answer.
    """
    costs = exact_costs(fitted, settings)
    ask = (settings.tolerance, settings.probability)
    adjusted = smallest_pool(costs, *ask)
    # At one tolerance and limit the size goes with k squared; the adjusted case says how exactly.
    ratio = (variation(costs, adjusted=False) / variation(costs, adjusted=True)) ** 2
    lasting = smallest_pool(costs, *ask, persistent_sd=settings.lasting)
    rows = {"adjusted": adjusted, "unadjusted": adjusted * ratio, "lasting": lasting}
    return pd.DataFrame(
        [(case, *median_and_interval(draws, axis=0)) for case, draws in rows.items()],
        columns=["case", "people", "low", "high"],
    )


def tolerance_of_any_size(settings: Settings) -> float:
    """Return the overspend that lasting differences alone exceed with the given probability.

    Returns
    -------
    float
        Share of the budget: however large, a pool must be able to bear it.
    """
    return float(-ndtri(settings.probability) * settings.lasting)


def normal_size(k: float, settings: Settings) -> float:
    """Return the smallest pool by the normal approximation, as a check of the exact answer.

    Returns
    -------
    float
        People.
    """
    return float(size_with_persistent_differences(k, 0.0, settings.tolerance, settings.probability))


def size_grid(
    fitted: OwnFit,
    settings: Settings,
    tolerances: Sequence[float] = (0.01, 0.02, 0.03, 0.05),
    probabilities: Sequence[float] = (0.01, 0.05, 0.10, 0.20),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return minimum sizes for other readings of *safe*, and the curve they are read from.

    Parameters
    ----------
    tolerances, probabilities : sequence of float
        Shares of the budget; acceptable shares of years.

    Returns
    -------
    grid : DataFrame, one row a reading
        ``tolerance``, ``probability``, ``people``, ``low``, ``high``.
    curve : DataFrame, one row a size and tolerance
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    """
    costs = exact_costs(fitted, settings, MOST_DRAWS // 2)
    people = [round(size) for size in np.geomspace(1_000, 3_000_000, 15)]
    readings = sorted({*tolerances, settings.tolerance})
    overspend = overspend_probability(costs, readings, people)
    rows, curve = [], []
    for index, tolerance in enumerate(readings):
        needed = minimum_size(overspend[:, :, index], people, list(probabilities))
        for column, probability in enumerate(probabilities):
            rows.append((tolerance, probability, *median_and_interval(needed[:, column], axis=0)))
        drawn = 100 * median_and_interval(overspend[:, :, index], axis=0)
        curve += [
            (size, 100 * tolerance, *drawn[:, position]) for position, size in enumerate(people)
        ]
    return (
        pd.DataFrame(rows, columns=["tolerance", "probability", "people", "low", "high"]),
        pd.DataFrame(
            curve, columns=["people", "tolerance_percent", "probability_percent", "low", "high"]
        ),
    )


def stop_loss_table(
    fitted: OwnFit,
    settings: Settings,
    multiples: Sequence[float] = ATTACHMENTS,
    shares_kept: Sequence[float] = SHARES_KEPT,
    growth: float = 1.0,
) -> pd.DataFrame:
    """Return premium, what chance is left, and minimum size by attachment point and coinsurance.

    Parameters
    ----------
    multiples : sequence of float
        Attachment points in multiples of the mean cost of the data, above 0.
    shares_kept : sequence of float
        Shares of the excess that the pool keeps, 0 to below 1.
    growth : float
        Cost of a person in the contract year over that of the data; the attachment points stay.

    Returns
    -------
    DataFrame, one row an attachment point and share
        ``attachment`` (in the currency, at the median mean cost), ``multiple``, ``share_kept``, and
        ``premium`` (a head, without loading), ``k`` and ``people``, each with ``_low`` and
        ``_high``.

    Raises
    ------
    InputError
        If an attachment point or share is outside its range.
    """
    check_cover(settings, [multiple / growth for multiple in multiples], shares_kept)
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    mean = costs.population_mean()[:, 0]
    rows = []
    for multiple in multiples:
        for share in shares_kept:
            cover = stop_loss(costs, multiple / growth, share)
            needed = smallest_covered_pool(cover, settings.tolerance, settings.probability)
            measures = (growth * mean * cover.premium_share, cover.residual_variation, needed)
            numbers = np.concatenate([median_and_interval(draws, axis=0) for draws in measures])
            rows.append((float(np.median(mean)) * multiple, multiple, share, *numbers))
    columns = [
        f"{name}{end}" for name in ("premium", "k", "people") for end in ("", "_low", "_high")
    ]
    return pd.DataFrame(rows, columns=["attachment", "multiple", "share_kept", *columns])


def check_cover(
    settings: Settings, multiples: Sequence[float], shares_kept: Sequence[float]
) -> None:
    """Raise InputError if an attachment point (over the mean cost) or share is out of range."""
    if not multiples or not all(0 < value < settings.maximum for value in multiples):
        raise InputError(
            f"attachment points: give multiples of the mean cost above 0 and below "
            f"{settings.maximum:g}, the largest possible cost"
        )
    if not shares_kept or not all(0 <= share < 1 for share in shares_kept):
        raise InputError("coinsurance: give shares of the excess from 0 to below 100 percent")


def true_answers(settings: Settings) -> dict[str, float]:
    """Return what is true of the invented population of `analysis.own.people.example`.

    Returns
    -------
    dict of str to float
        ``mean_cost``, ``k`` within age and sex, ``k_unadjusted``, ``r_squared``,
        ``people_needed``, and the ``tolerance`` and ``probability`` that it is for.
    """
    truth = example_truth(settings.maximum)
    return {
        "mean_cost": float(truth.population_mean()[0, 0]),
        "k": float(variation(truth, adjusted=True)[0]),
        "k_unadjusted": float(variation(truth, adjusted=False)[0]),
        "r_squared": float(explained_share(truth)[0]),
        "people_needed": float(smallest_pool(truth, settings.tolerance, settings.probability)[0]),
        "tolerance": settings.tolerance,
        "probability": settings.probability,
    }
