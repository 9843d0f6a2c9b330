"""Cells of a file that `people` wrote, by the rules of release, without a file of cells between."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.own.claims.rows_of_people import WEIGHT
from analysis.own.claims.writing import PEOPLE_KEY
from analysis.population.cell_files import manifest
from analysis.population.disclosure.release import ReleaseRules, release_source
from analysis.population.mean_costs import mean_costs
from analysis.population.risk_cells import RiskCells
from analysis.tables.bands import banded_source
from analysis.tables.people_tables import open_people
from analysis.tables.read_errors import plain_read_errors

FACTORS = ("age", "sex")
COST, PERSON, EXPOSURE = "cost", "person", "exposure"


def is_people(file: Path) -> bool:
    """Return whether a Parquet file was written by `people`."""
    try:
        metadata = pq.read_schema(file).metadata or {}
    except (OSError, ValueError):  # absent or damaged; whoever reads it says so
        return False
    return PEOPLE_KEY in metadata


def cells_of_people(file: Path) -> tuple[RiskCells, dict[str, Any]]:
    """Return the cells that may leave, by age and sex, and their manifest.

    Where the people are of a survey, its weights count.

    Parameters
    ----------
    file : Path
        From `analysis.own.claims.writing.write_people`, of one year.

    Raises
    ------
    InputError
        If it has several years, in which one person would count several times.
    """
    source = open_people(str(file), COST, FACTORS, [EXPOSURE])
    with plain_read_errors(source.name):
        found = source.table.select("year").distinct().order_by("year").execute()["year"]
        if len(found) > 1:
            listed = ", ".join(map(str, found))
            raise InputError(
                f"has the years {listed}, in which the same people count again; write one with "
                f"`people --year {found.iloc[-1]}`"
            )
    source, groupings = banded_source(source, FACTORS, COST, {})
    columns = (WEIGHT if WEIGHT in source.table.columns else None, EXPOSURE)
    release = release_source(source, FACTORS, COST, ReleaseRules(), PERSON, *columns)
    effect = mean_costs(source.table, COST, *columns).weight_effect
    record = manifest(source, COST, release, *columns)
    record |= {"weight_effect": round(effect, 2)}
    return release.cells, record | {"bands": [each.as_manifest() for each in groupings]}
