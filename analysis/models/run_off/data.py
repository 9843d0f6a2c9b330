"""Payments by month of care and lag, priors of their run-off, and what both fits build on."""

from dataclasses import dataclass

import numpy as np

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


def trend_prior(priors: RunOffPriors) -> tuple[np.ndarray, np.ndarray]:
    """Return means and standard deviations of growth and the two waves of the season.

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
