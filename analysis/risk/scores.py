"""How well predicted costs match the costs of people the model has not seen."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.seeds import seed_for


@dataclass(frozen=True)
class PredictionScores:
    """Scores of one set of predictions, all on the costs themselves.

    Attributes
    ----------
    r_squared : float
        Share of variance explained, at most 1; below 0 is worse than the mean.
    cumming : float
        Cumming's prediction measure: 1 minus the mean absolute error over that of the mean.
    mean_absolute_error : float
        In the currency of the costs.
    predictive_ratio : float
        Predicted over observed total; 1 is unbiased.
    """

    r_squared: float
    cumming: float
    mean_absolute_error: float
    predictive_ratio: float


def prediction_scores(
    observed: np.ndarray, predicted: np.ndarray, reference: np.ndarray | float
) -> PredictionScores:
    """Score predictions of individual annual cost.

    Parameters
    ----------
    observed, predicted : ndarray, shape (person,)
        Costs of people held out, and what was predicted for them.
    reference : ndarray, shape (person,), or float
        What would be predicted without any information: the mean of the people the model saw.

    References
    ----------
    Cumming, Knutson, Cameron & Derrick (2002), A comparative analysis of claims-based methods of
    health risk assessment for commercial populations, Society of Actuaries.
    """
    error, baseline = observed - predicted, observed - reference
    return PredictionScores(
        r_squared=float(1 - (error**2).sum() / (baseline**2).sum()),
        cumming=float(1 - np.abs(error).sum() / np.abs(baseline).sum()),
        mean_absolute_error=float(np.abs(error).mean()),
        predictive_ratio=float(predicted.sum() / observed.sum()),
    )


def resampled_r_squared(
    observed: np.ndarray,
    predicted: np.ndarray,
    person: np.ndarray,
    seed: int,
    resamples: int = 2000,
) -> np.ndarray:
    """Return R² of held-out predictions in resamples of people.

    Parameters
    ----------
    observed, predicted, person : ndarray, shape (row,)
        Costs, predictions and identifiers; all rows of a person are drawn together.

    Returns
    -------
    ndarray, shape (resample,)
        The spread shows how much R² owes to a few people with very large costs.
    """
    errors, baseline = (observed - predicted) ** 2, (observed - observed.mean()) ** 2
    totals = resampled_totals(np.stack([errors, baseline], axis=1), person, seed, resamples)
    return 1 - totals[:, 0] / totals[:, 1]


def resampled_predictive_ratio(
    observed: np.ndarray,
    predicted: np.ndarray,
    person: np.ndarray,
    seed: int,
    resamples: int = 2000,
) -> np.ndarray:
    """Return predicted over observed cost in resamples of people.

    Parameters
    ----------
    observed, predicted, person : ndarray, shape (row,)
        Costs, predictions and identifiers; all rows of a person are drawn together.

    Returns
    -------
    ndarray, shape (resample,)
    """
    totals = resampled_totals(np.stack([predicted, observed], axis=1), person, seed, resamples)
    return totals[:, 0] / totals[:, 1]


def resampled_totals(
    columns: np.ndarray, person: np.ndarray, seed: int, resamples: int = 2000
) -> np.ndarray:
    """Return totals of each column over people drawn with replacement.

    Parameters
    ----------
    columns : ndarray, shape (row, column)
    person : ndarray, shape (row,)
        Identifiers; all rows of a person are drawn together.
    seed : int
        The same seed draws the same people, so that two sets of totals can be compared in pairs.

    Returns
    -------
    ndarray, shape (resample, column)
    """
    sums = pd.DataFrame(columns).groupby(person).sum().to_numpy()
    return _times_drawn(len(sums), seed, resamples).astype(float) @ sums


@lru_cache(maxsize=4)
def _times_drawn(people: int, seed: int, resamples: int) -> np.ndarray:
    """How often each person is drawn, shape (resample, person): asked for again and again."""
    generator = np.random.default_rng(seed)
    draws = (generator.integers(people, size=people) for _ in range(resamples))
    return np.stack([np.bincount(chosen, minlength=people).astype(np.uint8) for chosen in draws])


def predictive_ratios(
    observed: np.ndarray, predicted: np.ndarray, groups: np.ndarray
) -> pd.DataFrame:
    """Return predicted over observed cost by group.

    Parameters
    ----------
    observed, predicted : ndarray, shape (person,)
    groups : ndarray, shape (person,)
        Labels, for example health groups or deciles of predicted cost.

    Returns
    -------
    DataFrame, one row a group
        ``people``, ``observed_mean``, ``predicted_mean`` and ``predictive_ratio``.
    """
    frame = pd.DataFrame({"group": groups, "observed": observed, "predicted": predicted})
    table = frame.groupby("group", observed=True).agg(
        people=("observed", "size"),
        observed_mean=("observed", "mean"),
        predicted_mean=("predicted", "mean"),
    )
    return table.assign(predictive_ratio=table["predicted_mean"] / table["observed_mean"])


def ratios_with_interval(
    observed: np.ndarray, predicted: np.ndarray, groups: np.ndarray, person: np.ndarray, seed: int
) -> pd.DataFrame:
    """Return predicted over observed cost by group, with intervals from resampling people.

    Parameters
    ----------
    observed, predicted, groups
        As for `predictive_ratios`; every row belongs to one group.
    person : ndarray, shape (row,)
        Identifiers; all rows of a person are drawn together.

    Returns
    -------
    DataFrame, one row a group
        The columns of `predictive_ratios`, then ``low`` and ``high``.
    """
    table = predictive_ratios(observed, predicted, groups)
    member = np.asarray(groups)[:, None] == table.index.to_numpy()[None, :]
    columns = np.hstack([predicted[:, None] * member, observed[:, None] * member])
    totals = resampled_totals(columns, person, seed)
    ratios = totals[:, : len(table)] / totals[:, len(table) :]
    _, low, high = median_and_interval(ratios, axis=0)
    return table.assign(low=low, high=high)


def equal_groups(ranking: np.ndarray, bins: int = 10) -> np.ndarray:
    """Return the group of each row when rows are ranked and cut into groups of equal size.

    Parameters
    ----------
    ranking : ndarray, shape (row,)
        What rows are ranked by; ties are broken by lot, always the same one. It must not know the
        row's own cost: predictions that leave the row out are lower the higher that cost is.
    bins : int
        Number of groups: 10 for deciles.

    Returns
    -------
    ndarray of int, shape (row,)
        From 1, the lowest, to `bins`.
    """
    lot = np.random.default_rng(seed_for("ties")).permutation(len(ranking))
    rank = np.empty(len(ranking), int)
    rank[np.lexsort([lot, ranking])] = np.arange(len(ranking))
    return 1 + rank * bins // len(rank)
