"""Risk: measures on draws, from one person's cost to a pool's overspend."""

from analysis.risk.adjustment import explained_share, pool_shortfall, variation
from analysis.risk.holdout import classical_predictions, hurdle_predictions, person_folds
from analysis.risk.minimum_size import (
    SIZES,
    minimum_size,
    overspend_probability,
    size_with_lasting_differences,
    tolerance_at,
)
from analysis.risk.pooled_loss import PoolCalculator, PooledLoss, pooled_loss
from analysis.risk.rungs import Rung, fitted_rung, rand_people, rand_priors, rand_rung
from analysis.risk.scores import (
    PredictionScores,
    prediction_scores,
    predictive_ratios,
    resampled_predictive_ratio,
    resampled_r_squared,
)
from analysis.risk.severity import CostDistribution, cost_distribution, lognormal_without_tail
from analysis.risk.stop_loss import StopLoss, stop_loss

__all__ = [
    "SIZES",
    "CostDistribution",
    "PoolCalculator",
    "PooledLoss",
    "PredictionScores",
    "Rung",
    "StopLoss",
    "classical_predictions",
    "cost_distribution",
    "explained_share",
    "fitted_rung",
    "hurdle_predictions",
    "lognormal_without_tail",
    "minimum_size",
    "overspend_probability",
    "person_folds",
    "pool_shortfall",
    "pooled_loss",
    "prediction_scores",
    "predictive_ratios",
    "rand_people",
    "rand_priors",
    "rand_rung",
    "resampled_predictive_ratio",
    "resampled_r_squared",
    "size_with_lasting_differences",
    "stop_loss",
    "tolerance_at",
    "variation",
]
