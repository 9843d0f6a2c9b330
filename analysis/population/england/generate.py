"""Generate English people: any number, seeded, the same whatever the size of a chunk.

People are made in blocks of `BLOCK`, each with its own random stream derived from the seed and the
block's number. A request for some people makes the blocks they lie in, so the people with numbers
1 to 100 are the same in a call for 100 as in a call for 56 million, and parts may be made anywhere.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.population.england.block import BLOCK, england_block
from analysis.population.england.cells import SEXES, england_cells
from analysis.population.england.parameters import EnglandParameters, england_parameters

COLUMNS = (
    "person",
    "year",
    "age_years",
    "age_band",
    "sex",
    "age_sex",
    "deprivation_quintile",
    "diagnosis_groups",
    "hospital_cost_gbp",
    "other_care_cost_gbp",
    "primary_care_cost_gbp",
    "annual_cost_gbp",
    "prior_year_cost_gbp",
    "persistent_need",
    "need",
    "expected_cost_gbp",
    "expected_cost_given_persistent_need_gbp",
    "expected_cost_given_age_sex_gbp",
    "expected_cost_given_diagnoses_gbp",
    "expected_hospital_cost_gbp",
    "expected_hospital_cost_given_persistent_need_gbp",
    "expected_hospital_cost_given_age_sex_gbp",
    "expected_hospital_cost_given_diagnoses_gbp",
)
"""Columns of the generated people, in order; `generate_england` says what they mean."""


def generate_england(
    people: int,
    seed: int,
    years: int = 2,
    parameters: EnglandParameters | None = None,
    columns: Sequence[str] = COLUMNS,
    first_person: int = 1,
) -> pd.DataFrame:
    """Generate people with the ages, sexes and deprivation of England and their costs, with truth.

    Parameters
    ----------
    people : int
        Number of people, at least 1.
    seed : int
        Root of all random numbers, at least 0.
    years : int
        Years of each person, at least 1. One more is made before the first, for
        `prior_year_cost_gbp`. Age does not change between years, nobody is born and nobody dies.
    parameters : EnglandParameters, optional
        Default: the calibrated ones.
    columns : sequence of str
        Those of `COLUMNS` that are wanted; fewer are quicker.
    first_person : int
        Number of the first person, at least 1: a population can be made in parts.

    Returns
    -------
    DataFrame, one row a person and year, people in order and years in order within a person

        - ``person`` (int32, from `first_person`), ``year`` (int8, from 1)
        - ``age_years`` (int8; 85 is 85 and over), ``age_band``, ``sex``, ``age_sex`` (categories
          such as ``"40-44"``, ``"female"``, ``"40-44 female"``), ``deprivation_quintile`` (int8; 1
          is the most deprived)
        - ``diagnosis_groups`` (uint8): which of six groups of diagnoses were recorded in the two
          years before the first; bit *g* is group *g* + 1, from the commonest to the rarest
        - ``hospital_cost_gbp`` (admissions and outpatient care), ``other_care_cost_gbp`` (all other
          secondary care), ``primary_care_cost_gbp`` (with dental and eye care), their sum
          ``annual_cost_gbp``, and ``prior_year_cost_gbp``, the sum a year earlier (float32, GBP)
        - truth (float32): ``persistent_need``, ``need`` (of the year; both have mean 1), and
          expected costs in GBP: ``expected_cost_gbp`` given all that is known before chance
          strikes (cell and need of the year), ``..._given_persistent_need_gbp`` (cell and
          persistent need: what a perfect forecast knows), ``..._given_age_sex_gbp``,
          ``..._given_diagnoses_gbp`` (age, sex, diagnosis groups); the same for hospital cost.

    Raises
    ------
    InputError
        If a number is out of range or a column unknown.

    Examples
    --------
    >>> generate_england(3, seed=1, years=1, columns=["person", "deprivation_quintile"]).shape
    (3, 2)
    """
    _check(people, seed, years, columns, first_person)
    parameters = england_parameters() if parameters is None else parameters
    last = first_person + people - 1
    first_block, last_block = (first_person - 1) // BLOCK, (last - 1) // BLOCK
    parts = []
    for block in range(first_block, last_block + 1):
        made = england_block(parameters, seed, block, years, set(columns))
        start = max(first_person - 1 - block * BLOCK, 0)
        end = min(last - block * BLOCK, BLOCK)
        parts.append({name: values[start * years : end * years] for name, values in made.items()})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    return _frame(joined)


def generate_england_chunks(
    people: int,
    seed: int,
    years: int = 2,
    parameters: EnglandParameters | None = None,
    columns: Sequence[str] = COLUMNS,
    people_per_chunk: int = 16 * BLOCK,
) -> Iterator[pd.DataFrame]:
    """Generate people chunk by chunk, so that memory does not grow with their number.

    Parameters
    ----------
    people, seed, years, parameters, columns
        See `generate_england`; the people are the same.
    people_per_chunk : int
        People in a chunk, at least 1; multiples of `BLOCK` waste nothing.

    Yields
    ------
    DataFrame
        See `generate_england`; a chunk of a million people, one year and all columns takes 90 MB.
    """
    if people_per_chunk < 1:
        raise InputError(f"people_per_chunk: {people_per_chunk} is not at least 1")
    _check(people, seed, years, columns, 1)
    for first in range(1, people + 1, people_per_chunk):
        count = min(people_per_chunk, people - first + 1)
        yield generate_england(count, seed, years, parameters, columns, first)


def write_england(
    path: Path,
    people: int,
    seed: int,
    years: int = 1,
    parameters: EnglandParameters | None = None,
    columns: Sequence[str] = COLUMNS,
) -> None:
    """Write generated people to one Parquet file, chunk by chunk.

    Parameters
    ----------
    path : Path
        Written under a temporary name and renamed when complete.
    people, seed, years, parameters, columns
        See `generate_england`.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    writer = None
    try:
        for chunk in generate_england_chunks(people, seed, years, parameters, columns):
            table = pa.Table.from_pandas(chunk, preserve_index=False)
            if writer is None:
                writer = pq.ParquetWriter(draft, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _check(people: int, seed: int, years: int, columns: Sequence[str], first_person: int) -> None:
    floors = {"people": 1, "seed": 0, "years": 1, "first_person": 1}
    found = {"people": people, "seed": seed, "years": years, "first_person": first_person}
    for name, floor in floors.items():
        if found[name] < floor:
            raise InputError(f"{name}: {found[name]} is not at least {floor}")
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise InputError(f"columns: there is no {unknown[0]!r}; there are {', '.join(COLUMNS)}")


def _frame(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Turn codes into categories."""
    cells = england_cells()
    labels = {"age_band": cells.age_band_labels, "sex": SEXES, "age_sex": cells.age_sex_labels}
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(values, pd.Index(labels[name]))
            if name in labels
            else values
            for name, values in columns.items()
        }
    )
