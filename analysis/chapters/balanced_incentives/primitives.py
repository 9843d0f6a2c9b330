"""What the model of incentives must be told: priors as data, and draws of them.

Each assumed primitive is a row of `data/published/assumptions.csv`: its value is the median of the
prior and its range the project's interval. Three more are fitted elsewhere in the book.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.assumed_draws import DRAWS, assumed_draws, quantiles
from analysis.evidence.assumptions import assumption
from analysis.intervals import HIGH, LOW
from analysis.seeds import seed_for

ASSUMED = {
    "attainable_savings_percent": "Savings are worth a larger reward",
    "quality_worth_percent": "Quality is worth a larger reward",
    "experience_worth_ratio": "Experience is worth a larger reward",
    "doctors_weight_on_patients": "Quality needs less pay, and pay for savings is safer",
    "withheld_care_harm_growth": "Little: each pound harms more, but doctors withhold less",
    "withholding_effort_ratio": "Savings pay is safer",
    "harm_seen_in_quality": "Quality pay also guards against withholding",
    "harm_seen_in_experience": "Experience pay also guards against withholding",
    "effort_conflict": "Above zero, pay for one task crowds out the others",
    "relative_risk_aversion": "Noisier measures should be paid less",
    "income_at_stake_percent": "A group can bear more noise",
    "lasting_luck_share": "Measured savings are noisier at every size",
    "score_not_quality_share": "Measured quality is noisier at every size",
    "attainable_improvement_sd": "Noise matters less against what can be gained",
    "survey_respondents_share": "Experience is measured better",
    "experience_group_share": "Experience is measured better",
}
"""Assumed primitives, and what a larger value does."""

FITTED = {
    "cost_variation": (
        "k, variation of one person's annual cost within age and sex",
        "ratio",
        "Savings should be paid less, above all in small groups",
    ),
    "lasting_sd_percent": (
        "τ, spread of lasting differences of savings",
        "percent of budget",
        "Savings should be paid less at every size",
    ),
    "quality_half_size": (
        "Size at which half of the spread of scores is noise",
        "people",
        "Quality should be paid less, above all in small groups",
    ),
}
"""Primitives with a posterior of their own: meaning, unit, and what a larger value does."""

NAMES = (*ASSUMED, *FITTED)


def draw_primitives(fitted: Mapping[str, np.ndarray], draws: int = DRAWS) -> dict[str, np.ndarray]:
    """Return joint draws of all primitives, independent of each other, in the unit of each.

    Parameters
    ----------
    fitted : mapping of str to ndarray
        Posterior draws of each name of `FITTED`, of any number.
    """
    primitives = assumed_draws(list(ASSUMED), draws)
    for name in FITTED:
        generator = np.random.default_rng(seed_for(f"incentives-{name}"))
        primitives[name] = np.quantile(fitted[name], generator.random(draws))
    return primitives


def primitives_at(
    fitted: Mapping[str, np.ndarray], probability: np.ndarray
) -> dict[str, np.ndarray]:
    """Return primitives at given points of their distributions.

    Parameters
    ----------
    probability : ndarray, shape (primitive, draw)
        Between 0 and 1, in the order of `NAMES`.
    """
    at = dict(zip(NAMES, probability, strict=True))
    assumed = {name: quantiles(assumption(name), at[name]) for name in ASSUMED}
    return assumed | {name: np.quantile(fitted[name], at[name]) for name in FITTED}


def typical(draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the median of every primitive, as one draw: arrays of shape (1,)."""
    return {name: np.atleast_1d(np.median(values)) for name, values in draws.items()}


def describe_primitives(
    draws: Mapping[str, np.ndarray], ends: tuple[float, float] = (LOW, HIGH)
) -> pd.DataFrame:
    """Return the primitives as readers would state them.

    Parameters
    ----------
    ends : tuple of float
        Probabilities at the ends of the interval that is printed.

    Returns
    -------
    DataFrame, one row a primitive
        ``Primitive`` (its meaning), ``Unit``, ``Median``, ``Low``, ``High``, ``Effect``, ``From``.
    """
    rows = []
    for name in NAMES:
        if name in ASSUMED:
            row = assumption(name)
            description = (row.meaning, row.unit, ASSUMED[name], f"{row.source} ({row.grade})")
        else:
            description = (*FITTED[name], "Fitted in this book")
        low, high = np.quantile(draws[name], ends)
        rows.append(
            (description[0], description[1], np.median(draws[name]), low, high, *description[2:])
        )
    columns = ["Primitive", "Unit", "Median", "Low", "High", "Effect", "From"]
    return pd.DataFrame(rows, columns=columns)
