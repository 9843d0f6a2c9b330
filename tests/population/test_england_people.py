"""The England generator: the same people whatever the chunk, English margins, and a true truth."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.population.england.block import BLOCK
from analysis.population.england.cells import england_cells
from analysis.population.england.generate import (
    COLUMNS,
    generate_england,
    generate_england_chunks,
    write_england,
)
from analysis.population.england.parameters import england_parameters
from analysis.population.england.person_costs import person_cost_model

SEED = 20140401
PEOPLE = 600_000


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return generate_england(PEOPLE, SEED, years=1)


def group_errors(values: pd.Series, groups: pd.Series, wanted: pd.Series) -> pd.Series:
    """Mean of each group less the wanted mean, in standard errors."""
    found = values.astype(float).groupby(groups, observed=True).agg(["mean", "std", "size"])
    return (found["mean"] - wanted) / (found["std"] / np.sqrt(found["size"]))


@pytest.mark.unit
def test_the_same_seed_makes_the_same_people_and_another_makes_others():
    first, again = generate_england(2_000, SEED), generate_england(2_000, SEED)
    assert first.equals(again)
    other = generate_england(2_000, SEED + 1)
    assert not np.allclose(first["annual_cost_gbp"], other["annual_cost_gbp"])


@pytest.mark.unit
@pytest.mark.parametrize("size", [BLOCK, BLOCK - 1, 30_011, 200_000])
def test_people_do_not_depend_on_the_chunk(size):
    wanted = generate_england(150_000, SEED, columns=COLUMNS[:13])
    chunks = generate_england_chunks(150_000, SEED, columns=COLUMNS[:13], people_per_chunk=size)
    found = pd.concat(chunks, ignore_index=True)
    assert found.equals(wanted)


@pytest.mark.unit
def test_people_may_be_made_in_parts_and_in_any_order():
    whole = generate_england(BLOCK + 5_000, SEED, years=1)
    part = generate_england(4_000, SEED, years=1, first_person=BLOCK - 1_999)
    expected = whole.iloc[BLOCK - 2_000 : BLOCK + 2_000].reset_index(drop=True)
    assert part.equals(expected)
    assert part["person"].iloc[0] == BLOCK - 1_999


@pytest.mark.unit
def test_more_years_and_fewer_columns_leave_the_people_as_they_are():
    one, three = (generate_england(1_000, SEED, years=years) for years in (1, 3))
    first = three[three["year"] == 1].reset_index(drop=True)
    assert first.equals(one)
    assert three["person"].tolist() == list(np.repeat(np.arange(1, 1_001), 3))
    for column in COLUMNS[5::4]:
        alone = generate_england(1_000, SEED, years=3, columns=[column])
        assert alone[column].equals(three[column])


@pytest.mark.unit
def test_last_years_cost_is_the_cost_of_the_year_before():
    rows = generate_england(1_000, SEED, years=3)
    cost = rows["annual_cost_gbp"].to_numpy().reshape(-1, 3)
    prior = rows["prior_year_cost_gbp"].to_numpy().reshape(-1, 3)
    np.testing.assert_array_equal(prior[:, 1:], cost[:, :-1])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"people": 0}, "people: 0 is not at least 1"),
        ({"years": 0}, "years: 0 is not at least 1"),
        ({"seed": -1}, "seed: -1 is not at least 0"),
        ({"first_person": 0}, "first_person: 0 is not at least 1"),
        ({"columns": ["cost"]}, "there is no 'cost'; there are person, year"),
    ],
)
def test_wrong_input_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        generate_england(**{"people": 10, "seed": 1, **arguments})
    with pytest.raises(InputError, match="people_per_chunk: 0"):
        next(generate_england_chunks(10, 1, people_per_chunk=0))


@pytest.mark.unit
def test_parquet_holds_the_same_people_and_is_never_half_written(tmp_path, monkeypatch):
    file = tmp_path / "people.parquet"
    write_england(file, BLOCK + 10, SEED, columns=COLUMNS[:13])
    wanted = generate_england(BLOCK + 10, SEED, years=1, columns=COLUMNS[:13])
    assert pd.read_parquet(file).equals(wanted)

    def broken(*_args: object) -> None:
        raise OSError("disk full")
        yield

    monkeypatch.setattr("analysis.population.england.generate.generate_england_chunks", broken)
    with pytest.raises(OSError, match="disk full"):
        write_england(file, 10, SEED)
    assert [found.name for found in tmp_path.iterdir()] == ["people.parquet"]
    assert len(pd.read_parquet(file)) == BLOCK + 10


@pytest.mark.integration
def test_people_have_the_ages_sexes_and_deprivation_of_england(people):
    cells = england_cells()
    code = people["age_sex"].cat.codes.astype(int) * 10 + people["deprivation_quintile"]
    counts = np.bincount(code)[cells.age_sex * 10 + cells.deprivation_quintile]
    wanted = PEOPLE * cells.share
    assert counts.sum() == PEOPLE
    chi_square = ((counts - wanted) ** 2 / wanted).sum()
    assert chi_square < 189 + 4 * np.sqrt(2 * 189)
    ages = people.groupby("age_band", observed=True)["age_years"].agg(["min", "max"])
    assert ages.loc["40-44"].tolist() == [40, 44]
    assert ages.loc["85+"].tolist() == [85, 85]
    joined = people["age_band"].astype(str) + " " + people["sex"].astype(str)
    assert (people["age_sex"].astype(str) == joined).all()


@pytest.mark.integration
def test_mean_cost_is_the_tables_in_every_cell(people):
    """Each kind of care, in each of the 190 cells, up to chance."""
    cells = england_cells()
    model = person_cost_model(england_parameters())
    code = people["age_sex"].cat.codes.astype(int) * 10 + people["deprivation_quintile"]
    index = cells.age_sex * 10 + cells.deprivation_quintile
    means = {
        "hospital_cost_gbp": model.hospital_mean,
        "other_care_cost_gbp": model.other_care.mean,
        "primary_care_cost_gbp": cells.primary,
        "annual_cost_gbp": cells.total,
    }
    for column, mean in means.items():
        errors = group_errors(people[column], code, pd.Series(mean, index=index))
        # A heavy tail makes a mean fall short more often than not, and overshoot now and then.
        assert errors.between(-6, 6).all(), column
        assert abs(errors.mean()) < 0.4, column
        assert 0.7 < errors.std() < 1.6, column


@pytest.mark.integration
@pytest.mark.parametrize("scope", ["hospital_", ""])
@pytest.mark.parametrize(
    "given", ["", "_given_persistent_need", "_given_age_sex", "_given_diagnoses"]
)
def test_expected_cost_is_the_mean_of_cost(people, scope, given):
    """Among people with the same expected cost, the mean cost is that."""
    expected = people[f"expected_{scope}cost{given}_gbp"].astype(float)
    cost = people["hospital_cost_gbp" if scope else "annual_cost_gbp"].astype(float)
    group = pd.qcut(expected, 30, labels=False, duplicates="drop")
    none = pd.Series(0.0, index=range(group.max() + 1))
    errors = group_errors(cost - expected, group, none)
    assert errors.abs().max() < 4.5
    assert abs(errors.mean()) < 1


@pytest.mark.integration
def test_knowing_more_never_predicts_worse(people):
    chain = ["_given_age_sex", "_given_diagnoses"], ["_given_age_sex", "_given_persistent_need", ""]
    for knowledge in chain:
        spread = [people[f"expected_cost{given}_gbp"].astype(float).var() for given in knowledge]
        assert spread == sorted(spread)


@pytest.mark.integration
def test_parts_add_up_and_need_has_mean_one(people):
    parts = ["hospital_cost_gbp", "other_care_cost_gbp", "primary_care_cost_gbp"]
    total = people[parts].astype(float).sum(axis=1)
    np.testing.assert_allclose(people["annual_cost_gbp"], total, rtol=1e-5)
    assert (people[parts] >= 0).all(axis=None)
    assert people["need"].mean() == pytest.approx(1, abs=0.02)
    assert people["persistent_need"].mean() == pytest.approx(1, abs=0.02)
    assert people["diagnosis_groups"].between(0, 63).all()


@pytest.mark.unit
def test_the_oldest_are_put_back():
    """The source's row of 85 and over holds those of exactly 85 in 2014/15."""
    restored, source = england_cells(), england_cells(oldest_restored=False)
    oldest = restored.age_low == 85
    assert source.people[oldest].sum() == 202_900
    assert restored.people[oldest].sum() == pytest.approx(1.27e6, rel=0.01)
    np.testing.assert_array_equal(restored.people[~oldest], source.people[~oldest])
    # Office for National Statistics, mid-2014: 54.3 million people in England.
    assert restored.people.sum() == pytest.approx(54.3e6, rel=0.002)
    for cells in (restored, source):
        assert cells.average(cells.total) == pytest.approx(1838.6, abs=0.05)
    scale = restored.total / source.total
    np.testing.assert_allclose(scale, scale[0])
