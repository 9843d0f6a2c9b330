"""The growth of savings on a reader's own groups: data of the model, and draws."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import null_space

from analysis.errors import InputError
from analysis.inference.diagnostics import ConvergenceError
from analysis.inference.importance import Weighted, importance_sample, pointwise
from analysis.models.growth.priors import GAIN_COLUMN, HORIZON_YEARS
from analysis.models.growth.rows import GrowthOfRows, GrowthRows
from analysis.models.growth.spread_parameters import SPREAD, START
from analysis.own.programme.table import OwnGroups
from analysis.seeds import seed_for

NAME = "own-programme"
DRAWS = 4_000
FEWEST_EFFECTIVE = 400.0
"""Effective draws below which there is no answer: the book's limit for a fit."""

TREND_COLUMN = 2
COHORT_TREND_COLUMN = 3


@dataclass(frozen=True)
class OwnGrowth:
    """Draws of growth, all of shape (draw,), in percentage points and years.

    Attributes
    ----------
    level : ndarray
        Mean saving in the first year, at the middle size, in a middling year and cohort.
    gain : ndarray
        From the first year to the tenth.
    period_trend, cohort_trend : ndarray
        Points per year.
    coefficients : ndarray, shape (draw, coefficient)
    vectors : ndarray, shape (draw, 9)
        See `analysis.models.growth.rows`.
    effective : float
        Draws that count, before they were repeated as their weights ask for.
    """

    level: np.ndarray
    gain: np.ndarray
    years_to_80pct: np.ndarray
    period_trend: np.ndarray
    cohort_trend: np.ndarray
    coefficients: np.ndarray
    vectors: np.ndarray
    effective: float
    model: GrowthOfRows

    @property
    def plateau_gain(self) -> np.ndarray:
        """Gain from the first year to the plateau, shape (draw,)."""
        return self.gain / (1 - 5 ** (-HORIZON_YEARS / self.years_to_80pct))

    def curve(self, elapsed: np.ndarray) -> np.ndarray:
        """Return the mean saving by years since the start, shape (draw, year).

        Parameters
        ----------
        elapsed : ndarray, shape (year,)

        Returns
        -------
        ndarray, shape (draw, year)
        """
        reached = 1 - 5 ** (-np.asarray(elapsed)[None, :] / self.years_to_80pct[:, None])
        return self.level[:, None] + self.plateau_gain[:, None] * reached


def growth_rows(
    groups: OwnGroups, period_trend: tuple[float, float], cohort_trend: tuple[float, float]
) -> GrowthRows:
    """Return the data of the model of growth on rows.

    Parameters
    ----------
    period_trend, cohort_trend : tuple of float
        Mean and standard deviation of linear trends, percentage points per year.
    """
    table = groups.table
    people = table["people"].to_numpy(float)
    group_idx = pd.factorize(table["group"])[0]
    logs = np.log(people)
    middle = float(np.exp(logs.mean()))
    own = np.exp(np.bincount(group_idx, logs) / np.bincount(group_idx))
    design, n_period_scatter = _design(table, middle / people)
    return GrowthRows(
        rate=table["rate"].to_numpy(float),
        group_idx=group_idx,
        elapsed=table["elapsed"].to_numpy(),
        design=design,
        n_period_scatter=n_period_scatter,
        relative_size=middle / own,
        middle_people=middle,
        period_trend=period_trend,
        cohort_trend=cohort_trend,
    )


def _design(table: pd.DataFrame, relative_size: np.ndarray) -> tuple[np.ndarray, int]:
    """Design of the rows, and how many columns the scatter of years has."""
    parts = {}
    for name, column in (("period", "year"), ("cohort", "start_year")):
        labels, idx = np.unique(table[column], return_inverse=True)
        slope = labels - labels.mean()
        # Scatter has no level and no trend: these are coefficients of their own.
        basis = null_space(np.array([np.ones_like(slope), slope]))
        parts[name] = slope[idx], basis[idx]
    columns = [
        np.ones(len(table)),
        np.zeros(len(table)),
        parts["period"][0],
        parts["cohort"][0],
        relative_size - 1,
        parts["period"][1],
        parts["cohort"][1],
    ]
    return np.column_stack(columns), parts["period"][1].shape[1]


def fit_groups(rows: GrowthRows) -> OwnGrowth:
    """Draw from the posterior of growth.

    Raises
    ------
    InputError
        If too few draws count for an answer, or their weights cannot be trusted.
    """
    model, generator = GrowthOfRows(rows), np.random.default_rng(seed_for(NAME))
    try:
        drawn = importance_sample(pointwise(model.log_density), START, SPREAD, generator)
    except ConvergenceError as error:
        raise InputError(
            f"the model does not settle on this table: {error}; look for wrong rates, or rows in "
            "other units"
        ) from error
    if drawn.effective < FEWEST_EFFECTIVE:
        raise InputError(
            f"the model does not settle on this table: {drawn.effective:.0f} effective draws, and "
            f"{FEWEST_EFFECTIVE:.0f} are needed; look for wrong rates, or rows in other units"
        )
    return _draws(model, drawn, generator)


def _draws(model: GrowthOfRows, drawn: Weighted, generator: np.random.Generator) -> OwnGrowth:
    """Draw the coefficients given each vector, once for each time it is taken."""
    vectors = drawn.points[drawn.resampled(DRAWS, generator)]
    kinds, which = np.unique(vectors, axis=0, return_inverse=True)
    fresh = generator.standard_normal((DRAWS, model.rows.design.shape[1]))
    coefficients, reached = np.empty_like(fresh), np.empty(DRAWS)
    for number, kind in enumerate(kinds):
        given, taken = model.conditional_coefficients(kind), which == number
        position = np.linalg.solve(given.root.T, given.half[:, None] + fresh[taken].T).T
        coefficients[taken] = given.mean + given.sd * position
        reached[taken] = given.mean_reached
    gain = coefficients[:, GAIN_COLUMN]
    return OwnGrowth(
        level=coefficients[:, 0] - gain * reached,
        gain=gain,
        years_to_80pct=model.years_to_80pct(vectors),
        period_trend=coefficients[:, TREND_COLUMN],
        cohort_trend=coefficients[:, COHORT_TREND_COLUMN],
        coefficients=coefficients,
        vectors=vectors,
        effective=drawn.effective,
        model=model,
    )
