"""What a new benchmark does to lasting differences: within an agreement and when it is rebased.

A benchmark is made from an organisation's own costs of the three years before its agreement, and
made anew for the next one. What a group was better at is then in its benchmark, and chance of the
old benchmark is gone. If differences lay in the groups alone, results would go together as much
from the last year of one agreement to the first of the next as within an agreement.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_AGREEMENT_ENDS = {2012: 2015, 2013: 2015, 2014: 2016, 2015: 2017, 2016: 2018}
"""Last year of the first agreement, by start year (42 CFR 425.200). Those of 2012 and 2013 both ran
to the end of 2015. Later cohorts met new rules and a pandemic at their renewal."""


@dataclass(frozen=True)
class YearToYearCorrelation:
    """How an organisation's results in two successive years go together.

    Attributes
    ----------
    pairs : int
        Organisations seen in both years, over all years.
    correlation : float
        Pooled over start years and sizes.
    draws : ndarray, shape (draw,)
        Its uncertainty, by Fisher's transformation.
    """

    pairs: int
    correlation: float
    draws: np.ndarray


def correlation_by_benchmark(
    cells: pd.DataFrame,
    heaviness: float,
    generator: np.random.Generator,
    draws: int = 4_000,
) -> dict[str, YearToYearCorrelation]:
    """Return how successive results go together under one benchmark and across its rebasing.

    Parameters
    ----------
    cells : DataFrame
        `analysis.evidence.mssp.cells`.
    heaviness : float
        Kurtosis parameter of the rates, 0 for normal ones; 1 + it multiplies the variance of a
        correlation (Muirhead 1982, Aspects of Multivariate Statistical Theory, section 5.1.4).

    Returns
    -------
    dict of str to YearToYearCorrelation
        ``within`` the first agreement and ``across`` its renewal.
    """
    first_agreement = cells["start_year"].isin(list(FIRST_AGREEMENT_ENDS))
    rows = cells[first_agreement & (cells["n_pairs"] > 1)]
    last_year = rows["start_year"].map(FIRST_AGREEMENT_ENDS).astype(int)
    year = rows["performance_year"]
    by_benchmark = {"within": rows[year < last_year], "across": rows[year == last_year]}
    return {name: _pooled(part, heaviness, generator, draws) for name, part in by_benchmark.items()}


def _pooled(
    rows: pd.DataFrame, heaviness: float, generator: np.random.Generator, draws: int
) -> YearToYearCorrelation:
    """Correlation within cells of one start year, year and size."""
    n, earlier, later = (
        rows[name].to_numpy(float) for name in ("n_pairs", "earlier_rate_sum", "later_rate_sum")
    )
    earlier_squares = (rows["earlier_rate_square_sum"] - earlier**2 / n).sum()
    later_squares = (rows["later_rate_square_sum"] - later**2 / n).sum()
    products = (rows["rate_product_sum"] - earlier * later / n).sum()
    correlation = float(products / np.sqrt(earlier_squares * later_squares))
    error = np.sqrt((1 + heaviness) / ((n - 1).sum() - 2))
    drawn = np.tanh(np.arctanh(correlation) + error * generator.normal(size=draws))
    return YearToYearCorrelation(int(n.sum()), correlation, drawn)
