"""People and what they cost: risk groups and risk cells (sufficient statistics)."""

from analysis.population.cells import RiskCells, risk_cells, tail_edges
from analysis.population.clustering import DesignEffects, design_effects
from analysis.population.groups import LADDER, add_risk_groups

__all__ = [
    "LADDER",
    "DesignEffects",
    "RiskCells",
    "add_risk_groups",
    "design_effects",
    "risk_cells",
    "tail_edges",
]
