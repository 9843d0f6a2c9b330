"""Risk: measures on draws, from one person's cost to a pool's overspend."""

from analysis.risk.adjustment import explained_share, pool_shortfall, variation
from analysis.risk.holdout import classical_predictions, hurdle_predictions, person_folds
from analysis.risk.minimum_size import SIZES, minimum_size, overspend_probability, tolerance_at
from analysis.risk.pooled_loss import PoolCalculator, PooledLoss, pooled_loss
from analysis.risk.scores import PredictionScores, prediction_scores, predictive_ratios
from analysis.risk.severity import CostDistribution, cost_distribution
from analysis.risk.stop_loss import StopLoss, stop_loss

__all__ = [
    "SIZES",
    "CostDistribution",
    "PoolCalculator",
    "PooledLoss",
    "PredictionScores",
    "StopLoss",
    "classical_predictions",
    "cost_distribution",
    "explained_share",
    "hurdle_predictions",
    "minimum_size",
    "overspend_probability",
    "person_folds",
    "pool_shortfall",
    "pooled_loss",
    "prediction_scores",
    "predictive_ratios",
    "stop_loss",
    "tolerance_at",
    "variation",
]
