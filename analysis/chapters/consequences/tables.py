"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.chapters.consequences.deterrence import enforcement_needed
from analysis.chapters.consequences.operating_characteristics import operating_characteristics
from analysis.chapters.consequences.rules import CumulativeDeficit, Rule, RunOfDeficits
from analysis.chapters.consequences.standards import (
    WATCHED,
    Components,
    Standard,
    noise_at,
)
from analysis.intervals import median_and_interval
from analysis.models.savings.components import SpreadComponents
from analysis.report.draws_text import interval_text
from analysis.risk.performance import PerformanceNoise

NONE = "–"
"""Where no rule is strict enough."""

GOOD, IN_TIME = 0.0, 4
"""True deficit of an adequate group; place of the fifth year."""

SAFE_DEFICITS = np.linspace(0.02, 0.9, 89)
"""Cumulative deficits from which a rule may act, shares of the budget."""

FRONTIER_GROUPS = 5_000


def ended_by_year(lines: Mapping[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Return the per cent of contracts ended by year: ``rule``, ``group``, ``year``, and spread.

    Parameters
    ----------
    lines : mapping of (rule, group) to ndarray, shape (draw, year)
        Shares of groups.
    """
    frames = []
    for (rule, group), draws in lines.items():
        percent, low, high = 100 * median_and_interval(draws, axis=0)[:, :WATCHED]
        columns = {"rule": rule, "group": group, "year": np.arange(1, WATCHED + 1)}
        frames.append(pd.DataFrame(columns | {"percent": percent, "low": low, "high": high}))
    return pd.concat(frames)


def noise_table(draws: Sequence[Components], sizes: Iterable[int]) -> pd.DataFrame:
    """Return what makes groups' balances differ, one standard deviation, by size."""
    rows = []
    for people in sizes:
        noises = [noise_at(people, parts) for parts in draws]
        new = [100 * noise.chance_sd for noise in noises]
        passing = [100 * noise.transient_sd for noise in noises]
        rows.append(
            {
                "People": f"{people:,}",
                "New every year, %": interval_text(new, decimals=1),
                "Passing, %": interval_text(passing, decimals=1),
                "Kept from year to year": interval_text(
                    [noise.transient_correlation for noise in noises], decimals=2
                ),
                "Permanent, %": interval_text(
                    [SpreadComponents(**parts).at(people).permanent for parts in draws], decimals=1
                ),
            }
        )
    return pd.DataFrame(rows)


def compared_rules(standard: Standard, people: float, parts: Components) -> dict[str, Rule | None]:
    """Return four rules for groups of this size; none where no threshold is safe."""
    noise = noise_at(people, parts)
    return {
        "Three in a row": RunOfDeficits(3),
        f"Three in a row above {standard.tolerance:.0%}": RunOfDeficits(3, standard.tolerance),
        "Cumulative deficit, safe": standard.strictest(CumulativeDeficit, SAFE_DEFICITS, noise),
        "Posterior rule, safe": standard.careful_rule(people, parts),
    }


def rules_table(standard: Standard, parts: Components, sizes: Iterable[int]) -> pd.DataFrame:
    """Return operating characteristics of four rules, by size."""
    headings = [
        "Adequate ended in ten years",
        "Years to find half of the harmful",
        "Found within five years",
        "Deficit run up",
    ]
    rows = []
    for people in sizes:
        for label, rule in compared_rules(standard, people, parts).items():
            noise = noise_at(people, parts)
            texts = [NONE] * 4 if rule is None else _treatment_texts(rule, noise, standard.harm)
            row = dict(zip(headings, texts, strict=True))
            rows.append({"People": f"{people:,}", "Rule": label} | row)
    return pd.DataFrame(rows)


def _treatment_texts(rule: Rule, noise: PerformanceNoise, harm: float) -> list[str]:
    good, bad = (operating_characteristics(rule, noise, deficit) for deficit in (GOOD, harm))
    return [
        f"{good.terminated_by[WATCHED - 1]:.0%}",
        "never" if np.isinf(bad.median_years) else f"{bad.median_years:.0f}",
        f"{bad.terminated_by[IN_TIME]:.0%}",
        f"{bad.cost_of_delay:.0%}",
    ]


def rule_frontier(standard: Standard, parts: Components, sizes: Iterable[int]) -> pd.DataFrame:
    """Return mistakes and delays of families of rules.

    Returns
    -------
    DataFrame
        ``people``, ``family``, ``false_percent`` (adequate groups ended within ten years),
        ``years`` (mean until a harmful group's contract ends).
    """
    rows = []
    for people in sizes:
        noise = noise_at(people, parts)
        for family, rule in _families(standard, people, parts):
            good, bad = (
                operating_characteristics(rule, noise, deficit, groups=FRONTIER_GROUPS)
                for deficit in (GOOD, standard.harm)
            )
            false_percent = 100 * good.terminated_by[WATCHED - 1]
            rows.append((people, family, false_percent, bad.cost_of_delay / standard.harm))
    return pd.DataFrame(rows, columns=["people", "family", "false_percent", "years"])


def _families(standard: Standard, people: float, parts: Components) -> Iterable[tuple[str, Rule]]:
    for tolerance in np.linspace(-0.02, 0.08, 26):
        yield "three in a row above …", RunOfDeficits(3, tolerance)
    for limit in np.linspace(0.01, 0.6, 30):
        yield "cumulative deficit", CumulativeDeficit(limit)
    for certainty in [*np.linspace(0.4, 0.98, 25), 0.99, 0.995, 0.999]:
        yield "posterior probability", standard.posterior_rule(people, parts, certainty)


def years_at(frontier: pd.DataFrame, people: int, false_percent: float) -> float:
    """Return the posterior rule's mean years to an end at this per cent of mistakes."""
    line = frontier[
        (frontier["people"] == people) & (frontier["family"] == "posterior probability")
    ].sort_values("false_percent")
    return float(np.interp(false_percent, line["false_percent"], line["years"]))


def decision_table(
    standard: Standard,
    parts: Components,
    draws: Sequence[Components],
    sizes: Iterable[int],
    actions: Mapping[str, float],
) -> pd.DataFrame:
    """Return the average deficits from which to act, per cent of the budget.

    Parameters
    ----------
    parts, draws : mapping, sequence of mapping
        What makes groups differ: its median, and some draws.
    actions : mapping of str to float
        By action, the largest share of adequate groups that may come to it in ten years.
    """
    return pd.DataFrame(
        [
            {"People": f"{people:,}", "Action": action}
            | _decision_row(standard, parts, draws, people, accepted)
            for people in sizes
            for action, accepted in actions.items()
        ]
    )


def _decision_row(
    standard: Standard,
    parts: Components,
    draws: Sequence[Components],
    people: int,
    accepted: float,
) -> dict[str, str]:
    headings = [
        "Average after 1 year, %",
        "2 years, %",
        "3 years, %",
        "5 years, %",
        "True deficit above the tolerance",
        "Adequate groups that come to it in ten years",
        "Harmful ones in five",
    ]
    rule = standard.printed_rule(people, parts, accepted)
    if rule is None:
        return dict.fromkeys(headings, NONE)
    certainty = rule.posterior.certainty
    by_draw = [standard.posterior_rule(people, each, certainty) for each in draws]
    lines = [
        interval_text([100 * each.steady_deficit(years) for each in by_draw], decimals=1)
        for years in (1, 2, 3, 5)
    ]
    noise = noise_at(people, parts)
    good, bad = (
        operating_characteristics(rule, noise, deficit).terminated_by
        for deficit in (GOOD, standard.harm)
    )
    shares = [f"{certainty:.0%}", f"{good[WATCHED - 1]:.0%}", f"{bad[IN_TIME]:.0%}"]
    return dict(zip(headings, [*lines, *shares], strict=True))


def choices_table(
    standard: Standard,
    parts: Components,
    sizes: Iterable[int],
    limits: Iterable[float],
    harms: Sequence[float],
    groups: int,
) -> pd.DataFrame:
    """Return what fewer mistakes cost: harmful groups found within five years."""
    limits = list(limits)
    rows = []
    for people in sizes:
        noise = noise_at(people, parts)
        for accepted in limits:
            rule = standard.careful_rule(people, parts, limit=accepted)
            row = {
                "People": f"{people:,}",
                "Adequate groups ended in ten years, at most": f"{accepted:.0%}",
            }
            for harm in harms:
                heading = f"Found within five years, true deficit {harm:.0%}"
                row[heading] = NONE
                if rule is not None:
                    detected = operating_characteristics(rule, noise, harm, groups=groups)
                    row[heading] = f"{detected.terminated_by[IN_TIME]:.0%}"
            rows.append(row)
    return pd.DataFrame(rows)


def deterrence_table(
    standard: Standard,
    parts: Components,
    rules: Mapping[tuple[int, str], Rule],
    worth: np.ndarray,
) -> tuple[pd.DataFrame, dict[tuple[int, str], np.ndarray]]:
    """Return how certain enforcement must be to deter, as a table and as draws.

    Parameters
    ----------
    rules : mapping of (people, label) to Rule
    worth : ndarray, shape (draw,)
        What letting go is worth, over what the contract is worth.
    """
    rows, needed = [], {}
    for (people, label), rule in rules.items():
        noise = noise_at(people, parts)
        good, bad = (
            float(operating_characteristics(rule, noise, deficit).terminated_by[IN_TIME])
            for deficit in (GOOD, standard.harm)
        )
        needed[people, label] = enforcement_needed(worth, 1.0, bad - good)
        rows.append(
            {
                "People": f"{people:,}",
                "Rule": label,
                "Acts on a harmful group": f"{bad:.0%}",
                "On an adequate one": f"{good:.0%}",
                "Enforcement that deters": interval_text(
                    needed[people, label], "probability", decimals=0
                ),
            }
        )
    return pd.DataFrame(rows), needed
