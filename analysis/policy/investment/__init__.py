"""Suggestion 2, invest in management: what a group chooses, and what a ring-fence changes."""

from analysis.policy.investment.capability import (
    InvestmentProblem,
    chosen_capability,
    efficient_capability,
    saving_share,
)
from analysis.policy.investment.ring_fence import CapabilityPath, follow, ring_fence_payments
from analysis.policy.investment.running_cost import running_cost_per_head, survival

__all__ = [
    "CapabilityPath",
    "InvestmentProblem",
    "chosen_capability",
    "efficient_capability",
    "follow",
    "ring_fence_payments",
    "running_cost_per_head",
    "saving_share",
    "survival",
]
