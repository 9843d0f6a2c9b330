"""Medical Expenditure Panel Survey: annual cost of people outside institutions, all ages.

The people of the United States in 2012 to 2015, with all that all payers paid for their care, in
current US dollars. Households forget some of the costliest care, and nobody in a nursing home is
there. Rows stay where they are: these are sums and cells (`data/meps/README.md`).
"""

import numpy as np
import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.assumed_draws import quantiles_between
from analysis.evidence.errors import EvidenceError
from analysis.seeds import seed_for

AGES = ("all", "under_65", "over_64")
"""Groups of ages; who died or left in the year has no age there, and is in `all` only."""

FORMULAS = ("age_sex", "health", "conditions", "prior_cost")
"""Budget formulas; each knows what those before it know."""

PAIRS = "pairs"
"""The sample of second years of people seen in two years running, 2013 to 2015."""


def sample_name(ages: str, year: int | None = None) -> str:
    """Return the name of a sample: some ages in one year, or in all four years together."""
    if ages not in AGES:
        raise EvidenceError(f"ages {ages!r}: give one of {', '.join(AGES)}")
    return f"{ages}_{year}" if year else f"{ages}_2012_2015"


def meps_sample(sample: str) -> pd.Series:
    """Return what a sample is: ages, years, rows, people, threshold (US dollars), design effects.

    The design effects are for unequal weights and for people seen in two years. The extract names
    neither the sampling units nor the families, so their likeness is not allowed for.
    """
    return _of(catalogue.table("meps", "populations"), sample).iloc[0]


def meps_variation(sample: str) -> pd.DataFrame:
    """Return mean cost and k of a sample as observed, one row a measure.

    Index ``measure``; columns ``value``, ``low``, ``high``, ends of the interval from resampling
    people. ``k`` is weighted, ``k_p99`` with costs cut at the weighted 99th percentile,
    ``k_within_age_sex`` what age and sex leave.
    """
    table = _of(catalogue.table("meps", "variation"), sample)
    return table.set_index("measure")[["value", "low", "high"]]


def meps_costs(sample: str) -> pd.DataFrame:
    """Return the pooled table of costs of a sample, one row a bin of cost."""
    return _of(catalogue.table("meps", "costs"), sample).drop(columns="sample")


def meps_cells_by_age_sex(sample: str) -> pd.DataFrame:
    """Return the sums of a sample by group of age and sex; withheld sums are missing."""
    return _of(catalogue.table("meps", "cells"), sample).drop(columns="sample")


def meps_cells_of_formula(formula: str) -> pd.DataFrame:
    """Return the sums of `PAIRS` by the groups of one of `FORMULAS`."""
    table = catalogue.table("meps", "ladder_cells")
    if formula not in FORMULAS:
        raise EvidenceError(f"formula {formula!r}: give one of {', '.join(FORMULAS)}")
    chosen = table[table["formula"] == formula].drop(columns="formula")
    known = [name for name in FORMULAS if not chosen[name].isna().any()]
    sums = [name for name in chosen.columns if name not in FORMULAS]
    return chosen[[*known, *sums]].reset_index(drop=True)


def meps_scores() -> pd.DataFrame:
    """Return how well budget formulas predict people of `PAIRS` left out of them.

    Columns ``formula`` (`FORMULAS`, or unadjusted), ``measure``, ``value``, ``low``, ``high``.
    """
    return catalogue.table("meps", "scores")


def meps_services(ages: str = "all") -> pd.DataFrame:
    """Return measures of each kind of care: ``service``, ``measure``, ``value``, ``low``, ``high``.

    ``k_of_the_rest`` is k of what remains when the kind of care is taken out of the budget.
    """
    table = catalogue.table("meps", "services")
    sample_name(ages)
    return table[table["ages"] == ages].drop(columns="ages").reset_index(drop=True)


def _of(table: pd.DataFrame, sample: str) -> pd.DataFrame:
    chosen = table[table["sample"] == sample].reset_index(drop=True)
    if chosen.empty:
        names = ", ".join(table["sample"].unique())
        raise EvidenceError(f"there is no sample {sample!r} of the survey; there are {names}")
    return chosen


def measured_draws(measured: pd.Series, draws: int = 10_000) -> np.ndarray:
    """Return draws of what was measured, evenly spread: its value as median, and its interval.

    Parameters
    ----------
    measured : Series
        ``value``, ``low`` and ``high``, the ends of the project's interval.

    Returns
    -------
    ndarray, shape (draw,)
    """
    # In random order: where draws rise, they are taken for a chain that hardly moves.
    generator = np.random.default_rng(seed_for("meps measured"))
    probability = generator.permutation((np.arange(draws) + 0.5) / draws)
    low, value, high = (float(measured[name]) for name in ("low", "value", "high"))
    return quantiles_between(low, value, high, probability)
