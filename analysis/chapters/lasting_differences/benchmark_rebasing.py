"""What a new benchmark does to lasting differences: within an agreement and across its renewal.

A benchmark is made from an organisation's own costs of the three years before its agreement, and
made anew for the next one. What a group was better at is then in its benchmark, and chance of the
old benchmark is gone. If differences lay in the groups alone, results would be as alike across a
renewal as within an agreement.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_AGREEMENT_ENDS = {2012: 2015, 2013: 2015, 2014: 2016, 2015: 2017, 2016: 2018}
"""Last year of the first agreement, by start year (42 CFR 425.200). Those of 2012 and 2013 both ran
to the end of 2015. Later cohorts met new rules and a pandemic at their renewal."""


@dataclass(frozen=True)
class Likeness:
    """How alike an organisation's results are in two successive years.

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


def likeness(
    cells: pd.DataFrame,
    heaviness: float,
    generator: np.random.Generator,
    draws: int = 4_000,
) -> dict[str, Likeness]:
    """Return the likeness of successive results within the first agreement and across its renewal.

    Parameters
    ----------
    cells : DataFrame
        `analysis.evidence.mssp.cells`.
    heaviness : float
        Kurtosis parameter of the rates, 0 for normal ones; 1 + it multiplies the variance of a
        correlation (Muirhead 1982, Aspects of Multivariate Statistical Theory, section 5.1.4).

    Returns
    -------
    dict of str to Likeness
        ``within`` and ``across``.
    """
    known = cells[cells["start_year"].isin(list(FIRST_AGREEMENT_ENDS)) & (cells["n_pairs"] > 1)]
    end = known["start_year"].map(FIRST_AGREEMENT_ENDS).astype(int)
    year = known["performance_year"]
    chosen = {"within": known[year < end], "across": known[year == end]}
    return {name: _pooled(rows, heaviness, generator, draws) for name, rows in chosen.items()}


def _pooled(
    rows: pd.DataFrame, heaviness: float, generator: np.random.Generator, draws: int
) -> Likeness:
    """Correlation within cells of one start year, year and size."""
    n, earlier, later = (
        rows[name].to_numpy(float) for name in ("n_pairs", "earlier_rate_sum", "later_rate_sum")
    )
    first = (rows["earlier_rate_square_sum"] - earlier**2 / n).sum()
    second = (rows["later_rate_square_sum"] - later**2 / n).sum()
    both = (rows["rate_product_sum"] - earlier * later / n).sum()
    correlation = float(both / np.sqrt(first * second))
    error = np.sqrt((1 + heaviness) / ((n - 1).sum() - 2))
    drawn = np.tanh(np.arctanh(correlation) + error * generator.normal(size=draws))
    return Likeness(int(n.sum()), correlation, drawn)
