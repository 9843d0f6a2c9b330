"""What the chapter's tables list: every check, ranks by quantity, and how far a rank holds."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.chapters.validation.checks import KINDS
from analysis.inference.rank_uniformity import Band
from analysis.intervals import HIGH, LOW
from analysis.report.formatting import UNITS, ends_text, significant_step

ORDER = ("published", "calibration", "recovery", "limit")
"""Kinds of checks, those with most to say first."""


def three_digits(value: float) -> float:
    """Return a number rounded to three significant digits."""
    return float(f"{value:.3g}")


def bounds(low: float, high: float) -> str:
    """Return an interval whose draws are gone; empty where there is none."""
    if pd.isna(low):
        return ""
    return ends_text([low, high], UNITS["none"], [significant_step(low), significant_step(high)])


def check_table(checks: pd.DataFrame, interval_heading: str) -> pd.DataFrame:
    """Return the ledger's table as the chapter shows it, sorted by kind."""
    unit = np.where(checks["unit"] == "", "", ", " + checks["unit"])
    place = {KINDS[kind]: position for position, kind in enumerate(ORDER)}
    table = pd.DataFrame(
        {
            "Check": checks["what"] + unit,
            "Kind": checks["kind"].map(KINDS),
            "Expected": checks["expected"].map(three_digits),
            "Allowed ±": checks["tolerance"].map(three_digits),
            "Found": checks["achieved"].map(three_digits),
            interval_heading: list(map(bounds, checks["low"], checks["high"])),
            "Outcome": checks["outcome"],
            "Why this much": checks["because"],
            "Source": checks["source"],
        }
    )
    return table.sort_values("Kind", key=lambda kind: kind.map(place), kind="stable")


def rank_rows(
    curves_by_model: Mapping[str, Mapping[str, np.ndarray]], bands: Mapping[str, Band]
) -> pd.DataFrame:
    """Return every line of ranks with the band of its model, a row for each point."""
    return pd.concat(
        pd.DataFrame(
            {
                "model": title,
                "quantity": name,
                "rank": bands[title].points,
                "difference": curve,
                "low": bands[title].lower,
                "high": bands[title].upper,
            }
        )
        for title, curves in curves_by_model.items()
        for name, curve in curves.items()
    )


def inside_interval(rank_percent: pd.Series) -> pd.Series:
    """Say which truths lie inside their interval, by their rank among the draws, percent."""
    return rank_percent.between(100 * LOW, 100 * HIGH)


def failures_by_reason(failures: pd.DataFrame) -> pd.DataFrame:
    """Return how many checks failed, which, and why, a row for each explanation."""
    columns = ["Checks", "Which", "Why"]
    if failures.empty:
        return pd.DataFrame([(0, "None", "")], columns=columns)
    by_reason = failures.groupby("explanation", sort=False)["what"]
    table = pd.DataFrame({"Checks": by_reason.size(), "Which": by_reason.agg("; ".join)})
    return table.rename_axis("Why").reset_index()[columns]


def apart_table(checks: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that are not like with like: what was found, and why not."""
    chosen = checks[checks["apart"] != ""]
    return pd.DataFrame(
        {
            "Comparison": chosen["what"],
            "Published": chosen["expected"].map(three_digits),
            "Found": chosen["achieved"].map(three_digits),
            "Why it is not like with like": chosen["apart"],
        }
    )


def compared_rows(checks: pd.DataFrame) -> pd.DataFrame:
    """Return what was found over what was published, failures first, for the chapter's picture.

    Of the minimum savings rates, which all follow from one k, one stands for all.
    """
    rates = checks["name"].str.startswith("minimum savings rate,")
    stands = checks["name"] == "minimum savings rate, 5,000 people"
    judged = (checks["kind"] == "published") & checks["outcome"].isin(["pass", "FAIL"])
    chosen = checks[judged & (~rates | stands)]
    named = chosen["what"].mask(
        stands, f"Minimum savings rates at {rates.sum()} sizes (here 5,000 people)"
    )
    over = {name: chosen[name] / chosen["expected"] for name in ("low", "high", "tolerance")}
    rows = chosen.assign(what=named, ratio=chosen["achieved"] / chosen["expected"], **over)
    columns = ["what", "ratio", "low", "high", "tolerance", "outcome"]
    return rows.sort_values("outcome", kind="stable")[columns].reset_index(drop=True)
