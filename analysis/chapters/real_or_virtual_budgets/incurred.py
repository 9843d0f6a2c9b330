"""A pool's incurred cost by month, with growth, season and chance; and when its bills are paid.

The mean of one person's year is 12 months, but the variance is not 12 times that of a month,
because illness lasts. A person's monthly cost is taken to have a part that is carried over from
month to month, fading at a steady rate, and a part that is new every month. The fitted k of a year
fixes the size of both together; the correlation of costs in successive years fixes the fading.

A pool's monthly cost is then a rate that moves slowly (what is carried over) and claims that come
by chance at that rate. Claims are paid at random lags, so payments at different lags are
independent given the rate: a sum of claims thinned by lag (an over-dispersed Poisson process,
England & Verrall 2002, British Actuarial Journal 8:443, section 2.3; here gamma distributed).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from analysis.errors import InputError

MONTHS = 12
BASE_MONTHS = 6
"""A budget is set from the year before: the middle of that year lies 6 months before its start."""


@dataclass(frozen=True)
class MonthlyVariation:
    """How one person's monthly cost varies.

    Attributes
    ----------
    month_k : float
        Standard deviation of one person's monthly cost over its mean.
    carried_share : float
        Share of the monthly variance that is carried over to later months, 0 to less than 1.
    monthly_persistence : float
        Share of what is carried over that is still there a month later, 0-1.
    """

    month_k: float
    carried_share: float
    monthly_persistence: float


def monthly_variation(
    annual_k: float, carried_share: float, yearly_correlation: float
) -> MonthlyVariation:
    """Return how monthly cost varies, from how annual cost varies.

    With correlation ``c a**d`` of months that lie ``d`` apart, twelve months have the variance
    ``v (12 + 2 c sum (12 - d) a**d)``, and two successive years the covariance
    ``v c sum (12 - |12 - d|) a**d``, where ``v`` is the variance of one month.

    Parameters
    ----------
    annual_k : float
        Standard deviation of one person's annual cost over its mean, above 0.
    carried_share : float
        c; 0 for months that have nothing to do with each other.
    yearly_correlation : float
        Correlation of one person's cost in two successive years, 0 to less than 1.

    Raises
    ------
    InputError
        If `carried_share` is too small to explain the correlation of successive years.
    """
    if carried_share == 0:
        return MonthlyVariation(annual_k * np.sqrt(MONTHS), 0.0, 0.0)
    largest = _yearly_correlation(carried_share, 1.0)
    if not 0 <= yearly_correlation <= largest:
        raise InputError(
            f"carried_share {carried_share:g} gives a correlation of successive years of at most "
            f"{largest:.3g}, not {yearly_correlation:g}: raise it."
        )
    persistence = brentq(
        lambda a: _yearly_correlation(carried_share, a) - yearly_correlation, 0.0, 1.0 + 1e-12
    )
    month_k = annual_k * MONTHS / np.sqrt(_year_variance(carried_share, persistence))
    return MonthlyVariation(float(month_k), carried_share, float(persistence))


def _year_variance(carried_share: float, persistence: float) -> float:
    """Variance of twelve months over the variance of one."""
    apart = np.arange(1, MONTHS)
    return float(MONTHS + 2 * carried_share * ((MONTHS - apart) * persistence**apart).sum())


def _yearly_correlation(carried_share: float, persistence: float) -> float:
    """Correlation of two successive years."""
    apart = np.arange(1, 2 * MONTHS)
    shared_months = MONTHS - np.abs(MONTHS - apart)
    covariance = carried_share * (shared_months * persistence**apart).sum()
    return float(covariance / _year_variance(carried_share, persistence))


@dataclass(frozen=True)
class ClaimsProcess:
    """What a pool's monthly cost and its payment depend on.

    Attributes
    ----------
    people : int
        In the pool.
    service_shares : tuple of float
        Share of the cost by service, adding up to 1.
    growth : float
        Growth of cost that the budget allows for, a year (0.04 is 4%).
    season : float
        Height of the yearly wave of cost over its mean.
    peak_month : float
        Month of the budget year at whose middle the wave is highest; the first month is 0.
    speed_sd : float
        How unevenly bills are processed from month to month: standard deviation of the logit of
        the chance that an open claim is paid in a month.
    history : int
        Months before the budget year whose bills are on the books as well.
    """

    people: int
    variation: MonthlyVariation
    service_shares: tuple[float, ...]
    growth: float
    season: float
    peak_month: float
    speed_sd: float
    history: int

    @property
    def dispersion(self) -> float:
        """Variance of one month's new claims over its mean, when a month costs 1 on average."""
        carried = self.variation.carried_share
        return (1 - carried) * self.variation.month_k**2 / self.people

    @property
    def rate_sd(self) -> float:
        """Standard deviation of the slowly moving rate over its mean."""
        return float(np.sqrt(self.variation.carried_share / self.people) * self.variation.month_k)

    @property
    def months(self) -> np.ndarray:
        """Months on the books by the end of the year; the budget year begins with 0."""
        return np.arange(-self.history, MONTHS)


