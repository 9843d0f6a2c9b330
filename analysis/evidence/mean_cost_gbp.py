"""From multiples of the mean to English pounds.

Costs are fitted to dollars of 1974-82 and applied to pounds of today as multiples of the mean
annual cost. That is exact if every person's cost has grown in the same proportion: a factor common
to all leaves k, every premium share and every minimum size as they were. It is wrong to the extent
that the costliest people's care has grown faster or slower than the mean.
"""

from analysis.evidence import england


def mean_cost_gbp(financial_year: str = "2014/15") -> float:
    """Return the mean annual NHS cost of a person in England, GBP per person-year.

    The financial year, of activity and of prices, is 2011/12 or 2014/15 (source: Asaria 2017, see
    `analysis.evidence.england.cost_by_age_sex_deprivation`).
    """
    cells = england.cost_by_age_sex_deprivation(financial_year)
    return float(cells["cost_gbp"].sum() / cells["population"].sum())
