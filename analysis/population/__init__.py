"""People and what they cost: risk groups and risk cells (sufficient statistics)."""

from analysis.population.cells import RiskCells, risk_cells, tail_edges
from analysis.population.clustering import DesignEffects, design_effects
from analysis.population.england import (
    EnglandParameters,
    england_parameters,
    generate_england,
    generate_england_chunks,
    write_england,
)
from analysis.population.groups import LADDER, add_risk_groups, with_history

__all__ = [
    "LADDER",
    "DesignEffects",
    "EnglandParameters",
    "RiskCells",
    "add_risk_groups",
    "design_effects",
    "england_parameters",
    "generate_england",
    "generate_england_chunks",
    "risk_cells",
    "tail_edges",
    "with_history",
    "write_england",
]
