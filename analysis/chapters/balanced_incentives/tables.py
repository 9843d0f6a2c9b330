"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.optimize import minimize

from analysis.chapters.balanced_incentives.payments import Payment
from analysis.chapters.balanced_incentives.primitives import FITTED, NAMES, describe_primitives
from analysis.chapters.balanced_incentives.quality_measurement import reliability
from analysis.chapters.balanced_incentives.responses import (
    Outcome,
    best_response,
    compare,
    outcome,
)
from analysis.chapters.balanced_incentives.sensitivity import best_ratio
from analysis.chapters.balanced_incentives.turning_points import LUCK_POINTS
from analysis.evidence.assumptions import assumption
from analysis.intervals import HIGH, LOW, median_and_interval
from analysis.models.quality_and_savings.data import QualitySavingsData
from analysis.report.draws_text import interval_text, probability_text, values_text
from analysis.risk.incentivised_groups import group
from analysis.risk.multitask import Multitask, optimal_slopes

PARTIES = ("commissioner", "group", "patients", "together")
"""Attributes of an outcome: who gains."""

SPREAD = ["median", "low", "high"]


def ratio_bins(ratio: np.ndarray, factor: float) -> pd.DataFrame:
    """Return how probable each ratio of rewards is, in bins of which `factor` is an edge.

    Returns
    -------
    DataFrame
        ``ratio_low``, ``ratio_high``, ``probability_percent``; outer bins hold what lies beyond.
    """
    edges = np.geomspace(factor**-9, factor**9, 19)
    edges = np.sort(np.concatenate([edges, np.sqrt(edges[1:] * edges[:-1])]))
    counts = np.histogram(np.clip(ratio, edges[0], edges[-1]), edges)[0]
    return pd.DataFrame(
        {
            "ratio_low": edges[:-1],
            "ratio_high": edges[1:],
            "probability_percent": 100 * (counts / len(ratio)),
        }
    )