def planned_cost(process: ClaimsProcess) -> np.ndarray:
    """Return the cost that the budget allows for, by month as in `ClaimsProcess.months`.

    The budget year adds up to 1.
    """
    middle = process.months + 0.5
    wave = np.cos(2 * np.pi * (process.months - process.peak_month) / MONTHS)
    cost = np.exp(process.growth * middle / MONTHS) * (1 + process.season * wave)
    return cost / cost[-MONTHS:].sum()


def expected_cost(process: ClaimsProcess, growth_above_budget: np.ndarray) -> np.ndarray:
    """Return the expected monthly cost when it grows faster than the budget allows for.

    Shape (simulation, month), in shares of the annual budget.

    Parameters
    ----------
    growth_above_budget : ndarray, shape (simulation,)
        A year; 0.01 is one percentage point. The budget was right for `BASE_MONTHS` before its
        start, so that the excess over a whole budget year is about this share.
    """
    since = (process.months + 0.5 + BASE_MONTHS) / MONTHS
    return planned_cost(process) * np.exp(np.multiply.outer(growth_above_budget, since))


def simulate_payments(
    process: ClaimsProcess,
    paid_shares: np.ndarray,
    growth_above_budget: np.ndarray,
    generator: np.random.Generator,
    *,
    by_service: bool = False,
    slower_from: tuple[int, float] | None = None,
) -> np.ndarray:
    """Simulate what is paid, by month of care and lag.

    Parameters
    ----------
    paid_shares : ndarray, shape (service, lag) or (simulation, service, lag)
        Share of a month's cost paid at each lag; the last lag takes what is left.
    growth_above_budget : ndarray, shape (simulation,)
        See `expected_cost`.
    by_service : bool
        Whether payments of each service are wanted, or of all together (with the same
        distribution, and faster).
    slower_from : tuple of int and float, optional
        A month of the budget year from which bills are processed more slowly, and by how much:
        a shift of the logit of the chance that an open claim is paid in a month.

    Returns
    -------
    ndarray, shape (simulation, service, month, lag), or (simulation, month, lag)
        In shares of the annual budget, for every lag: also what is not yet paid at the time of a
        review.
    """
    simulations = len(growth_above_budget)
    months = len(process.months)
    rate = expected_cost(process, growth_above_budget) * _slow_rate(process, simulations, generator)
    lags = paid_shares.shape[-1]
    speed = process.speed_sd * generator.standard_normal((simulations, months + lags - 1))
    if slower_from is not None:
        speed[:, process.history + slower_from[0] :] += slower_from[1]
    split = split_by_speed(paid_shares, speed, months)
    shares = np.asarray(process.service_shares)
    mean = rate[:, None, :, None] * split * shares[:, None, None]
    if not by_service:
        mean = mean.sum(axis=1)
    scale = process.dispersion / MONTHS
    return generator.standard_gamma(mean / scale) * scale if scale > 0 else mean


def _slow_rate(
    process: ClaimsProcess, simulations: int, generator: np.random.Generator
) -> np.ndarray:
    """Rate of each month over its mean: a lognormal first-order autoregression."""
    persistence, sd = process.variation.monthly_persistence, process.rate_sd
    shocks = generator.standard_normal((len(process.months), simulations))
    state = np.empty_like(shocks)
    state[0] = shocks[0]
    for month in range(1, len(state)):
        fresh = np.sqrt(1 - persistence**2) * shocks[month]
        state[month] = persistence * state[month - 1] + fresh
    return np.exp(sd * state - sd**2 / 2).T


def split_by_speed(paid_shares: np.ndarray, speed: np.ndarray, months: int) -> np.ndarray:
    """Return the share of each month's cost paid at each lag when processing speed varies.

    Parameters
    ----------
    paid_shares : ndarray, shape (..., lag)
        Without variation. The first axis may be ``simulation``.
    speed : ndarray, shape (simulation, calendar month)
        Added to the logit of the chance that an open claim is paid in that calendar month.
    months : int
        Months of care; the first is calendar month 0.

    Returns
    -------
    ndarray, shape (simulation, service, month, lag)
        Adds up to 1 over lags.
    """
    lags = paid_shares.shape[-1]
    still_open = np.cumsum(paid_shares[..., ::-1], axis=-1)[..., ::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = paid_shares / (still_open - paid_shares)
    odds = np.where(still_open > 0, odds, np.inf)[..., None, :-1]
    calendar = np.arange(months)[:, None] + np.arange(lags - 1)
    open_after = np.cumprod(1 / (1 + odds * np.exp(speed)[:, None, calendar]), axis=-1)
    split = np.empty((*open_after.shape[:-1], lags))
    split[..., 0] = 1 - open_after[..., 0]
    split[..., 1:-1] = open_after[..., :-1] - open_after[..., 1:]
    split[..., -1] = open_after[..., -1]
    return split
