"""What the samples of the gate say together: coverage, misses, errors, widths."""

import numpy as np
import pandas as pd

from analysis.seeds import seed_for

POOLED_LIMIT, TRUTH_LIMIT, ERROR_LIMIT = 0.88, 0.82, 0.10
"""Least coverage of all samples and of each truth, and largest median error of the size."""

RISE_LIMIT = 0.005
"""Monte Carlo error of a median of k, as a share: below it a rise is none."""


def coverage(samples: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return how the intervals did, by some of ``truth``, ``people`` and ``quantity``.

    Parameters
    ----------
    samples : DataFrame
        From `analysis.chapters.gate.trial.trial`.

    Returns
    -------
    DataFrame, one row a group
        ``samples``, ``coverage`` (share of intervals that hold the truth), ``too_low`` and
        ``too_high`` (intervals wholly below and above it), ``median_error`` (of the median, as a
        share of the truth), ``width`` and ``bootstrap_width`` (medians, as a share of the truth).
    """
    told = samples[samples["exact"].notna()]
    exact = told["exact"]
    measures = told[by].assign(
        too_low=told["high"] < exact,
        too_high=told["low"] > exact,
        median_error=told["median"] / exact - 1,
        width=(told["high"] - told["low"]) / exact,
        bootstrap_width=(told["bootstrap_high"] - told["bootstrap_low"]) / exact,
    )
    groups = measures.groupby(by, sort=False)
    table = groups.agg(
        samples=("too_low", "size"),
        too_low=("too_low", "sum"),
        too_high=("too_high", "sum"),
        median_error=("median_error", "median"),
        width=("width", "median"),
        bootstrap_width=("bootstrap_width", "median"),
    )
    held = 1 - (table["too_low"] + table["too_high"]) / table["samples"]
    return table.assign(coverage=held).reset_index()


def coverage_draws(group: pd.Series, draws: int = 4_000) -> np.ndarray:
    """Return draws of the share of intervals that hold the truth, shape (draw,).

    Its posterior after a flat prior: a run has so many samples, and no more.

    Parameters
    ----------
    group : Series
        A row of `coverage`.
    """
    missed = group["too_low"] + group["too_high"]
    generator = np.random.default_rng(seed_for("gate coverage"))
    return generator.beta(1 + group["samples"] - missed, 1 + missed, draws)


def rises(samples: pd.DataFrame) -> pd.DataFrame:
    """Return by how much k rises when a factor is added, one row a sample.

    Columns ``truth``, ``people``, ``sample``, ``rise`` (share of k with fewer factors; at most 0 is
    right).
    """
    wide = samples.pivot_table(
        index=["truth", "people", "sample"], columns="quantity", values="median"
    ).reset_index()
    rise = wide["k"] / wide["k with fewer factors"] - 1
    return wide[["truth", "people", "sample"]].assign(rise=rise)


def verdicts(samples: pd.DataFrame) -> pd.DataFrame:
    """Return each rule of the gate with what was found, and whether it holds.

    Columns ``rule``, ``limit``, ``found``, ``holds``.
    """
    intervals = samples[samples["quantity"].isin(["k", "size"])]
    pooled = coverage(intervals.assign(everything=True), ["everything"]).iloc[0]
    by_truth = coverage(intervals, ["truth"])
    sizes = coverage(samples[samples["quantity"] == "size"], ["truth"])
    error = float(np.abs(sizes["median_error"]).max())
    both = min(int(pooled["too_low"]), int(pooled["too_high"]))
    highest = float(rises(samples)["rise"].max())
    rows = [
        ("Intervals that hold the truth, at least", POOLED_LIMIT, pooled["coverage"], 1),
        ("The same in the worst population, at least", TRUTH_LIMIT, by_truth["coverage"].min(), 1),
        ("Largest median error of the size, at most", ERROR_LIMIT, error, -1),
        ("Misses on the rarer side, at least", 1, both, 1),
        ("Largest rise of k when a factor is added, at most", RISE_LIMIT, highest, -1),
    ]
    table = pd.DataFrame(rows, columns=["rule", "limit", "found", "direction"])
    table["holds"] = table["direction"] * (table["found"] - table["limit"]) >= 0
    return table.drop(columns="direction")
