"""Tables of the chapter, as its pages print them, and the data of its figures."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.chapters.real_or_virtual_budgets.chain_ladder import chain_ladder
from analysis.chapters.real_or_virtual_budgets.completion import SERVICES
from analysis.chapters.real_or_virtual_budgets.estimates import known_cells, visible_cost
from analysis.chapters.real_or_virtual_budgets.incurred import MONTHS, planned_cost
from analysis.chapters.real_or_virtual_budgets.mid_year import Reviews
from analysis.chapters.real_or_virtual_budgets.scores import share_draws
from analysis.chapters.real_or_virtual_budgets.years import (
    HISTORY,
    REVIEWED,
    Situation,
    World,
    model_data,
    reviewed_months,
    simulate,
)
from analysis.intervals import HIGH, median_and_interval
from analysis.models.run_off.laplace_approximation import approximate_future
from analysis.report.draws_text import interval_text, values_text
from analysis.report.monte_carlo import Simulated, over_draws
from analysis.seeds import seed_for

METHODS = {"ignored": "paid so far", "chain_ladder": "chain ladder", "cape_cod": "Cape Cod"}
"""Estimates that every simulated year has, by the name of their numbers."""

MONTH_NAMES = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
"""Months of a budget year."""

SPREAD = ["low", "high"]


def visible_months(curve: np.ndarray) -> pd.DataFrame:
    """Return the per cent of each month's cost that the books show at mid-year.

    Parameters
    ----------
    curve : ndarray, shape (draw, lag)
        Share paid by the end of each month after the month of care.
    """
    by_month = 100 * curve[:, np.arange(REVIEWED)[::-1]]
    middle, low, high = median_and_interval(by_month, axis=0)
    return pd.DataFrame(
        {"month": MONTH_NAMES[:REVIEWED], "seen_percent": middle, "low": low, "high": high}
    )


def completion_table(
    published: np.ndarray, curve: np.ndarray, lags: Sequence[int] = (0, 1, 2, 3, 6, 12)
) -> pd.DataFrame:
    """Return the share of a month's cost that is paid by some months later.

    Parameters
    ----------
    published : ndarray, shape (service, lag)
    curve : ndarray, shape (draw, lag)
        Of all services together, as assumed.
    """
    rows = [
        (service, *(f"{100 * published[place, lag]:.0f}" for lag in lags))
        for place, service in enumerate(SERVICES)
    ]
    together = (interval_text(100 * curve[:, lag], decimals=0) for lag in lags)
    rows.append(("all, as assumed", *together))
    later = ["the same month, %" if lag == 0 else f"{lag} later" for lag in lags]
    return pd.DataFrame(rows, columns=["Paid like", *later])


def one_review(world: World, situation: Situation) -> pd.DataFrame:
    """Return one simulated year at mid-year: what is paid, expected and true, per cent of budget.

    Returns
    -------
    DataFrame
        A row a month: ``month``, ``paid``, ``true``; ``model`` and ``chain_ladder``, each with
        ``_low`` and ``_high``.
    """
    seed = seed_for("one-review")
    by_service = simulate(world, situation, 1, np.random.default_rng(seed), by_service=True)[0]
    paid = by_service.sum(axis=0)[: HISTORY + REVIEWED]
    window = reviewed_months(situation)
    budget = planned_cost(world.process)[window]
    visible = visible_cost(paid, situation.closed)[window]
    future = approximate_future(model_data(by_service, situation), draws=2000, seed=seed)
    unpaid = future.sum(axis=1)[:, window] / MONTHS
    months, lags = paid.shape
    ladder = chain_ladder(paid, known_cells(months, lags, situation.closed))
    by_ladder = [ladder.unpaid[window], *(end[window] for end in ladder.month_intervals())]
    columns = {
        "month": MONTH_NAMES[:REVIEWED],
        "paid": 100 * visible / budget,
        "true": 100 * paid[window].sum(axis=1) / budget,
    }
    for method, amounts in (
        ("model", median_and_interval(unpaid, axis=0)),
        ("chain_ladder", by_ladder),
    ):
        for end, amount in zip(("", "_low", "_high"), amounts, strict=True):
            columns[f"{method}{end}"] = 100 * (visible + amount) / budget
    return pd.DataFrame(columns)


def safe_trend(reviews: Reviews, moved: float) -> Simulated:
    """Return how much more slowly than the budget cost must grow for surpluses to be real.

    Parameters
    ----------
    moved : float
        What a percentage point a year of slower growth does to the cost of the half-year, a share
        of its budget.

    Returns
    -------
    Simulated
        Percentage points a year at which all but one year in twenty have no deficit.
    """
    return over_draws(partial(_trend_needed, reviews.true, moved), len(reviews.true))


def _trend_needed(overspend: np.ndarray, moved: float, places: np.ndarray) -> float:
    return float(-np.quantile(overspend[places], HIGH) / moved)


def first_month_cash(balance: np.ndarray) -> Simulated:
    """Return median cash at the end of the first month, in months of the budget.

    Parameters
    ----------
    balance : ndarray, shape (world, year, month)
        Shares of the annual budget.
    """
    return over_draws(partial(_first_median, balance), len(balance))


def _first_median(balance: np.ndarray, places: np.ndarray) -> float:
    return float(MONTHS * np.median(balance[places, :, 0]))


def illusions_by_trend(reviews: Mapping[float, Reviews]) -> pd.DataFrame:
    """Return the per cent of surpluses shown that are deficits: ``method``, ``trend_percent``.

    Parameters
    ----------
    reviews : mapping of float to Reviews
        By growth of cost against the budget, a share a year.
    """
    rows = []
    for trend, review in reviews.items():
        for method in METHODS.values():
            surplus = review.shown[method] <= 0
            illusions = 100 * (review.true[surplus] > 0).mean()
            rows.append((method, 100 * trend, illusions))
    return pd.DataFrame(rows, columns=["method", "trend_percent", "percent"])


def scored_illusions(illusions: Mapping[float, np.ndarray]) -> pd.DataFrame:
    """Return the run-off model's share of illusions, per cent, by trend in per cent a year."""
    return pd.DataFrame(
        [(trend, *median_and_interval(100 * draws)) for trend, draws in illusions.items()],
        columns=["trend_percent", "percent", *SPREAD],
    )


