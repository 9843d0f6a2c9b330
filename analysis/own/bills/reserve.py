"""What is still to be paid on a user's own triangle, by the run-off model and the chain ladder."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from analysis.chapters.real_or_virtual_budgets.chain_ladder import chain_ladder
from analysis.chapters.real_or_virtual_budgets.completion import (
    LAGS,
    completion_by_lag,
    logit_chances,
    mixed,
    published_completion,
)
from analysis.chapters.real_or_virtual_budgets.years import planned_services
from analysis.errors import InputError
from analysis.intervals import interval_columns
from analysis.models.run_off.data import RunOffData, RunOffPriors
from analysis.models.run_off.laplace_approximation import approximate_future
from analysis.own.bills.triangle import UserTriangle
from analysis.seeds import seed_for

PRIORS = RunOffPriors(level_sd=1.0, curve_sd=1.0, service_sd=0.5, lag_sd=0.8, cell_sd=0.4)
"""Wider than for Medicare's services: nothing is known of the way that a user's bills come."""

LATE_CHANCE = 0.5
"""Chance that a claim open beyond the published curves is paid in a month, before any data."""


@dataclass(frozen=True)
class Reserve:
    """What is still to be paid.

    Attributes
    ----------
    by_month : DataFrame
        Index ``month``; ``paid`` so far; ``model``, ``model_low`` and ``model_high``: payments to
        come with the project's interval; ``chain_ladder`` and its interval by Mack's standard
        error, missing where the chain ladder cannot be computed.
    total : Series
        The same for all months together.
    chain_ladder_problem : str
        Why there is no chain ladder; empty if there is one.
    """

    by_month: pd.DataFrame
    total: pd.Series
    chain_ladder_problem: str


def estimate_reserve(triangle: UserTriangle, draws: int = 4000) -> Reserve:
    """Estimate what is still to be paid.

    Parameters
    ----------
    draws : int
        Of the run-off model's fast posterior.

    Returns
    -------
    Reserve
        In the currency of the triangle.
    """
    data, unit = reserve_data(triangle)
    drawn = unit * approximate_future(data, PRIORS, draws=draws, seed=seed_for("runoff-command"))
    unpaid = drawn.sum(axis=1)
    paid = triangle.paid.sum(axis=(0, 2))
    table = pd.DataFrame({"paid": paid, **_summary(unpaid)})
    total = pd.Series({"paid": paid.sum(), **_summary(unpaid.sum(axis=1))})
    problem = ""
    try:
        ladder = chain_ladder(triangle.paid.sum(axis=0), triangle.known)
    except InputError as error:
        problem = str(error)
    else:
        low, high = ladder.month_intervals()
        table = table.assign(
            chain_ladder=ladder.unpaid, chain_ladder_low=low, chain_ladder_high=high
        )
        ends = dict(zip(("chain_ladder_low", "chain_ladder_high"), ladder.interval(), strict=True))
        total = pd.concat([total, pd.Series({"chain_ladder": ladder.total_unpaid, **ends})])
    table.index = pd.Index(triangle.months, name="month")
    return Reserve(table, total, problem)


def _summary(draws: np.ndarray) -> dict[str, np.ndarray]:
    return interval_columns("model", draws)


def reserve_data(triangle: UserTriangle) -> tuple[RunOffData, float]:
    """Return what the run-off model sees, and the amount that is its unit.

    Returns
    -------
    RunOffData
        With as many lags as the published curves have, unless the triangle itself is long enough
        to show that nothing is paid later than its last lag.
    float
        A month's payments of all services, in the currency of the triangle.
    """
    services, months, lags_seen = triangle.paid.shape
    closed = int(np.add(*np.nonzero(triangle.known)).max())
    # The first month has been on the books for closed + 1 months, yet nothing came after `seen`.
    lags = lags_seen if closed >= lags_seen else max(lags_seen, LAGS)
    widen = [(0, 0), (0, 0), (0, lags - lags_seen)]
    unit = float(triangle.paid.sum() / months)
    known = np.broadcast_to(triangle.known, triangle.paid.shape)
    start = int(triangle.months[0][-2:]) - 1
    return RunOffData(
        paid=np.pad(triangle.paid * known / unit, widen),
        known=np.pad(known.astype(float), widen),
        published=np.tile(_prior_curve(lags), (services, 1)),
        calendar_month=(start + np.arange(months)) % 12,
        service_share=triangle.paid.sum(axis=(1, 2)) / triangle.paid.sum(),
        services=triangle.services,
    ), unit


def _prior_curve(lags: int) -> np.ndarray:
    """Logit chances of all services together, cut or lengthened to the lags wanted."""
    curve = mixed(completion_by_lag(published_completion()), planned_services())
    chances = logit_chances(curve)[: lags - 1]
    return np.pad(chances, (0, lags - 1 - len(chances)), constant_values=float(logit(LATE_CHANCE)))
