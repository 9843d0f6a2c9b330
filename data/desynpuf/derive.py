"""Turn the synthetic Medicare beneficiary files into released cells, as the tutorial's reader does.

Run `python data/desynpuf/derive.py RAW_FOLDER`, where the folder holds the Beneficiary Summary
Files of 2008 and 2009, unpacked or as .csv.gz. `people.sql` makes a table of people, and the
commands of `COMMANDS` make the cells; the tutorial shows both.
"""

import shutil
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from analysis.errors import InputError
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import TableFile, main, require_file
from analysis.report.command_line import CommandLine

FILES = "DE1_0_{year}_Beneficiary_Summary_File_Sample_1"
YEARS = (2008, 2009)

PREPARE = Path(__file__).resolve().with_name("people.sql")

COMMANDS = {
    "cells_by_sex": "cells people.csv --by sex --cost cost --person person "
    "--out cells_by_sex.parquet",
    "cells": "cells people.csv --by sex,age --bands age=0,65,75,85 --cost cost --person person "
    "--earlier cells_by_sex.parquet --out cells.parquet",
    "cells_with_conditions": "cells people.csv --by sex,age,conditions --bands age=0,65,75,85 "
    "--bands conditions=0,1,4 --cost cost --person person --earlier cells.parquet "
    "--out cells_with_conditions.parquet",
}
"""What makes each table, after ``python -m analysis``; each may rest on those before it."""


def derive(raw: Path | None) -> Mapping[str, TableFile]:
    """Make the cells of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder with the files of CMS.

    Returns
    -------
    mapping of str to TableFile
        Released cells by the name of `COMMANDS`, with the manifest in their files.
    """
    if raw is None:
        raise EvidenceError("Name the folder with the Beneficiary Summary Files of CMS.")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for year in YEARS:
            file = _raw_file(raw, FILES.format(year=year))
            shutil.copyfile(file, place / file.name)
        prepare_people(place)
        command = CommandLine(place)
        try:
            for line in COMMANDS.values():
                command(line)
        except InputError as error:
            raise EvidenceError(str(error)) from error
        return {name: _made(place / f"{name}.parquet") for name in COMMANDS}


def prepare_people(folder: Path) -> None:
    """Run `people.sql` in a folder with the files of CMS; it writes people.csv there.

    Parameters
    ----------
    folder : pathlib.Path
    """
    with chdir(folder), duckdb.connect() as connection:
        connection.execute(PREPARE.read_text(encoding="utf-8"))


def _raw_file(raw: Path, name: str) -> Path:
    unpacked = raw / f"{name}.csv"
    return unpacked if unpacked.is_file() else require_file(raw, f"{name}.csv.gz")


def _made(file: Path) -> TableFile:
    return TableFile(pd.read_parquet(file), file.read_bytes())


if __name__ == "__main__":
    main(__file__, derive)
