"""Tables of the chapter, as its page prints them, and the data of its figures."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from analysis.chapters.invest_in_management.capability import InvestmentProblem, chosen_capability
from analysis.chapters.invest_in_management.ring_fence import follow, ring_fence_payments
from analysis.chapters.invest_in_management.running_cost import running_cost_per_head, survival
from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.report.draws_text import interval_text, median_text, probability_text
from analysis.report.stated_ranges import range_text


def running_cost_by_size(fixed: np.ndarray, per_head: np.ndarray) -> pd.DataFrame:
    """Return running cost a head by size: ``people``, ``pounds``, ``low``, ``high``."""
    people = np.geomspace(2e4, 1e6, 60)
    cost = running_cost_per_head(fixed[:, None], per_head[:, None], people)
    pounds, low, high = median_and_interval(cost, axis=0)
    return pd.DataFrame({"people": people, "pounds": pounds, "low": low, "high": high})


def covered_sizes(allowance: float, fixed: np.ndarray, per_head: np.ndarray) -> np.ndarray:
    """Return the size from which an allowance, pounds a head, covers running cost.

    Infinite where the variable cost alone is above the allowance.
    """
    rest = allowance - per_head
    return np.where(rest > 0, fixed / np.where(rest > 0, rest, 1.0), np.inf)


def management_money(
    budget: float,
    allowances: Mapping[str, float],
    at_100k: np.ndarray,
    capitation: float,
    us_percent: tuple[float, float, float],
) -> pd.DataFrame:
    """Return what England allowed for commissioning, beside its cost and what US groups spend.

    Parameters
    ----------
    budget : float
        Allocation per person of 2010-11, pounds.
    allowances : mapping of str to float
        Allowed for running costs by year, the first year first, pounds a head.
    at_100k : ndarray, shape (draw,)
        Running cost of a consortium of 100,000, pounds a head.
    capitation : float
        Of Californian groups in the early 1990s, dollars a head and year.
    us_percent : tuple of float
        Of their own income that US groups spent on management: middle and range.
    """
    first = next(iter(allowances.values()))
    rows = [
        (f"England, allowed in {year}", f"£{allowed:.2f}", f"{100 * allowed / budget:.2f}%", change)
        for year, allowed in allowances.items()
        for change in [_change_text(allowed / first - 1)]
    ]
    cost = median_text(at_100k, "GBP", decimals=0)
    share = median_text(100 * at_100k / budget, "percent")
    rows.append(("England, cost of a consortium of 100,000 (our estimate)", cost, share, ""))
    rows = [(*row[:2], f"{row[2]} of the allocation of 2010–11", row[3]) for row in rows]
    middle, low, high = us_percent
    of_income = f"{range_text(low, high)}% of the group's own income"
    spent = f"${capitation * middle / 100:.0f}"
    rows.append(("California's groups, early 1990s, for scale", spent, of_income, ""))
    headings = ["Where and when", "A head and year", "Of what", "Since 2013–14"]
    return pd.DataFrame(rows, columns=headings)


def _change_text(change: float) -> str:
    return f"{100 * change:+.0f}%".replace("-", "−") if change else ""


def under_investment_table(problems: Mapping[str, InvestmentProblem]) -> pd.DataFrame:
    """Return the capability that a group builds, by what holds it back."""
    rows = []
    for label, problem in problems.items():
        capability = chosen_capability(problem)
        rows.append(
            {
                "A group that …": label,
                "Capability, £ a head": interval_text(capability, decimals=0),
                "Builds none": probability_text(capability == 0),
            }
        )
    return pd.DataFrame(rows)


def capability_over_time(paths: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return capability in pounds a head by policy and year; paths have shape (year, draw)."""
    frames = []
    for policy, capability in paths.items():
        middle, low, high = median_and_interval(capability, axis=1)
        columns = {"policy": policy, "year": np.arange(1, middle.size + 1)}
        frames.append(pd.DataFrame(columns | {"capability": middle, "low": low, "high": high}))
    return pd.concat(frames)


def least_saving(
    problem: InvestmentProblem,
    amount: np.ndarray,
    years: int,
    full: int,
    taper: int,
    learned: float,
) -> float:
    """Return the largest possible saving, share of the budget, from which the ring-fence pays.

    Parameters
    ----------
    problem : InvestmentProblem
        One case for each saving tried, increasing; the rest typical.
    amount : ndarray
        Ring-fenced, pounds a head.
    years, full, taper : int
        Years followed, of the full amount, and of its taper.
    learned : float
        Share of the gap in belief that doctors close in a year.
    """
    nothing = follow(problem, np.zeros((years, amount.size))).net_value
    paid = follow(problem, ring_fence_payments(amount, years, full, taper), learned).net_value
    return float(np.asarray(problem.saving_limit)[paid > nothing].min())


def survival_table(
    problem: InvestmentProblem,
    paths: Mapping[str, np.ndarray],
    hazard: np.ndarray,
    failing: np.ndarray,
) -> pd.DataFrame:
    """Return groups still there after five and ten years, by policy."""
    rows = []
    for policy, capability in paths.items():
        alive = survival(problem, capability, hazard, failing)
        rows.append(
            {
                "Policy": policy.capitalize(),
                "Still there after 5 years": interval_text(alive[4], "probability", decimals=0),
                "After 10 years": interval_text(alive[-1], "probability", decimals=0),
            }
        )
    return pd.DataFrame(rows)


def hazard_for_half(
    problem: InvestmentProblem, capability: np.ndarray, hazard: np.ndarray, failing: np.ndarray
) -> float:
    """Return the yearly rate of closing, per cent, at which half still stand at the end."""
    factors = np.linspace(0.1, 2, 39)
    standing = [
        np.median(survival(problem, capability, factor * hazard, failing)[-1]) for factor in factors
    ]
    return float(np.interp(-0.5, -np.array(standing), factors * 100 * np.median(hazard)))


def survival_by_capability(
    problem: InvestmentProblem,
    amounts: Iterable[int],
    years: int,
    hazard: np.ndarray,
    failing: np.ndarray,
) -> pd.DataFrame:
    """Return groups still there after ten years, by the capability kept up, pounds a head."""
    rows = []
    for pounds in amounts:
        capability = np.full((years, hazard.size), float(pounds))
        alive = survival(problem, capability, hazard, failing)[-1]
        rows.append(
            {
                "Capability kept up, a head": f"£{pounds}",
                "To be invested each year": f"£{pounds * np.median(problem.wear):.0f}",
                "Still there after 10 years": interval_text(alive, "probability", decimals=0),
            }
        )
    return pd.DataFrame(rows)


def sensitivity_table(
    draws: Mapping[str, np.ndarray], names: Iterable[str], gain: np.ndarray
) -> pd.DataFrame:
    """Return Spearman's rank correlation of a gain with each assumption, the strongest first."""
    heading = "Rank correlation with the gain"
    rows = [(assumption(name).meaning, spearmanr(draws[name], gain).statistic) for name in names]
    table = pd.DataFrame(rows, columns=["Assumption", heading])
    return table.sort_values(heading, key=abs, ascending=False)
