r"""Run-off of monthly claims: what has been incurred when only part of it has been paid.

For service :math:`s`, month of care :math:`t` and lag :math:`j`, with :math:`n_{st}` the cost that
is expected at the rate of that month and :math:`q_{stj}` the share of it paid at that lag,

.. math:: y_{stj} \sim \text{normal}\big(m_{stj}, \sqrt{\phi\, m_{stj}}\big), \quad
    m_{stj} = n_{st}\, q_{stj}

.. math:: \log n_{st} = a_s + g\, t + \text{season}_t + r_t, \quad
    \text{logit}\, h_{stj} = \text{published}_{sj} + b_s + c_j + d_{sj} + v_{t+j}

where :math:`h` is the chance that an open claim is paid, so that :math:`q_{stj} = h_{stj}
\prod_{i<j} (1 - h_{sti})` and the last lag takes what is left. Variance in proportion to the mean
is that of claims which come by chance (over-dispersed Poisson, England & Verrall 2002, British
Actuarial Journal 8:443, section 2.3); the normal form admits refunds. :math:`r` is a random walk,
:math:`v` how fast bills were processed in a calendar month, and :math:`b, c, d` pool services and
lags: with little data the curve stays near the published one.
"""

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt

MONTHS = 12


@dataclass(frozen=True)
class RunOffData:
    """Payments of some services by month of care and lag; amounts in units of a typical month.

    Attributes
    ----------
    paid : ndarray, shape (service, month, lag)
        Paid in one month, not cumulated; 0 where it is not known yet.
    known : ndarray, shape (service, month, lag)
        1 where a payment is known, 0 where it lies in the future.
    published : ndarray, shape (service, lag - 1)
        Logit of the chance that an open claim is paid at each lag but the last, before any data.
    calendar_month : ndarray of int, shape (month,)
        0 to 11, for the season.
    service_share : ndarray, shape (service,)
        Rough share of the cost, adding up to 1: the centre of the prior.
    services : tuple of str
        Their names.
    """

    paid: np.ndarray
    known: np.ndarray
    published: np.ndarray
    calendar_month: np.ndarray
    service_share: np.ndarray
    services: tuple[str, ...]


@dataclass(frozen=True)
class RunOffPriors:
    """Priors; normal ones are (mean, standard deviation), scales are of half-normal priors.

    Attributes
    ----------
    level_sd : float
        Log of the monthly cost of a service, around its share of a typical month.
    growth : tuple of float
        Growth of log cost a year.
    season_sd : float
        Height of each of the two waves (cosine and sine) of log cost over the year.
    walk_scale : float
        Step of the random walk of log cost, from month to month.
    curve_sd : float
        Shift of a whole completion curve from the published one, logit.
    service_sd, lag_sd, cell_sd : float
        How services differ in that shift; deviations by lag, the same in all services; deviations
        of single services and lags. Logit. Fixed, because three services cannot tell them.
    speed_scale : float
        How unevenly bills are processed from month to month, logit.
    log_dispersion : tuple of float
        Log of the variance of payments over their mean.
    """

    level_sd: float = 0.5
    growth: tuple[float, float] = (0.04, 0.04)
    season_sd: float = 0.04
    walk_scale: float = 0.01
    curve_sd: float = 0.5
    service_sd: float = 0.3
    lag_sd: float = 0.3
    cell_sd: float = 0.2
    speed_scale: float = 0.2
    log_dispersion: tuple[float, float] = (-6.5, 1.5)


def run_off_model(data: RunOffData, priors: RunOffPriors = RunOffPriors()) -> pm.Model:
    """Return the run-off model of a partly observed triangle.

    Parameters
    ----------
    data : RunOffData
    priors : RunOffPriors

    Returns
    -------
    pymc.Model
        With dims ``service``, ``month``, ``lag``. ``expected`` is the mean payment of each cell,
        ``dispersion`` the variance of a payment over its mean: both in units of a typical month.
    """
    services, months, lags = data.paid.shape
    coords = {
        "service": data.services,
        "month": range(months),
        "lag": range(lags),
        "open_lag": range(lags - 1),
        "payment_month": range(months + lags - 2),
        "change": ("growth", "cosine", "sine"),
    }
    cell = ("service", "month", "lag")
    with pm.Model(coords=coords) as model:
        paid = pm.Data("paid", data.paid.reshape(-1, lags))
        known = pm.Data("known", data.known.reshape(-1, lags))
        log_mean = _log_cost(data, priors)[:, None] + _log_split(data, priors)
        log_dispersion = pm.Normal("log_dispersion", *priors.log_dispersion)
        mean = pt.exp(log_mean)
        log_variance = log_mean + log_dispersion
        terms = known * (log_variance + (paid - mean) ** 2 * pt.exp(-log_variance))
        pm.Potential("likelihood", -0.5 * pt.sum(terms))
        pm.Deterministic("expected", mean.reshape((services, months, lags)), dims=cell)
    return model


