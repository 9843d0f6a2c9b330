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
from analysis.own.bills.claims_development import development_error
from analysis.own.bills.notes import notes_on, recovery_problem
from analysis.own.bills.triangle import UserTriangle
from analysis.seeds import seed_for

PRIORS = RunOffPriors(level_sd=1.0, curve_sd=1.0, service_sd=0.5, lag_sd=0.8, cell_sd=0.4)
"""Wider than for Medicare's services: nothing is known of the way that a user's bills come."""

LATE_CHANCE = 0.5
"""Chance that a claim open beyond the published curves is paid in a month, before any data."""

YEAR = 12
"""Months of the one-year view."""


@dataclass(frozen=True)
class Reserve:
    """What is still to be paid.

    Attributes
    ----------
    by_month : DataFrame
        Index ``month``; ``paid`` so far; ``model``, ``model_low`` and ``model_high``: payments to
        come with the project's interval; ``chain_ladder`` and its interval by Mack's standard
        error. A method that cannot answer has no columns.
    total : Series
        The same for all months together; with a chain ladder also ``ultimate_error`` and
        ``one_year_error``: standard deviations of how far its estimate moves until the last bill,
        and within twelve months.
    model_problem, chain_ladder_problem : str
        Why a method has no answer; empty if it has one.
    notes : tuple of str
        A sentence for each way in which the amounts are not plain payments.
    """

    by_month: pd.DataFrame
    total: pd.Series
    model_problem: str
    chain_ladder_problem: str
    notes: tuple[str, ...]


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

    Raises
    ------
    InputError
        If neither method can follow the payments.
    """
    paid = triangle.paid.sum(axis=(0, 2))
    table, total = pd.DataFrame({"paid": paid}), {"paid": paid.sum()}
    model_problem, ladder_problem = recovery_problem(triangle), ""
    if not model_problem:
        unpaid = _model_draws(triangle, draws)
        table, total = table.assign(**_summary(unpaid)), total | _summary(unpaid.sum(axis=1))
    try:
        by_month, of_total = _chain_ladder(triangle)
    except InputError as error:
        ladder_problem = str(error)
        if model_problem:
            raise InputError(f"{model_problem} {ladder_problem}") from error
    else:
        table, total = table.assign(**by_month), total | of_total
    table.index = pd.Index(triangle.months, name="month")
    notes = tuple(notes_on(triangle))
    return Reserve(table, pd.Series(total), model_problem, ladder_problem, notes)


def _model_draws(triangle: UserTriangle, draws: int) -> np.ndarray:
    """Payments to come of each month by the run-off model, shape (draw, month)."""
    data, unit = reserve_data(triangle)
    drawn = unit * approximate_future(data, PRIORS, draws=draws, seed=seed_for("runoff-command"))
    return np.asarray(drawn.sum(axis=1))


def _chain_ladder(triangle: UserTriangle) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Columns by month and entries of the total; all services together."""
    paid, known = triangle.paid.sum(axis=0), triangle.known
    ladder = chain_ladder(paid, known)
    names = ("chain_ladder", "chain_ladder_low", "chain_ladder_high")
    by_month = dict(zip(names, (ladder.unpaid, *ladder.month_intervals()), strict=True))
    total = dict(zip(names, (ladder.total_unpaid, *ladder.interval()), strict=True))
    total["ultimate_error"] = ladder.total_standard_error
    total["one_year_error"] = development_error(paid, known, ladder, YEAR)
    return by_month, total


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
