"""What lasts in RAND's people: how one year's cost goes with the next."""

import pandas as pd

from analysis.evidence.facts import fact


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