def _log_cost(data: RunOffData, priors: RunOffPriors) -> pt.TensorVariable:
    """Log of the expected cost, by service and month in one row."""
    services, months = data.paid.shape[:2]
    share = pm.Data("log_service_share", np.log(data.service_share), dims="service")
    over_time = pm.Data("over_time", trends(data.calendar_month), dims=("month", "change"))
    of_service = pm.Data("of_service", np.repeat(np.eye(services), months, axis=0))
    of_month = pm.Data("of_month", np.tile(np.eye(months), (services, 1)))
    level = pm.Normal("level", 0, priors.level_sd, dims="service")
    trend = pm.Normal("trend", *trend_prior(priors), dims="change")
    walk_sd = pm.HalfNormal("walk_sd", priors.walk_scale)
    steps = pm.Normal("steps", 0, 1, dims="month")
    by_month = pt.dot(over_time, trend) + walk_sd * pt.cumsum(steps)
    return pt.dot(of_service, share + level) + pt.dot(of_month, by_month)


def _log_split(data: RunOffData, priors: RunOffPriors) -> pt.TensorVariable:
    """Log of the share of a month's cost paid at each lag; service and month in one row."""
    services, months, lags = data.paid.shape
    rows, open_lags = services * months, lags - 1
    root = np.linalg.cholesky(curve_covariance(services, open_lags, priors))
    prior, spread = pm.Data("published", data.published.ravel()), pm.Data("curve_root", root)
    of_curve = pm.Data("of_curve", np.kron(np.eye(services), _stacked(open_lags, months)))
    of_speed = pm.Data("of_speed", np.tile(payment_months(months, open_lags), (services, 1)))
    curve = prior + pt.dot(spread, pm.Normal("curve", 0, 1, shape=services * open_lags))
    speed_sd = pm.HalfNormal("speed_sd", priors.speed_scale)
    speed = pm.Normal("speed", 0, 1, dims="payment_month")
    logit_paid = (pt.dot(of_curve, curve) + speed_sd * pt.dot(of_speed, speed)).reshape(
        (rows, open_lags)
    )
    # A sum over earlier lags as a product with a triangle, which compiles faster than `cumsum`.
    earlier = pm.Data("earlier", np.triu(np.ones((open_lags, lags)), 1))
    own = pm.Data("own", np.eye(open_lags, lags))
    return -pt.dot(pt.softplus(-logit_paid), own) - pt.dot(pt.softplus(logit_paid), earlier)


def _stacked(open_lags: int, months: int) -> np.ndarray:
    return np.tile(np.eye(open_lags), (months, 1))


def trend_prior(priors: RunOffPriors) -> tuple[np.ndarray, np.ndarray]:
    """Return means and standard deviations of growth and the two waves of the season.

    Parameters
    ----------
    priors : RunOffPriors

    Returns
    -------
    tuple of ndarray, each of shape (3,)
    """
    mean, sd = priors.growth
    return np.array([mean, 0.0, 0.0]), np.array([sd, priors.season_sd, priors.season_sd])


def trends(calendar_month: np.ndarray) -> np.ndarray:
    """Return what changes over the months: time in years, and two waves that make up a season.

    Parameters
    ----------
    calendar_month : ndarray, shape (month,)
        0 to 11.

    Returns
    -------
    ndarray, shape (month, 3)
        Years from the middle; cosine and sine with a period of a year.
    """
    months = len(calendar_month)
    angle = 2 * np.pi * np.asarray(calendar_month) / MONTHS
    years = (np.arange(months) - months / 2) / MONTHS
    return np.stack([years, np.cos(angle), np.sin(angle)], axis=1)


def curve_covariance(services: int, open_lags: int, priors: RunOffPriors) -> np.ndarray:
    """Return the prior covariance of the logits of all curves: how services and lags are pooled.

    Parameters
    ----------
    services, open_lags : int
    priors : RunOffPriors

    Returns
    -------
    ndarray, shape (service x open lag, service x open lag)
    """
    same_service = np.kron(np.eye(services), np.ones((open_lags, open_lags)))
    same_lag = np.kron(np.ones((services, services)), np.eye(open_lags))
    return (
        priors.curve_sd**2
        + priors.service_sd**2 * same_service
        + priors.lag_sd**2 * same_lag
        + priors.cell_sd**2 * same_service * same_lag
    )


def payment_months(months: int, open_lags: int) -> np.ndarray:
    """Return which calendar month each cell of a triangle is paid in, as an indicator matrix.

    Parameters
    ----------
    months, open_lags : int
        Months of care, and lags at which a claim may still stay open.

    Returns
    -------
    ndarray, shape (month x lag, payment month)
        1 in the column of month + lag, rows in the order of a raveled triangle.
    """
    calendar = np.add.outer(np.arange(months), np.arange(open_lags)).ravel()
    return (calendar[:, None] == np.arange(months + open_lags - 1)).astype(float)
