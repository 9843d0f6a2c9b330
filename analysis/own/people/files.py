"""Files of fits: one NetCDF file with the draws, their diagnostics, and their cells."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from analysis.errors import InputError
from analysis.inference.diagnostics import Diagnostics
from analysis.own.people.own_fit import OwnFit
from analysis.population.cell_files import cells_parquet, read_cells
from analysis.tables.read_errors import plain_read_errors

FORMAT = 1
_SAID = "tensuggestions_fit"
_CELLS = "cells_parquet"
_QUANTITIES = ("use", "exceed", "location", "log_scale", "log_tail_scale", "tail_shape")


def fit_netcdf(fitted: OwnFit) -> bytes:
    """Return the bytes of a file of a fit.

    Returns
    -------
    bytes
        NetCDF (HDF5): the draws by name, and the cells as the bytes of their own Parquet file.
    """
    cells = cells_parquet(fitted.cells, fitted.manifest)
    record = {
        "format": FORMAT,
        "crossed": fitted.crossed,
        "diagnostics": [diagnosed.as_dict() for diagnosed in fitted.diagnostics],
    }
    dataset = fitted.posterior.assign({_CELLS: ("byte", np.frombuffer(cells, np.uint8))})
    dataset.attrs = {_SAID: json.dumps(record)}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "fit.nc")
        dataset.to_netcdf(place, engine="h5netcdf")
        return place.read_bytes()


def read_fit(file: Path) -> OwnFit:
    """Read a file of a fit.

    Parameters
    ----------
    file : Path
        As written from `fit_netcdf`.

    Raises
    ------
    InputError
        If the file is absent, damaged, or was not written by the command `fit`.
    """
    with plain_read_errors(file.name):
        if not file.is_file():
            raise InputError("no such file")
        with xr.open_dataset(file, engine="h5netcdf") as stored:
            dataset = stored.load()
        record = json.loads(dataset.attrs.get(_SAID, "{}"))
        if record.get("format") != FORMAT or not {_CELLS, *_QUANTITIES} <= set(dataset.data_vars):
            raise InputError("holds no fit; make it with `python -m analysis fit`")
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "cells.parquet")
            place.write_bytes(dataset[_CELLS].to_numpy().tobytes())
            cells, manifest = read_cells(place)
        posterior = dataset[list(_QUANTITIES)]
        if posterior.sizes.get("cell") != len(cells.table):
            raise InputError("its draws and its cells do not belong together; make it again")
        diagnostics = [Diagnostics(**fields) for fields in record["diagnostics"]]
        return OwnFit(cells, manifest, bool(record["crossed"]), posterior, diagnostics)


def read_cells_or_fit(file: Path) -> OwnFit | tuple[Any, dict[str, Any]]:
    """Read a file of cells or of a fit, told apart by its name's ending.

    Parameters
    ----------
    file : Path
        ``.parquet`` for cells, ``.nc`` for a fit.

    Returns
    -------
    OwnFit, or (RiskCells, dict)
        A fit, or cells with their manifest.

    Raises
    ------
    InputError
        If the file is of neither kind, absent or damaged.
    """
    if file.suffix.lower() == ".nc":
        return read_fit(file)
    if file.suffix.lower() == ".parquet":
        return read_cells(file)
    raise InputError(
        f"{file.name}: give cells (.parquet, made by `cells`) or a fit (.nc, made by `fit`)"
    )
