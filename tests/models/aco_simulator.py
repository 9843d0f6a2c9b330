"""Organisations with known variance components, of many sizes, that enter and leave."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.models.savings.components import SpreadComponents
from analysis.models.savings.moments import SIZE_EDGES

YEARS = tuple(range(2013, 2023))
TRUTH = SpreadComponents(
    k_renewed=2.0,
    k_carried=0.0,
    permanent=1.0,
    fading=3.5,
    yearly=0.5,
    kept=0.7,
    size_exponent=0.55,
)
FLOOR = replace(TRUTH, permanent=1.0, fading=2.5, size_exponent=0.0)
"""Lasting differences that no size shrinks."""

MIXTURE = replace(FLOOR, k_carried=3.5)
"""The same beside differences that shrink as chance does."""


@dataclass(frozen=True)
class Design:
    """How organisations come and go.

    Attributes
    ----------
    organisations : int
    leaving : float
        Share that leaves each year.
    leaving_after_loss : float
        Share that leaves after a year more than 2 percentage points below the mean.
    degrees_of_freedom : float
        Degrees of freedom of the rates' scale; infinity gives normal rates.
    """

    organisations: int = 900
    leaving: float = 0.08
    leaving_after_loss: float = 0.08
    degrees_of_freedom: float = np.inf


def simulate_rows(seed: int, design: Design = Design(), truth: SpreadComponents = TRUTH):
    """Return rows as the reader of the raw files does: one an organisation and year."""
    generator = np.random.default_rng(seed)
    n, years = design.organisations, np.array(YEARS)
    size = np.exp(generator.normal(np.log(11_000), 0.7, n)).clip(3_000, 150_000)
    growth = np.exp(generator.normal(0, 0.05, (n, len(years))).cumsum(axis=1))
    people = size[:, None] * growth
    root = 1 / np.sqrt(people)
    lag = np.abs(np.subtract.outer(years, years))
    covariance = truth.covariance(lag, root[:, :, None] * root[:, None, :])
    factor = np.linalg.cholesky(covariance)
    rates = (factor @ generator.normal(size=(n, len(years), 1)))[:, :, 0]
    if np.isfinite(design.degrees_of_freedom):
        scale = generator.chisquare(design.degrees_of_freedom, (n, 1)) / (
            design.degrees_of_freedom - 2
        )
        rates = rates / np.sqrt(scale)
    hazard = np.where(rates < -2, design.leaving_after_loss, design.leaving)
    start = generator.integers(0, len(years) - 1, n)
    leaves = (generator.random((n, len(years))) < hazard) & (
        np.arange(len(years)) >= start[:, None]
    )
    left_before = np.cumsum(leaves, axis=1) - leaves > 0
    there = (np.arange(len(years)) >= start[:, None]) & ~left_before
    who, when = np.nonzero(there)
    return pd.DataFrame(
        {
            "aco": who,
            "performance_year": years[when],
            "assigned_beneficiaries": people[there],
            # Each year has its own mean.
            "savings_rate": rates[there] / 100 + 0.01 + 0.002 * when,
        }
    )


def tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return cross-section and pairs of rows, in the columns that the model reads."""
    lower = np.array([0, *SIZE_EDGES])
    band = lower[np.searchsorted(lower, rows["assigned_beneficiaries"], side="right") - 1]
    rows = rows.assign(size_low=band, inverse=1 / rows["assigned_beneficiaries"])
    cross_section = rows.groupby(["performance_year", "size_low"], as_index=False).agg(
        n_acos=("aco", "size"),
        savings_rate_variance=("savings_rate", "var"),
        inverse_size_sum=("inverse", "sum"),
    )
    both = rows.merge(rows, on="aco", suffixes=("", "_later"))
    both = both[both["performance_year_later"] > both["performance_year"]]
    both = both.assign(
        n_pairs=1,
        product=both["savings_rate"] * both["savings_rate_later"],
        root_inverse_sizes_sum=np.sqrt(both["inverse"] * both["inverse_later"]),
    ).rename(columns={"performance_year": "earlier_year", "performance_year_later": "later_year"})
    sums = ["n_pairs", "product", "savings_rate", "savings_rate_later", "root_inverse_sizes_sum"]
    pairs = both.groupby(["earlier_year", "later_year", "size_low"], as_index=False)[sums].sum()
    pairs = pairs[pairs["n_pairs"] > 1]
    means = pairs["savings_rate"] * pairs["savings_rate_later"] / pairs["n_pairs"]
    return cross_section, pairs.assign(
        rate_covariance=(pairs["product"] - means) / (pairs["n_pairs"] - 1)
    )
