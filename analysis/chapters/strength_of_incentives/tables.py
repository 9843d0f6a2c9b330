"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.chapters.strength_of_incentives.income_at_stake import (
    bad_year,
    minimum_rate,
    optimal_share,
    savings_noise,
)
from analysis.chapters.strength_of_incentives.share_at_risk import ShareEffects
from analysis.chapters.strength_of_incentives.shared_savings import SharedSavings
from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.report.draws_text import interval_text
from analysis.risk.credibility import credibility, misallocation

SPREAD = ["percent", "low", "high"]


def effects_by_share(effects: ShareEffects, shares: np.ndarray) -> pd.DataFrame:
    """Return what each share at risk brings, per cent of the budget.

    Returns
    -------
    DataFrame
        ``effect``, ``share_percent``, ``percent``, ``low``, ``high``.
    """
    rows = []
    for share in shares:
        at_share = {
            "saved without harm": share * effects.efficiency,
            "care withheld": share * effects.withheld,
            "patients gain": effects.patient_gain(share),
            "all together": effects.total(share),
        }
        rows += [
            (effect, 100 * share, *median_and_interval(draws)) for effect, draws in at_share.items()
        ]
    table = pd.DataFrame(rows, columns=["effect", "share_percent", *SPREAD])
    order = {effect: place for place, effect in enumerate(at_share)}
    return table.sort_values(
        "effect", key=lambda column: column.map(order), kind="stable", ignore_index=True
    )


def compared_terms(
    people: float, income: float, usual: float, withheld_percent: tuple[float, float]
) -> dict[str, SharedSavings]:
    """Return terms side by side for a group of this size.

    Parameters
    ----------
    income : float
        Of its doctors, a share of the budget.
    usual : float
        Share of savings that plans passed on.
    withheld_percent : tuple of float
        Least and most of the doctors' pay that plans withheld.
    """
    corridor = assumption("risk_corridor").value
    withholds = {
        f"Half of savings; losses up to {part:.0f}% of pay": SharedSavings(
            usual, 1.0, losses_cap=income * part / 100
        )
        for part in withheld_percent
    }
    most = withheld_percent[-1]
    both_capped = income * most / 100 / usual
    return {
        "Half of savings, no losses": SharedSavings(usual),
        "… from the US minimum rate for the size": SharedSavings(
            usual, minimum_rate=minimum_rate(people)
        ),
        "Half of savings and losses": SharedSavings(usual, usual),
        f"… beyond a corridor of {corridor:.0%}": SharedSavings(usual, usual, corridor=corridor),
        **withholds,
        f"Half of both, up to {most:.0f}% of pay either way": SharedSavings(
            usual, usual, cap=both_capped
        ),
        "All savings and losses": SharedSavings(1.0, 1.0),
    }


def terms_table(
    primitives: Mapping[str, np.ndarray],
    sizes: Sequence[int],
    usual: float,
    withheld_percent: tuple[float, float],
) -> pd.DataFrame:
    """Return what luck pays, the share that is felt, and a bad year, by terms and size.

    The last two are as `compared_terms` takes them.
    """
    income = float(np.median(primitives["income_at_stake_percent"]) / 100)
    columns: dict[str, list[str]] = {}
    for people in sizes:
        sd = savings_noise(primitives, people)
        terms = compared_terms(people, income, usual, withheld_percent)
        columns["Terms"] = list(terms)
        columns[f"Luck pays, {people:,}"] = [
            interval_text(100 * each.expected(0.0, sd), decimals=2) for each in terms.values()
        ]
        columns[f"Felt share, {people:,}"] = [
            interval_text(each.marginal(0.0, sd), decimals=2) for each in terms.values()
        ]
        columns[f"Bad year, {people:,}"] = [
            interval_text(bad_year(primitives, each, people), decimals=0) for each in terms.values()
        ]
    return pd.DataFrame(columns)


