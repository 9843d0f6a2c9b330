"""Risk cells of the Medical Expenditure Panel Survey, from its frozen tables."""

from analysis.evidence.meps import (
    FORMULAS,
    PAIRS,
    meps_cells_by_age_sex,
    meps_cells_of_formula,
    meps_costs,
    meps_sample,
)
from analysis.population.clustering import DesignEffects
from analysis.population.risk_cells import RiskCells


def meps_cells(sample: str) -> RiskCells:
    """Return the cells of a sample by age and sex."""
    about = meps_sample(sample)
    table = meps_cells_by_age_sex(sample)
    return RiskCells(table, meps_costs(sample), float(about["threshold_usd"]), ("age_sex",))


def meps_ladder_cells(formula: str) -> RiskCells:
    """Return the cells of people whose year before is known, by the groups of a budget formula."""
    table, threshold = meps_cells_of_formula(formula), meps_sample(PAIRS)["threshold_usd"]
    factors = tuple(name for name in FORMULAS if name in table.columns)
    return RiskCells(table, meps_costs(PAIRS), float(threshold), factors)


def meps_effects(sample: str) -> DesignEffects:
    """Return how much unequal weights and repeated people weaken what a sample tells."""
    about = meps_sample(sample)
    return DesignEffects(*(float(about[f"effect_{part}"]) for part in ("body", "exceed", "tail")))
