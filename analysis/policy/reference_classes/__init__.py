"""Suggestion 1, learn from IPAs: what happened to organisations like these."""

from analysis.policy.reference_classes.classes import (
    CLASSES,
    aco_success,
    california_hazard,
    class_success,
    ipa_success,
)
from analysis.policy.reference_classes.forecast import class_weights, weighted_success

__all__ = [
    "CLASSES",
    "aco_success",
    "california_hazard",
    "class_success",
    "class_weights",
    "ipa_success",
    "weighted_success",
]
