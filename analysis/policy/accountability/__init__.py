"""Suggestion 6, consequences: rules of termination, their errors, and what deters."""

from analysis.policy.accountability.deterrence import deterrent_of_unclear_rule, enforcement_needed
from analysis.policy.accountability.operating_characteristics import (
    OperatingCharacteristics,
    operating_characteristics,
    rule_with_false_termination,
    run_probability,
)
from analysis.policy.accountability.performance import PerformanceNoise, observed_deficits
from analysis.policy.accountability.rules import (
    AverageDeficit,
    CumulativeDeficit,
    PosteriorRule,
    Rule,
    RunOfDeficits,
    first_year,
)

__all__ = [
    "AverageDeficit",
    "CumulativeDeficit",
    "OperatingCharacteristics",
    "PerformanceNoise",
    "PosteriorRule",
    "Rule",
    "RunOfDeficits",
    "deterrent_of_unclear_rule",
    "enforcement_needed",
    "first_year",
    "observed_deficits",
    "operating_characteristics",
    "rule_with_false_termination",
    "run_probability",
]
