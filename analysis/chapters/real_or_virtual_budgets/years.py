"""Simulated years of a consortium: what is uncertain about them, and what the books show.

A *world* is one draw of all that is uncertain about costs and payments: the fitted variation of
cost, the fitted differences between pools, and what is assumed about the way bills are paid. In
each world many years are simulated, so that what chance does can be told from what is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.chapters.real_or_virtual_budgets.completion import (
    LAGS,
    SERVICES,
    completion_by_lag,
    logit_chances,
    paid_by_lag,
    published_completion,
    varied_completion,
)
from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.chapters.real_or_virtual_budgets.incurred import (
    MONTHS,
    ClaimsProcess,
    monthly_variation,
    simulate_payments,
)
from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.models.run_off.data import RunOffData
from analysis.seeds import seed_for

REVIEWED = 6
"""Months of the budget year that are over at the review."""

HISTORY = LAGS - REVIEWED
"""Months before the budget year that are on the books: every lag has been seen just once."""

PEAK_MONTH = 9
"""The dearest month, January, in a budget year that begins with April (0)."""

ASSUMED = (
    "claims_carried_share",
    "claims_speed_sd",
    "claims_curve_spread",
    "claims_inpatient_share",
    "claims_billed_late_share",
    "claims_season_height",
    "claims_planned_growth",
)


@dataclass(frozen=True)
class World:
    """One draw of what is uncertain about costs and payments.

    Attributes
    ----------
    curve_spread : float
        How payers differ in how fast bills arrive, logit.
    persistent_sd : float
        Standard deviation of a pool's lasting difference from its budget, share of the budget.
    """

    process: ClaimsProcess
    curve_spread: float
    persistent_sd: float


@dataclass(frozen=True)
class Situation:
    """In what circumstances a group reviews its books half-way through the year.

    Attributes
    ----------
    trend : float
        By how much cost grows faster than the budget allows for, a year, on average.
    months_faster : int
        Months by which payments reach the books sooner than the published curves say.
    history : int
        Months before the budget year that are on the books.
    slower_from : int or None
        Month of the budget year from which bills are processed more slowly; 0 is the first.
    """

    people: int = 100_000
    trend: float = 0.0
    months_faster: int = 0
    history: int = HISTORY
    slower_from: int | None = None

    @property
    def closed(self) -> int:
        """Last month on the books at the review; the first month of care is 0."""
        return self.history + REVIEWED - 1 + self.months_faster


def worlds(count: int) -> list[World]:
    """Return draws of what is uncertain, for 100,000 people and the usual history.

    The fits behind are those of other chapters.
    """
    # Here, not above: who only simulates or reads a triangle should not load the fits.
    from analysis.fits.england_variation import england_k
    from analysis.fits.english_group_spread import english_group_spread
    from analysis.fits.rand_costs import rand_people
    from analysis.risk.rand_differences import year_to_year_correlation

    assumed = assumed_draws(ASSUMED, count)
    generator = np.random.default_rng(seed_for("run-off-worlds"))
    persistent = english_group_spread(Situation().people)
    k, persistent_sd = (generator.choice(draws, count) for draws in (england_k(), persistent))
    correlation = year_to_year_correlation(rand_people())
    return [
        World(
            process=_process(
                {name: float(draws[draw]) for name, draws in assumed.items()}, k[draw], correlation
            ),
            curve_spread=float(assumed["claims_curve_spread"][draw]),
            persistent_sd=float(persistent_sd[draw]),
        )
        for draw in range(count)
    ]


def _process(assumed: dict[str, float], annual_k: float, correlation: float) -> ClaimsProcess:
    inpatient, late = assumed["claims_inpatient_share"], assumed["claims_billed_late_share"]
    return ClaimsProcess(
        people=Situation().people,
        variation=monthly_variation(annual_k, assumed["claims_carried_share"], correlation),
        service_shares=(inpatient, 1 - inpatient - late, late),
        growth=assumed["claims_planned_growth"],
        season=assumed["claims_season_height"],
        peak_month=PEAK_MONTH,
        speed_sd=assumed["claims_speed_sd"],
        history=HISTORY,
    )


def planned_services() -> np.ndarray:
    """Return the shares of cost, by service as in `SERVICES`, that a group would expect."""
    inpatient = assumption("claims_inpatient_share").value
    late = assumption("claims_billed_late_share").value
    return np.array([inpatient, 1 - inpatient - late, late])


def simulate(
    world: World,
    situation: Situation,
    years: int,
    generator: np.random.Generator,
    *,
    by_service: bool = False,
) -> np.ndarray:
    """Simulate years of one world: all payments, also those that a review cannot see yet.

    Returns
    -------
    ndarray, shape (year, month, lag), or (year, service, month, lag)
        In shares of the annual budget. Months: the history, then the twelve of the budget year.
    """
    curves = varied_completion(published_completion(), world.curve_spread, generator, years)
    slower = None
    if situation.slower_from is not None:
        slower = (situation.slower_from, -assumption("claims_slowdown").value)
    return simulate_payments(
        replace(world.process, people=situation.people, history=situation.history),
        paid_by_lag(completion_by_lag(curves)),
        situation.trend + world.persistent_sd * generator.standard_normal(years),
        generator,
        by_service=by_service,
        slower_from=slower,
    )


def reviewed_months(situation: Situation) -> slice:
    """Return where the reviewed months of the budget year stand among all months."""
    return slice(situation.history, situation.history + REVIEWED)


def model_data(
    paid: np.ndarray, situation: Situation, services: Sequence[str] = tuple(SERVICES)
) -> RunOffData:
    """Return what the run-off model sees at the review, in twelfths of the annual budget.

    Parameters
    ----------
    paid : ndarray, shape (service, month, lag)
        Of one year, from `simulate`.
    """
    months = situation.history + REVIEWED
    lags = paid.shape[-1]
    known = np.broadcast_to(known_cells(months, lags, situation.closed), (len(paid), months, lags))
    return RunOffData(
        paid=np.where(known, paid[:, :months] * MONTHS, 0.0),
        known=known.astype(float),
        published=logit_chances(completion_by_lag(published_completion())),
        calendar_month=np.arange(-situation.history, REVIEWED) % MONTHS,
        service_share=planned_services(),
        services=tuple(services),
    )
