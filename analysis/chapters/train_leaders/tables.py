"""Tables of the chapter, as its page prints them, and the data of its figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.chapters.train_leaders.coverage import coverage_at_random, moving_share_for_coverage
from analysis.chapters.train_leaders.pipeline import years_until
from analysis.evidence import england
from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.report.draws_text import interval_text, median_text

REFERENCE_PEOPLE = 100_000
"""Patients for whom leaders are counted, and of the places between which they are uneven."""

PIPELINE = {
    "leaders_at_start": "Leaders at the start",
    "leaders_trained_per_year": "Trained a year",
    "leaders_leaving_share": "Leaving a year",
    "leaders_course_years": "Length of training",
}
"""Assumptions about training, in the order in which `years_until` takes them."""


def coverage_curve(
    leaders: np.ndarray, consortia: int, needed: int, variation: np.ndarray
) -> pd.DataFrame:
    """Return the per cent of consortia with enough leaders: ``placed``, and by chance ``percent``.

    Parameters
    ----------
    leaders : ndarray
        In England.
    variation : ndarray, shape (draw,)
        Coefficient of variation between places.
    """
    chance = coverage_at_random(leaders[:, None] / consortia, needed, variation)
    percent, low, high = 100 * median_and_interval(chance, axis=1)
    placed = 100 * np.minimum(leaders // needed / consortia, 1)
    columns = {"leaders": leaders, "placed": placed}
    return pd.DataFrame(columns | {"percent": percent, "low": low, "high": high})


def moving_shares(
    wanted: float, totals: Iterable[int], consortia: int, needed: int, variation: np.ndarray
) -> dict[int, np.ndarray]:
    """Return the share of leaders who must serve where needed, by their number in England."""
    return {
        leaders: np.array(
            [
                moving_share_for_coverage(wanted, leaders, consortia, needed, each)
                for each in variation
            ]
        )
        for leaders in totals
    }


def moves_table(
    moving: Mapping[int, np.ndarray],
    wanted: float,
    consortia: int,
    needed: int,
    variation: np.ndarray,
) -> pd.DataFrame:
    """Return coverage by chance and the share who must move, by leaders in England."""
    return pd.DataFrame(
        [
            {
                "Leaders in England": f"{leaders:,}",
                "Covered by chance": median_text(
                    coverage_at_random(leaders / consortia, needed, variation),
                    "probability",
                    decimals=0,
                ),
                f"Share who must move for {wanted:.0%}": interval_text(
                    share, "probability", decimals=0
                ),
            }
            for leaders, share in moving.items()
        ]
    )


@dataclass(frozen=True)
class OrganisationCoverage:
    """Coverage of one way of dividing England, if just enough leaders serve where they arise.

    Attributes
    ----------
    people : ndarray, shape (organisation,)
    total : int
        Leaders needed in all, rounded up in each organisation.
    with_all, with_half, with_half_evened : ndarray, shape (draw,)
        Share with all leaders needed, with half, and with half if places even out in large areas.
    """

    people: np.ndarray
    total: int
    with_all: np.ndarray
    with_half: np.ndarray
    with_half_evened: np.ndarray


def divisions_of_england(consortia: Iterable[int]) -> dict[str, np.ndarray]:
    """Return people of each organisation, by way of dividing England; consortia are of equal size.

    Parameters
    ----------
    consortia : iterable of int
        Numbers of them.
    """
    everyone = england.organisations("integrated_care_board")["people"].sum()
    divisions = {f"{count} consortia": np.full(count, everyone / count) for count in consortia}
    levels: dict[str, england.Level] = {
        "clinical commissioning groups": "clinical_commissioning_group",
        "sub-ICB locations": "sub_icb_location",
        "integrated care boards": "integrated_care_board",
    }
    for label, level in levels.items():
        people = england.organisations(level)["people"].to_numpy()
        divisions[f"{len(people)} {label}"] = people
    return divisions


def organisation_coverage(
    people: np.ndarray, per_head: float, variation: np.ndarray
) -> OrganisationCoverage:
    """Return how many organisations have their leaders when just enough serve where they arise.

    Parameters
    ----------
    people : ndarray, shape (organisation,)
    variation : ndarray, shape (draw,)
    """
    needs = np.ceil(people * per_head - 1e-9).astype(int)
    total = int(needs.sum())
    mean = total * people[:, None] / people.sum()
    half = np.ceil(needs / 2).astype(int)[:, None]
    evened = variation[None, :] * np.minimum(np.sqrt(REFERENCE_PEOPLE / people[:, None]), 1)
    return OrganisationCoverage(
        people,
        total,
        coverage_at_random(mean, needs[:, None], variation).mean(axis=0),
        coverage_at_random(mean, half, variation).mean(axis=0),
        coverage_at_random(mean, half, evened).mean(axis=0),
    )


def organisations_table(coverage: Mapping[str, OrganisationCoverage]) -> pd.DataFrame:
    """Return leaders needed, and who would have them, by way of dividing England."""
    return pd.DataFrame(
        [
            {
                "Organisations": label,
                "Mean size": f"{row.people.mean():,.0f}",
                "Leaders needed in all": f"{row.total:,}",
                "With all they need": interval_text(row.with_all, "probability", decimals=0),
                "With half": interval_text(row.with_half, "probability", decimals=0),
                "With half, if places even out": interval_text(
                    row.with_half_evened, "probability", decimals=0
                ),
            }
            for label, row in coverage.items()
        ]
    )


def stock_path(years: np.ndarray, stock: np.ndarray) -> pd.DataFrame:
    """Return leaders in post by year; `stock` has shape (draw, year)."""
    leaders, low, high = median_and_interval(stock, axis=0)
    return pd.DataFrame({"years": years, "leaders": leaders, "low": low, "high": high})


def sensitivity_table(leaders: int, typical: Mapping[str, float]) -> pd.DataFrame:
    """Return years until so many leaders are in post, one assumption changed at a time."""
    rows = []
    for name, label in PIPELINE.items():
        row = assumption(name)
        years = [_years_with(leaders, typical, name, end) for end in (row.low, row.high)]
        texts = ["never" if np.isinf(time) else f"{time:.1f}" for time in years]
        rows.append((label, f"{row.low:g}", f"{row.high:g}", *texts))
    headings = ["Assumption", "Low", "High", "Years at low", "Years at high"]
    return pd.DataFrame(rows, columns=headings)


def _years_with(leaders: int, typical: Mapping[str, float], name: str, value: float) -> float:
    moved = {**typical, name: value}
    return float(years_until(leaders, *(moved[each] for each in PIPELINE)))
