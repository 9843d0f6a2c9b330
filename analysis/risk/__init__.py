"""Risk: measures on draws, from one person's cost to a pool's overspend."""

from analysis.risk.adjustment import (
    explained_share,
    formula_budgets,
    pool_shortfall,
    resampled_shortfall,
    sicker_mix,
    variation,
)
from analysis.risk.adverse_selection import (
    Spiral,
    claims_elasticity,
    normal_pools,
    premium_spiral,
)
from analysis.risk.back_test import Outcome, back_test, spread_needed
from analysis.risk.carve_outs import (
    CarveOut,
    carve_out_excess,
    carve_out_people,
    carve_out_service,
    excess_curve,
    top_share,
    users_share,
)
from analysis.risk.commissioner_outcomes import (
    commissioner_spreads,
    outcome_2005,
    outcomes_2013,
    outcomes_2017,
)
from analysis.risk.cost_forms import compare_forms, cost_forms, fit_generalised_gamma
from analysis.risk.cover import (
    CoverTerms,
    attachment_needed,
    best_attachment,
    break_even_loading,
    cost_of_cover,
    reserve_share,
)
from analysis.risk.england_pools import (
    england_sample,
    england_smallest_pool,
    england_variation,
)
from analysis.risk.holdout import (
    HeldOut,
    classical_predictions,
    flat_predictions,
    hurdle_held_out,
    person_folds,
)
from analysis.risk.lasting_differences import (
    MsspComponents,
    english_lasting_spread,
    mssp_components,
)
from analysis.risk.leave_one_out import LeaveOneOut, compare_log_scores, leave_one_out
from analysis.risk.minimum_size import (
    SIZES,
    minimum_size,
    overspend_probability,
    size_with_lasting_differences,
    smallest_pool,
    tolerance_at,
)
from analysis.risk.placement import Sizes, organisation_sizes
from analysis.risk.pooled_loss import PoolCalculator, PooledLoss, pooled_loss
from analysis.risk.pounds import mean_cost_gbp
from analysis.risk.predictive import cell_index, log_density, survival_of
from analysis.risk.rand_differences import (
    between_site_spread,
    site_ratios,
    year_to_year_correlation,
)
from analysis.risk.renewal import Likeness, likeness
from analysis.risk.retained import (
    CarvedOutPeople,
    CoinsuredCosts,
    carved_out_people,
    coinsured,
    some_draws,
)
from analysis.risk.rungs import Rung, fitted_rung, rand_people, rand_priors, rand_rung
from analysis.risk.running_cost import RunningCost, running_cost
from analysis.risk.savings_checks import correlation_by_lag, spread_by_size
from analysis.risk.scores import (
    PredictionScores,
    equal_groups,
    prediction_scores,
    predictive_ratios,
    ratios_with_interval,
    resampled_predictive_ratio,
    resampled_r_squared,
)
from analysis.risk.selection import held_out_profit, predictable_profit
from analysis.risk.severity import CostDistribution, cost_distribution, lognormal_without_tail
from analysis.risk.stop_loss import StopLoss, aggregate_premium, stop_loss
from analysis.risk.synthesis import ScopeVariation, k_by_scope, synthesis_inputs
from analysis.risk.tail_calibration import empirical_survival, exceedance_shares
from analysis.risk.two_way import error_of_outside, summarise_check, two_way_check

__all__ = [
    "SIZES",
    "CarveOut",
    "CarvedOutPeople",
    "CoinsuredCosts",
    "CostDistribution",
    "CoverTerms",
    "HeldOut",
    "LeaveOneOut",
    "Likeness",
    "MsspComponents",
    "Outcome",
    "PoolCalculator",
    "PooledLoss",
    "PredictionScores",
    "Rung",
    "RunningCost",
    "ScopeVariation",
    "Sizes",
    "Spiral",
    "StopLoss",
    "aggregate_premium",
    "attachment_needed",
    "back_test",
    "best_attachment",
    "between_site_spread",
    "break_even_loading",
    "carve_out_excess",
    "carve_out_people",
    "carve_out_service",
    "carved_out_people",
    "cell_index",
    "claims_elasticity",
    "classical_predictions",
    "coinsured",
    "commissioner_spreads",
    "compare_forms",
    "compare_log_scores",
    "correlation_by_lag",
    "cost_distribution",
    "cost_forms",
    "cost_of_cover",
    "empirical_survival",
    "england_sample",
    "england_smallest_pool",
    "england_variation",
    "english_lasting_spread",
    "equal_groups",
    "error_of_outside",
    "exceedance_shares",
    "excess_curve",
    "explained_share",
    "fit_generalised_gamma",
    "fitted_rung",
    "flat_predictions",
    "formula_budgets",
    "held_out_profit",
    "hurdle_held_out",
    "k_by_scope",
    "leave_one_out",
    "likeness",
    "log_density",
    "lognormal_without_tail",
    "mean_cost_gbp",
    "minimum_size",
    "mssp_components",
    "normal_pools",
    "organisation_sizes",
    "outcome_2005",
    "outcomes_2013",
    "outcomes_2017",
    "overspend_probability",
    "person_folds",
    "pool_shortfall",
    "pooled_loss",
    "predictable_profit",
    "prediction_scores",
    "predictive_ratios",
    "premium_spiral",
    "rand_people",
    "rand_priors",
    "rand_rung",
    "ratios_with_interval",
    "resampled_predictive_ratio",
    "resampled_r_squared",
    "resampled_shortfall",
    "reserve_share",
    "running_cost",
    "sicker_mix",
    "site_ratios",
    "size_with_lasting_differences",
    "smallest_pool",
    "some_draws",
    "spread_by_size",
    "spread_needed",
    "stop_loss",
    "summarise_check",
    "survival_of",
    "synthesis_inputs",
    "tolerance_at",
    "top_share",
    "two_way_check",
    "users_share",
    "variation",
    "year_to_year_correlation",
]