def primitives_table(primitives: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return priors as readers would state them: stated ones as stated, fitted ones by draws."""
    described = describe_primitives(primitives, (LOW, HIGH))
    return pd.DataFrame(
        {
            "What": described["Primitive"],
            "Unit": described["Unit"],
            "Prior": [_prior_text(name, primitives[name]) for name in NAMES],
            "If it is larger": described["Effect"],
            "From": described["From"],
        }
    )


def _prior_text(name: str, draws: np.ndarray) -> str:
    if name in FITTED:
        return interval_text(draws)
    stated = assumption(name)
    return values_text(stated.value, stated.low, stated.high, exact=True)


def payments_by_size(
    primitives: Mapping[str, np.ndarray], sizes: Mapping[float, str], factor: float
) -> pd.DataFrame:
    """Return the best payments by size of the group; sizes in people, with their labels."""
    rows = []
    for people, label in sizes.items():
        slopes = optimal_slopes(group(primitives, people))
        ratio = best_ratio(primitives, people)
        rows.append(
            {
                "People": label,
                "Paid for a pound of savings, £": interval_text(slopes[:, 0], decimals=2),
                "of quality, £": interval_text(slopes[:, 1], decimals=2),
                "of experience, £": interval_text(slopes[:, 2], decimals=2),
                "Ratio of rewards": interval_text(ratio, decimals=2),
                "Near one": probability_text((ratio > 1 / factor) & (ratio < factor)),
            }
        )
    return pd.DataFrame(rows)


def fixed_terms_table(
    situation: Multitask, terms: Mapping[str, np.ndarray], reach: np.ndarray
) -> pd.DataFrame:
    """Return what fixed terms pay and gain; `reach` is what is attainable, at its median."""
    rows = []
    for name, slopes in terms.items():
        gain = situation.surplus(slopes)
        rows.append(
            {
                "Terms": name,
                "For savings, £": slopes[0],
                "For quality, £": slopes[1],
                "For experience, £": slopes[2],
                "Ratio of rewards": slopes[1:] @ reach[1:] / (slopes[0] * reach[0]),
                "Mean gain": gain.mean(),
                "Gain, % of the budget": interval_text(gain, decimals=2),
            }
        )
    return pd.DataFrame(rows)


def gains_by_party(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Return who gains under each design: ``design``, ``who``, ``median``, ``low``, ``high``."""
    return pd.DataFrame(
        [
            (design, party.capitalize(), *median_and_interval(getattr(effect, party)))
            for party in PARTIES
            for design, effect in outcomes.items()
        ],
        columns=["design", "who", *SPREAD],
    )


def designs_table(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Return what each design brings about, per cent of the budget a year."""
    columns = {
        "Savings": "savings",
        "Quality": "quality",
        "Experience": "experience",
        "Care wrongly withheld": "withheld",
        "Paid to the group": "payment",
    }
    effects = outcomes.values()
    table: dict[str, list[str]] = {
        label: [interval_text(getattr(effect, name), decimals=1) for effect in effects]
        for label, name in columns.items()
    } | {
        "Paid for luck": [
            interval_text(effect.luck_share, "probability", decimals=0) for effect in effects
        ],
        "Patients gain": [probability_text(effect.patients > 0) for effect in effects],
        "Group gains": [probability_text(effect.group > 0) for effect in effects],
        "Mean joint gain": [f"{effect.together.mean():.2f}" for effect in effects],
    }
    return pd.DataFrame(table, index=pd.Index(list(outcomes), name="Design"))


def gates_table(
    situation: Multitask,
    designs: Mapping[str, Payment],
    gates: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return what a gate changes, by where it opens and the terms it is put on.

    Parameters
    ----------
    gates : mapping of str to mapping
        By label, the fields of a payment that make the gate.
    """
    columns: dict[str, list[str]] = {}
    for name, terms in designs.items():
        without = outcome(situation, terms, points=LUCK_POINTS)
        payments = {label: replace(terms, **gate) for label, gate in gates.items()}
        gated = compare(situation, payments, points=LUCK_POINTS).values()
        columns[f"{name}: better with the gate"] = [
            probability_text(effect.together > without.together) for effect in gated
        ]
        columns[f"{name}: mean change, all together"] = [
            _mean_text(effect.together - without.together) for effect in gated
        ]
        columns[f"{name}: mean change of pay"] = [
            _mean_text(effect.payment - without.payment) for effect in gated
        ]
    return pd.DataFrame(columns, index=pd.Index(list(gates), name="Gate"))


def _mean_text(draws: np.ndarray) -> str:
    return f"{draws.mean():.2f}".replace("-", "−")


def luck_by_size(
    primitives: Mapping[str, np.ndarray], designs: Mapping[str, Payment], sizes: Iterable[int]
) -> pd.DataFrame:
    """Return the per cent of bonuses that pays for luck: ``design``, ``people``, spread."""
    sizes = list(sizes)
    rows = []
    for design, payment in designs.items():
        for people in sizes:
            effect = outcome(group(primitives, people), payment, points=LUCK_POINTS)
            rows.append((design, people, *median_and_interval(100 * effect.luck_share)))
    return pd.DataFrame(rows, columns=["design", "people", *SPREAD])


type HalfSize = np.ndarray | Callable[[float], np.ndarray]
"""Size in people at which half of the spread is noise, shape (draw,); a function of the size where
true differences shrink with it."""


def half_at(half_size: HalfSize, people: float) -> np.ndarray:
    """Return the half size that holds for groups of a size, shape (draw,)."""
    return half_size(people) if callable(half_size) else half_size


def reliability_curves(half_sizes: Mapping[str, HalfSize], people: np.ndarray) -> pd.DataFrame:
    """Return the true part of differences, per cent: ``measure``, ``people``, spread.

    Parameters
    ----------
    half_sizes : mapping of str to `HalfSize`
        By measure.
    """
    return pd.DataFrame(
        [
            (
                measure,
                size,
                *(100 * median_and_interval(reliability(size, half_at(half_size, size)))),
            )
            for measure, half_size in half_sizes.items()
            for size in people
        ],
        columns=["measure", "people", *SPREAD],
    )


def correlations_by_year(
    data: QualitySavingsData, posterior: xr.Dataset, pooled: Mapping[str, xr.DataArray]
) -> pd.DataFrame:
    """Return correlations of quality and savings, of each year and pooled.

    Returns
    -------
    DataFrame
        ``row``, ``median``, ``low``, ``high``, ``observed`` (missing where pooled), ``kind``: a
        ``floor`` year is one in which the rules set a floor under the score.
    """
    floors = (2019, 2020)
    rows: list[Sequence[Any]] = [
        (
            str(year),
            *median_and_interval(posterior["correlation"].sel(year=year)),
            observed,
            "floor" if year in floors else "year",
        )
        for year, observed in zip(data.years, data.correlation, strict=True)
    ]
    rows += [
        (label, *median_and_interval(draws), np.nan, "pooled") for label, draws in pooled.items()
    ]
    return pd.DataFrame(rows, columns=["row", *SPREAD, "observed", "kind"])


def measurement_table(
    process_patients: float,
    outcome_patients: float,
    cost_reliability: float,
    caseload: tuple[float, float, float],
    published_percent: tuple[float, float],
) -> pd.DataFrame:
    """Return measurement in small units as this chapter and published studies see it.

    Parameters
    ----------
    process_patients, outcome_patients : float
        Patients that show a difference of a tenth in a common process, and in a rare outcome.
    cost_reliability : float
        Of the cost of one GP's list, per cent.
    caseload : tuple of float
        Published patients of a practice: median and range.
    published_percent : tuple of float
        Practices that can show the second, and physicians whose cost profile is unreliable.
    """
    caseloads = values_text(*caseload, "count")
    able, unreliable = published_percent
    rows = [
        (
            "Patients a practice needs to show a difference of a tenth in a common process",
            f"{process_patients:,.0f}",
            f"median caseload {caseloads}: few small practices can",
        ),
        (
            "The same for a rare outcome",
            f"{outcome_patients:,.0f}",
            f"practices that can: {able:g}%",
        ),
        (
            "Reliability of the cost of one GP's list, %",
            f"{cost_reliability:.0f}",
            f"physicians whose cost profile has a reliability below 70%: {unreliable:g}%",
        ),
    ]
    return pd.DataFrame(rows, columns=["Quantity", "Here", "Published"])


def closed_form_check(
    situation: Multitask, open_gate: Payment, linear: Sequence[float]
) -> pd.DataFrame:
    """Return closed forms beside numerical searches for one draw of the primitives.

    Parameters
    ----------
    open_gate : Payment
        One whose gate is always open, so that it pulls as its two `linear` slopes do.
    """
    closed = optimal_slopes(situation)[0]
    searched = minimize(lambda slopes: -situation.surplus(slopes)[0], np.zeros(3), tol=1e-12).x
    pull = best_response(situation, open_gate)[0]
    return pd.DataFrame(
        {
            "Quantity": [
                "Best pay for savings",
                "Best pay for quality",
                "Best pay for experience",
                "Pull of savings pay, gate always open",
                "Pull of quality pay, gate always open",
            ],
            "Closed form": [*closed, *linear],
            "Numerical search": [*searched, *pull],
        }
    )
