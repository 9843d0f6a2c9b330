"""Risk: pure measures on draws, from a person's cost to a pool's overspend."""

from analysis.risk.adjustment import explained_share, pool_shortfall, variation
from analysis.risk.minimum_size import (
    minimum_size,
    overspend_probability,
    tolerance_at,
)
from analysis.risk.pooled_loss import PooledLoss, pooled_loss
from analysis.risk.scores import predictive_ratios, prediction_scores
from analysis.risk.severity import CostDistribution, cost_distribution

__all__ = [
    "CostDistribution",
    "PooledLoss",
    "cost_distribution",
    "explained_share",
    "minimum_size",
    "overspend_probability",
    "pool_shortfall",
    "pooled_loss",
    "prediction_scores",
    "predictive_ratios",
    "tolerance_at",
    "variation",
]