def profit_by_decile(foreseen: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return foreseeable profit by decile of expected cost, per cent of the mean cost.

    Parameters
    ----------
    foreseen : mapping of str to ndarray, shape (draw, decile)
        By budget formula.
    """
    frames = []
    for formula, profit in foreseen.items():
        percent, low, high = median_and_interval(100 * profit, axis=0)
        deciles = {"formula": formula, "decile": np.arange(1, percent.size + 1)}
        frames.append(pd.DataFrame(deciles | {"percent": percent, "low": low, "high": high}))
    return pd.concat(frames)


def closed_door_table(
    losses: Mapping[str, np.ndarray], turned_away: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Return what a closed door would earn, by formula; both are shares by draw."""
    rows = [
        (
            formula,
            interval_text(100 * loss, decimals=0),
            interval_text(100 * loss / 9, decimals=1),
            interval_text(100 * turned_away[formula], decimals=1),
        )
        for formula, loss in losses.items()
    ]
    rows.append(("age, sex, health and last year's cost", "0", "0", "no number would do"))
    headings = [
        "Budgets by",
        "Loss on the costliest tenth, % of mean cost",
        "Gain without that tenth, % of mean cost",
        "Turned away to match honest saving, % of patients",
    ]
    return pd.DataFrame(rows, columns=headings)


def controllable_table(
    terms: SharedSavings, k: np.ndarray, narrow: np.ndarray, sizes: Iterable[int]
) -> pd.DataFrame:
    """Return what luck pays when all cost is at risk and when only controllable cost is.

    Parameters
    ----------
    narrow : ndarray, shape (draw,)
        Standard deviation of controllable cost over that of all cost.
    """
    return pd.DataFrame(
        [
            {
                "People": f"{people:,}",
                "Luck pays, all cost at risk": _luck_text(terms, k / np.sqrt(people)),
                "Luck pays, controllable cost": _luck_text(terms, k / np.sqrt(people) * narrow),
            }
            for people in sizes
        ]
    )


def _luck_text(terms: SharedSavings, sd: np.ndarray) -> str:
    return interval_text(100 * terms.expected(0.0, sd), decimals=2)


def credibility_by_size(
    k: np.ndarray,
    between: Callable[[float], np.ndarray],
    sizes: np.ndarray,
    periods: Mapping[str, float],
) -> pd.DataFrame:
    """Return how much of a practice's cost is its own, per cent, by time seen and size.

    Parameters
    ----------
    between : callable
        From a size to the spread between practices that is not chance, share of the budget, shape
        (draw,).
    periods : mapping of str to float
        Years seen, by label.
    """
    return pd.DataFrame(
        [
            (
                label,
                people,
                *(100 * median_and_interval(credibility(people, k, between(people), years=years))),
            )
            for label, years in periods.items()
            for people in sizes
        ],
        columns=["seen", "people", *SPREAD],
    )


def misallocation_table(
    mean_cost_gbp: float,
    k: np.ndarray,
    between: Callable[[float], np.ndarray],
    sizes: Iterable[int],
) -> pd.DataFrame:
    """Return the typical error of the level paid on, pounds a head, by what is believed."""
    rows = []
    for people in sizes:
        spread = between(people)
        weight = credibility(people, k, spread)
        errors = [misallocation(spread, weight, believed) for believed in (1.0, weight, 0.0)]
        texts = (interval_text(mean_cost_gbp * error, decimals=0) for error in errors)
        rows.append((f"{people:,}", *texts))
    headings = ["Patients", "Paid on its own cost", "On a shrunk figure", "On the mean of all"]
    return pd.DataFrame(rows, columns=headings)


def share_flips_table(
    primitives: Mapping[str, np.ndarray],
    ranks: Mapping[str, float],
    turns: Mapping[str, float],
    meanings: Mapping[str, tuple[str, str]],
) -> pd.DataFrame:
    """Return the guesses that move the best share most, and where it is a half.

    Parameters
    ----------
    ranks, turns : mapping of str to float
        Rank correlation with the best share; value at which that is a half, or nan.
    meanings : mapping of str to (meaning, unit)
    """
    return pd.DataFrame(
        [
            {
                "Guess": meanings[name][0],
                "Unit": meanings[name][1],
                "Taken to be": interval_text(primitives[name], decimals=2),
                "Rank correlation with the best share": f"{rank:.2f}".replace("-", "−"),
                "Best share is a half at": (
                    f"{turns[name]:.2g}" if np.isfinite(turns[name]) else "nowhere in its range"
                ),
            }
            for name, rank in ranks.items()
        ]
    )


def share_by_size_table(primitives: Mapping[str, np.ndarray], sizes: Iterable[int]) -> pd.DataFrame:
    """Return the best share at risk by size."""
    return pd.DataFrame(
        [
            {
                "People": f"{people:,}",
                "Best share, %": interval_text(100 * optimal_share(primitives, people), decimals=0),
            }
            for people in sizes
        ]
    )
