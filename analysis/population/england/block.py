"""One block of generated people: every random number of the generator is drawn here."""

from dataclasses import replace
from functools import cache

import numpy as np

from analysis.population.england.diagnoses import (
    diagnosis_intensity,
    diagnosis_table,
    draw_patterns,
)
from analysis.population.england.parameters import DIAGNOSIS_GROUPS, EnglandParameters
from analysis.population.england.person_costs import (
    PersonCostModel,
    Scope,
    SpellCare,
    expected_cost,
    lognormal_mean_one,
    person_cost_model,
)

BLOCK = 65_536
"""People made together: few enough for the processor's cache."""

Columns = dict[str, np.ndarray]

_EXPECTED: dict[str, Scope] = {"expected_cost": "total", "expected_hospital_cost": "hospital"}


@cache
def single_precision_model(parameters: EnglandParameters) -> PersonCostModel:
    """Return the cost model in single precision, which the generated columns have anyway."""
    model = person_cost_model(parameters)

    def single(care: SpellCare) -> SpellCare:
        return replace(care, mean=care.mean.astype("f4"), rate=care.rate.astype("f4"))

    return replace(
        model,
        admission=single(model.admission),
        outpatient=single(model.outpatient),
        other_care=single(model.other_care),
    )


@cache
def _lookups(parameters: EnglandParameters) -> Columns:
    """Expected costs by age and sex, and by age, sex and pattern of diagnoses."""
    model = person_cost_model(parameters)
    table = diagnosis_table(model)
    by_age_sex = model.cells.by_age_sex
    return {
        "expected_cost_given_age_sex_gbp": by_age_sex(model.cells.total).astype("f4"),
        "expected_hospital_cost_given_age_sex_gbp": by_age_sex(model.hospital_mean).astype("f4"),
        "expected_cost_given_diagnoses_gbp": table.expected["total"].astype("f4"),
        "expected_hospital_cost_given_diagnoses_gbp": table.expected["hospital"].astype("f4"),
    }


def england_block(
    parameters: EnglandParameters, seed: int, block: int, years: int, columns: set[str]
) -> Columns:
    """Return the wanted columns for all people of one block, numbered from 0.

    The random numbers depend on the seed and the block alone, not on the parameters, the columns or
    the number of years. One more year is made before the first.

    Returns
    -------
    dict of str to ndarray, shape (BLOCK * years,)
        Years in order within a person; categories as codes.
    """
    stream = np.random.SeedSequence(seed, spawn_key=(block,))
    random = np.random.Generator(np.random.SFC64(stream))
    model = single_precision_model(parameters)
    person = _people(model, random, block, columns)
    history = [
        _year(model, person["cell"], person["persistent_log_need"], random)
        for _ in range(years + 1)
    ]
    constant = _person_columns(model, person, columns)
    constant = {name: values for name, values in constant.items() if name in columns}
    if years > 1:
        constant = {name: values.repeat(years) for name, values in constant.items()}
    return constant | _year_columns(model, person["cell"], history, columns)


def _people(
    model: PersonCostModel, random: np.random.Generator, block: int, columns: set[str]
) -> Columns:
    """Cell, age, persistent need and diagnoses of the people of a block."""
    cells = model.cells
    cumulative = np.cumsum(cells.share)[:-1].astype("f4")
    cell = np.searchsorted(cumulative, random.random(BLOCK, np.float32), side="right")
    age_uniform = random.random(BLOCK, np.float32)
    normal = random.standard_normal(BLOCK, np.float32)
    diagnosis_uniform = random.random((DIAGNOSIS_GROUPS, BLOCK), np.float32)
    persistent = np.float32(model.parameters.persistent_need_log_sd) * normal
    age_offset = (age_uniform * cells.age_years_wide[cell]).astype(np.int8)
    person: Columns = {
        "person": np.arange(block * BLOCK + 1, (block + 1) * BLOCK + 1, dtype=np.int32),
        "cell": cell,
        "persistent_log_need": persistent,
        "age_years": cells.age_low.astype(np.int8)[cell] + age_offset,
    }
    if any("diagnos" in name for name in columns):
        intensity = diagnosis_intensity(model, cell, persistent)
        person["diagnosis_groups"] = draw_patterns(model, intensity, diagnosis_uniform)
    return person


