"""Training and leaving: how the stock of leaders grows towards its limit.

A fixed number finishes training each year from the end of the first course on; a fixed share of
leaders leaves each year. The stock then approaches trained over leaving (a stock-and-flow model;
Bartholomew 1973, Stochastic Models for Social Processes, chapter 3).
"""

import numpy as np


def steady_stock(
    trained_per_year: np.ndarray | float, leaving_share: np.ndarray | float
) -> np.ndarray:
    """Return the number of leaders that training sustains in the long run.

    Parameters
    ----------
    trained_per_year : ndarray or float
        People who finish training and take a post, a year.
    leaving_share : ndarray or float
        Share of leaders who leave within a year, above 0 and below 1.
    """
    return np.asarray(trained_per_year, float) / _leaving_rate(leaving_share)


def _leaving_rate(leaving_share: np.ndarray | float) -> np.ndarray:
    """Constant rate at which this share leaves within a year."""
    return -np.log1p(-np.asarray(leaving_share, float))


def stock_by_year(
    start: np.ndarray | float,
    trained_per_year: np.ndarray | float,
    leaving_share: np.ndarray | float,
    course_years: np.ndarray | float,
    years: np.ndarray,
) -> np.ndarray:
    """Return the number of leaders at given times; arguments broadcast together.

    Parameters
    ----------
    start : ndarray or float
        Leaders at time 0.
    trained_per_year, leaving_share
        See `steady_stock`.
    course_years : ndarray or float
        Length of training: nobody finishes before.
    years : ndarray
        Times since the start, at least 0.
    """
    rate = _leaving_rate(leaving_share)
    since_first_course = np.maximum(np.asarray(years) - course_years, 0)
    gained = trained_per_year / rate * -np.expm1(-rate * since_first_course)
    return start * np.exp(-rate * np.asarray(years)) + gained


def years_until(
    wanted: np.ndarray | float,
    start: np.ndarray | float,
    trained_per_year: np.ndarray | float,
    leaving_share: np.ndarray | float,
    course_years: np.ndarray | float,
) -> np.ndarray:
    """Return the years until the stock of leaders reaches the number wanted.

    0 if there are enough at the start, infinite if there never are. Solved in closed form from
    `stock_by_year` after the first course.
    """
    rate = _leaving_rate(leaving_share)
    limit = steady_stock(trained_per_year, leaving_share)
    left_after_course = start * np.exp(-rate * course_years)
    reachable = limit > wanted
    gap = np.where(reachable, limit - wanted, 1.0)
    waiting = np.log(np.maximum((limit - left_after_course) / gap, 1.0)) / rate
    reached = np.where(reachable, course_years + waiting, np.inf)
    return np.where(np.asarray(start) >= wanted, 0.0, reached)
