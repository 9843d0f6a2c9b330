"""A user's own population: the book's cost model fitted to their cells, and what follows."""

from analysis.risk.own_data.example import example_people, example_truth
from analysis.risk.own_data.files import fit_netcdf, read_cells_or_fit, read_fit
from analysis.risk.own_data.fitting import OwnFit, fit_cells, own_priors
from analysis.risk.own_data.measures import (
    explained,
    size_grid,
    sizes,
    stop_loss_table,
    tolerance_of_any_size,
    true_answers,
)
from analysis.risk.own_data.settings import Settings, default_settings

__all__ = [
    "OwnFit",
    "Settings",
    "default_settings",
    "example_people",
    "example_truth",
    "explained",
    "fit_cells",
    "fit_netcdf",
    "own_priors",
    "read_cells_or_fit",
    "read_fit",
    "size_grid",
    "sizes",
    "stop_loss_table",
    "tolerance_of_any_size",
    "true_answers",
]
