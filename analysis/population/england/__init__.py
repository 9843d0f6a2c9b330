"""The England generator: people with English ages, sexes, deprivation, needs and costs."""

from analysis.population.england.cells import EnglandCells, england_cells
from analysis.population.england.generate import (
    COLUMNS,
    generate_england,
    generate_england_chunks,
    write_england,
)
from analysis.population.england.parameters import EnglandParameters, england_parameters

__all__ = [
    "COLUMNS",
    "EnglandCells",
    "EnglandParameters",
    "england_cells",
    "england_parameters",
    "generate_england",
    "generate_england_chunks",
    "write_england",
]