def illusions_table(
    reviews: Mapping[str, Reviews], by_model: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Return surpluses shown that are deficits, by case; a dash where the model was not scored."""
    rows = []
    for case, review in reviews.items():
        draws = [100 * review.illusion_probability(method) for method in METHODS.values()]
        model = interval_text(100 * by_model[case], decimals=0) if case in by_model else "–"
        rows.append((case, *(interval_text(each, decimals=0) for each in draws), model))
    headings = ["Case", "Ignored, %", "Chain ladder, %", "Cape Cod, %", "Run-off model, %"]
    return pd.DataFrame(rows, columns=headings)


def coverage(scores: pd.DataFrame, draws: int, generator: np.random.Generator) -> pd.DataFrame:
    """Return how often intervals held the truth, with the error of counting, per cent.

    Parameters
    ----------
    scores : DataFrame
        As `scoring.score_table`.
    """
    scored = scores.dropna(subset=["held"]).reset_index()
    counts = [
        100 * share_draws(int(held), int(years), draws, generator)
        for held, years in zip(scored["held"], scored["years"], strict=True)
    ]
    _, low, high = median_and_interval(counts, axis=1)
    return scored.assign(held_percent=100 * scored["held"] / scored["years"], low=low, high=high)


def balances_by_month(balances: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return cash at each month's end by policy, per cent of the annual budget.

    Parameters
    ----------
    balances : mapping of str to ndarray, shape (world, year, month)
    """
    frames = []
    for policy, balance in balances.items():
        flat = 100 * balance.reshape(-1, balance.shape[-1])
        middle, low, high = median_and_interval(flat, axis=0)
        columns = {"policy": policy, "month": np.arange(flat.shape[1])}
        frames.append(pd.DataFrame(columns | {"percent": middle, "low": low, "high": high}))
    return pd.concat(frames)


def ruin_by_month(ruined: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return how probably cash has run out by each month, per cent, by policy."""
    return pd.concat(
        pd.DataFrame(
            {
                "policy": policy,
                "month": np.arange(draws.shape[1]),
                "percent": 100 * draws.mean(axis=0),
            }
        )
        for policy, draws in ruined.items()
    )


def estimate_error(
    years: pd.DataFrame, scenario: str, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return draws of the root mean square error of the run-off model's half-year cost.

    The scored years are drawn again with replacement; per cent of the budget.
    """
    rows = years[(years["scenario"] == scenario) & (years["method"] == "model")]
    error = (rows["overspend_estimate"] - rows["overspend_true"]).to_numpy()
    resampled = error[generator.integers(len(error), size=(draws, len(error)))]
    return np.sqrt((resampled**2).mean(axis=1))


def sampled_table(fast: pd.DataFrame, sampled: pd.DataFrame) -> pd.DataFrame:
    """Return what is unpaid by the fast posterior and by sampling, per cent of the budget."""
    return pd.DataFrame(
        {
            "Fast posterior": _unpaid_texts(fast),
            "Sampled": _unpaid_texts(sampled),
            "Truth": [f"{unpaid:.1f}" for unpaid in fast["unpaid_true"]],
            "R-hat": [f"{rhat:.3f}" for rhat in sampled["max_rhat"]],
            "Smallest ESS": [f"{ess:,.0f}" for ess in sampled["min_ess_bulk"]],
            "Divergences": [f"{count}" for count in sampled["divergences"]],
        },
        index=pd.Index(sampled.index + 1, name="Scored year"),
    )


def _unpaid_texts(rows: pd.DataFrame) -> Iterable[str]:
    columns = ["unpaid_median", "unpaid_low", "unpaid_high"]
    return [
        values_text(median, low, high, decimals=1) for median, low, high in rows[columns].to_numpy()
    ]
