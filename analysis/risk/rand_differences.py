"""What lasts between RAND's people and places: from year to year, and from site to site."""

import numpy as np
import pandas as pd
from scipy.stats import halfnorm

from analysis.evidence.facts import fact

SITE_SPREAD_PRIOR = 0.2
"""Scale of the half-normal prior of the spread between sites, share of the mean cost."""

SITE_SPREAD_GRID = np.linspace(0.0, 1.0, 2_001)
"""Spreads at which the posterior is computed, share of the mean cost."""


def _truncated(people: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Cost cut at the programme's percentile, and its mean by age and sex."""
    percentile = fact("A-TRUNC").value
    assert percentile is not None
    cost = people["annual_cost_usd"]
    cut = cost.clip(upper=float(cost.quantile(percentile / 100)))
    return cut, cut.groupby(people["age_sex"]).transform("mean")


def year_to_year_correlation(people: pd.DataFrame) -> float:
    """Return how a person's costs in one year and the next go together, within age and sex.

    Costs are cut at the percentile at which the Medicare programme cuts them.

    Parameters
    ----------
    people : DataFrame
        Person-years: `analysis.fits.rand_costs.rand_people`.

    Returns
    -------
    float
        Correlation over all pairs of successive years of one person.
    """
    cut, mean = _truncated(people)
    rows = people[["person", "year"]].assign(difference=cut - mean)
    following = rows.assign(year=rows["year"] - 1)
    pairs = rows.merge(following, on=["person", "year"], suffixes=("", "_next"))
    return float(pairs["difference"].corr(pairs["difference_next"]))


def site_ratios(people: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of RAND's sites over what their mix of ages and sexes predicts.

    Parameters
    ----------
    people : DataFrame
        Person-years: `analysis.fits.rand_costs.rand_people`.

    Returns
    -------
    DataFrame, one row a site
        ``site``, ``people``, ``ratio`` of cost to prediction, cost cut as for Medicare, and its
        ``standard_error``, with all years of a person as one.
    """
    cut, mean = _truncated(people)
    rows = people[["site", "person"]].assign(cost=cut, expected=mean)
    of_person = rows.groupby(["site", "person"], as_index=False)[["cost", "expected"]].sum()
    sites = []
    for site, group in of_person.groupby("site"):
        ratio = group["cost"].sum() / group["expected"].sum()
        error_of_sum = (group["cost"] - ratio * group["expected"]).std() * np.sqrt(len(group))
        sites.append((site, len(group), ratio, error_of_sum / group["expected"].sum()))
    return pd.DataFrame(sites, columns=["site", "people", "ratio", "standard_error"])


def between_site_spread(
    sites: pd.DataFrame, generator: np.random.Generator, draws: int = 4_000
) -> np.ndarray:
    """Return the spread between sites that chance between people does not explain.

    A normal model of sites around a common mean with a flat prior; computed on a grid.

    Parameters
    ----------
    sites : DataFrame
        As `site_ratios`.

    Returns
    -------
    ndarray, shape (draw,)
        Standard deviation, share of the predicted cost.

    References
    ----------
    Gelman and others (2013), Bayesian Data Analysis, 3rd edition, equation 5.21, p. 117.
    """
    ratio, error = sites["ratio"].to_numpy(), sites["standard_error"].to_numpy()
    variance = SITE_SPREAD_GRID[:, None] ** 2 + error**2
    weight = 1 / variance
    centre = (weight * ratio).sum(axis=1) / weight.sum(axis=1)
    log_posterior = (
        halfnorm.logpdf(SITE_SPREAD_GRID, scale=SITE_SPREAD_PRIOR)
        - 0.5 * np.log(weight.sum(axis=1))
        - 0.5 * (np.log(variance) + (ratio - centre[:, None]) ** 2 * weight).sum(axis=1)
    )
    mass = np.exp(log_posterior - log_posterior.max())
    cumulative = np.cumsum(mass) / mass.sum()
    return np.interp(generator.random(draws), cumulative, SITE_SPREAD_GRID)
