"""Incentives: what a group does when it is paid for savings, quality and experience at once."""

from analysis.policy.incentives.groups import (
    attainable,
    group,
    noise_variance,
    potential_rewards,
    reward_ratio,
)
from analysis.policy.incentives.multitask import (
    MEASURES,
    TASKS,
    Multitask,
    best_fixed_slopes,
    optimal_slopes,
)
from analysis.policy.incentives.payments import (
    Payment,
    Signals,
    certain_equivalent,
    expected_payment,
)
from analysis.policy.incentives.primitives import (
    ASSUMED,
    FITTED,
    NAMES,
    describe_primitives,
    draw_primitives,
    primitives_at,
    typical,
)
from analysis.policy.incentives.quality_measurement import (
    half_size_of_mean,
    half_size_of_rate,
    patients_to_detect,
    reliability,
    size_for_reliability,
)
from analysis.policy.incentives.responses import (
    Outcome,
    best_response,
    compare,
    luck_share,
    outcome,
)
from analysis.policy.incentives.sensitivity import (
    best_ratio,
    flip_value,
    ratio_by_primitive,
    score_share,
    turning_value,
    variance_shares,
)

__all__ = [
    "ASSUMED",
    "FITTED",
    "MEASURES",
    "NAMES",
    "TASKS",
    "Multitask",
    "Outcome",
    "Payment",
    "Signals",
    "attainable",
    "best_fixed_slopes",
    "best_ratio",
    "best_response",
    "certain_equivalent",
    "compare",
    "describe_primitives",
    "draw_primitives",
    "expected_payment",
    "flip_value",
    "group",
    "half_size_of_mean",
    "half_size_of_rate",
    "luck_share",
    "noise_variance",
    "optimal_slopes",
    "outcome",
    "patients_to_detect",
    "potential_rewards",
    "primitives_at",
    "ratio_by_primitive",
    "reliability",
    "reward_ratio",
    "score_share",
    "size_for_reliability",
    "turning_value",
    "typical",
    "variance_shares",
]
