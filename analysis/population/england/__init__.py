"""The England generator: people with English ages, sexes, deprivation, needs and costs."""

from analysis.population.england.cells import EnglandCells, england_cells
from analysis.population.england.concentration import Sample, concentration, lorenz_curve
from analysis.population.england.generate import (
    COLUMNS,
    generate_england,
    generate_england_chunks,
    write_england,
)
from analysis.population.england.measures import england_measures
from analysis.population.england.moments import CostMoments, england_moments
from analysis.population.england.parameters import (
    EnglandParameters,
    england_draws,
    england_parameters,
)

__all__ = [
    "COLUMNS",
    "CostMoments",
    "EnglandCells",
    "EnglandParameters",
    "Sample",
    "concentration",
    "england_cells",
    "england_draws",
    "england_measures",
    "england_moments",
    "england_parameters",
    "generate_england",
    "generate_england_chunks",
    "lorenz_curve",
    "write_england",
]
