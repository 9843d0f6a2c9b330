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

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.run_off.data import (
    RunOffData,
    RunOffPriors,
    curve_covariance,
    payment_months,
    trend_prior,
    trends,
)


def run_off_model(data: RunOffData, priors: RunOffPriors = RunOffPriors()) -> pm.Model:
    """Return the run-off model of a partly observed triangle.

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
