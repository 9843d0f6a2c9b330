"""Organisations with known variance components, of many sizes, that enter and leave."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.savings.components import SpreadComponents
from analysis.models.savings.moments import SIZE_EDGES

YEARS = tuple(range(2013, 2023))
TRUTH = SpreadComponents(
    k_renewed=2.0, k_carried=3.0, permanent=1.0, fading=2.5, yearly=0.5, kept=0.7
)


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
    heaviness : float
        Degrees of freedom of the rates' scale; infinity gives normal rates.
    """

    organisations: int = 900
    leaving: float = 0.08
    leaving_after_loss: float = 0.08
    heaviness: float = np.inf


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
    if np.isfinite(design.heaviness):
        scale = generator.chisquare(design.heaviness, (n, 1)) / (design.heaviness - 2)
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
    one = rows.groupby(["performance_year", "size_low"], as_index=False).agg(
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
    two = both.groupby(["earlier_year", "later_year", "size_low"], as_index=False)[sums].sum()
    two = two[two["n_pairs"] > 1]
    means = two["savings_rate"] * two["savings_rate_later"] / two["n_pairs"]
    return one, two.assign(rate_covariance=(two["product"] - means) / (two["n_pairs"] - 1))
