"""Suggestion 3, train leaders: how many are needed, and how long it takes to have them."""

from analysis.policy.leadership.coverage import (
    coverage_at_random,
    coverage_with_moves,
    leaders_for_coverage,
    moving_share_for_coverage,
)
from analysis.policy.leadership.pipeline import steady_stock, stock_by_year, years_until

__all__ = [
    "coverage_at_random",
    "coverage_with_moves",
    "leaders_for_coverage",
    "moving_share_for_coverage",
    "steady_stock",
    "stock_by_year",
    "years_until",
]
