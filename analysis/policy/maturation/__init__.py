"""Suggestion 10, allow five to ten years: growth, forecasts, and phasing risk in."""

from analysis.policy.maturation.forecasts import (
    PROGRAMME_YEARS,
    CohortForecast,
    cohort_forecast,
    group_means,
    rate_spread,
    size_groups,
)
from analysis.policy.maturation.gradients import (
    means_by_programme_year,
    raw_gradient,
    stayers_gradient,
    year_adjusted_gradient,
)
from analysis.policy.maturation.growth_fits import (
    Programme,
    constraints,
    fit_growth,
    known_spread,
    mssp_programme,
)
from analysis.policy.maturation.growth_measures import (
    aqc_growth,
    growth_curve,
    never_saving_share,
    time_prior_weights,
    time_to_80pct,
    yearly_gain,
)
from analysis.policy.maturation.phase_in import (
    Paths,
    Ruin,
    Support,
    fixed_share,
    largest_timetable,
    phase_in,
    risk_by_reserve,
    savings_paths,
    support_cost,
)
from analysis.policy.maturation.simulated_programme import ProgrammeTruth, simulated_programme

__all__ = [
    "PROGRAMME_YEARS",
    "CohortForecast",
    "Paths",
    "Programme",
    "ProgrammeTruth",
    "Ruin",
    "Support",
    "aqc_growth",
    "cohort_forecast",
    "constraints",
    "fit_growth",
    "fixed_share",
    "group_means",
    "growth_curve",
    "known_spread",
    "largest_timetable",
    "means_by_programme_year",
    "mssp_programme",
    "never_saving_share",
    "phase_in",
    "rate_spread",
    "raw_gradient",
    "risk_by_reserve",
    "savings_paths",
    "simulated_programme",
    "size_groups",
    "stayers_gradient",
    "support_cost",
    "time_prior_weights",
    "time_to_80pct",
    "year_adjusted_gradient",
    "yearly_gain",
]