def _year(
    model: PersonCostModel, cell: np.ndarray, persistent: np.ndarray, random: np.random.Generator
) -> Columns:
    """Costs by kind, and the log need, of one year of some people."""
    parameters, people = model.parameters, len(cell)
    normal = random.standard_normal((5, people), np.float32)
    admission_tail, other_tail = random.standard_exponential((2, people), np.float32)
    uniform = random.random((3, people), np.float32)
    log_need = persistent + np.float32(parameters.transitory_need_log_sd) * normal[0]
    need = lognormal_mean_one(log_need, parameters.need_log_variance)
    no_tail = np.zeros(1, np.float32)
    hospital = model.admission.cost(cell, need, uniform[0], normal[1], admission_tail)
    hospital += model.outpatient.cost(cell, need, uniform[1], normal[2], no_tail)
    other_care = model.other_care.cost(cell, need, uniform[2], normal[3], other_tail)
    elasticity, log_sd = parameters.primary_need_elasticity, parameters.primary_cost_log_sd
    deviation = np.float32(elasticity) * log_need + np.float32(log_sd) * normal[4]
    variance = elasticity**2 * parameters.need_log_variance + log_sd**2
    primary = model.primary_mean.astype("f4")[cell] * lognormal_mean_one(deviation, variance)
    primary += model.cells.flat.astype("f4")[cell]
    return {
        "log_need": log_need,
        "need": need,
        "hospital_cost_gbp": hospital,
        "other_care_cost_gbp": other_care,
        "primary_care_cost_gbp": primary,
        "annual_cost_gbp": hospital + other_care + primary,
    }


def _person_columns(model: PersonCostModel, person: Columns, columns: set[str]) -> Columns:
    """Columns that do not change with the year."""
    cells, cell, persistent = model.cells, person["cell"], person["persistent_log_need"]
    age_sex = cells.age_sex[cell]
    values_of = dict(person)
    codes = {"age_band": cells.age_band, "sex": cells.sex, "age_sex": cells.age_sex}
    codes["deprivation_quintile"] = cells.deprivation_quintile
    values_of |= {
        name: code.astype(np.int8)[cell] for name, code in codes.items() if name in columns
    }
    variance = model.parameters.persistent_need_log_sd**2
    if "persistent_need" in columns:
        values_of["persistent_need"] = lognormal_mean_one(persistent, variance)
    for name, scope in _EXPECTED.items():
        if (wanted := f"{name}_given_persistent_need_gbp") in columns:
            values_of[wanted] = expected_cost(model, scope, cell, persistent, variance)
    if any(name.endswith(("_given_age_sex_gbp", "_given_diagnoses_gbp")) for name in columns):
        for name, values in _lookups(model.parameters).items():
            if name in columns:
                key = (age_sex,) if values.ndim == 1 else (age_sex, person["diagnosis_groups"])
                values_of[name] = values[key]
    return values_of


def _year_columns(
    model: PersonCostModel, cell: np.ndarray, history: list[Columns], columns: set[str]
) -> Columns:
    """Columns that change with the year, in person-major order."""
    published = history[1:]
    by_year = {name: [year[name] for year in published] for name in history[0]}
    by_year["prior_year_cost_gbp"] = [year["annual_cost_gbp"] for year in history[:-1]]
    by_year["year"] = [np.full(len(cell), n, np.int8) for n in range(1, len(history))]
    variance = model.parameters.need_log_variance
    for name, scope in _EXPECTED.items():
        if (wanted := f"{name}_gbp") in columns:
            by_year[wanted] = [
                expected_cost(model, scope, cell, year["log_need"], variance) for year in published
            ]
    return {
        name: values[0] if len(values) == 1 else np.stack(values, axis=1).reshape(-1)
        for name, values in by_year.items()
        if name in columns
    }
