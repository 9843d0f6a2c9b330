"""Suggestion 5, neither too strong nor too weak: the share at risk, luck, and what to pay on."""

from analysis.policy.strength.credibility import credibility, misallocation
from analysis.policy.strength.share_at_risk import ShareEffects, share_effects
from analysis.policy.strength.shared_savings import SharedSavings

__all__ = [
    "ShareEffects",
    "SharedSavings",
    "credibility",
    "misallocation",
    "share_effects",
]
