"""The survey's frozen cells: they add up, give the k of the rows, and show no few people."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError
from analysis.evidence.meps import (
    AGES,
    FORMULAS,
    PAIRS,
    measured_draws,
    meps_cells_by_age_sex,
    meps_cells_of_formula,
    meps_costs,
    meps_sample,
    meps_scores,
    meps_services,
    meps_variation,
    sample_name,
)
from analysis.fits.meps_cells import meps_cells
from analysis.intervals import median_and_interval

SAMPLES = [sample_name(ages, year) for year in (None, 2012, 2013, 2014, 2015) for ages in AGES]
WHO = {"all ages": "all", "0-64": "under_65", "65+": "over_64"}
"""Words of the independent table of k, and ours."""


@pytest.mark.unit
@pytest.mark.parametrize("sample", [*SAMPLES, PAIRS])
def test_cells_and_costs_tell_the_same_people(sample):
    cells, costs, about = meps_cells_by_age_sex(sample), meps_costs(sample), meps_sample(sample)
    assert cells["rows"].sum() == about["rows"]
    assert costs["n"].sum() == pytest.approx(cells["n_positive"].sum(), rel=1e-4)
    assert costs["cost_above"].is_monotonic_increasing
    assert about["threshold_usd"] in set(costs["cost_above"])
    assert cells["n"].to_numpy() == pytest.approx(cells["member_years"].to_numpy(), rel=1e-3)


def k_of_costs(sample):
    costs, n = meps_costs(sample), meps_cells_by_age_sex(sample)["n"].sum()
    # Within a bin log cost is next to uniform; its moments are those of a normal to a hair.
    log, spread = costs["mean_log"], costs["variance_log"]
    mean = costs["n"] @ np.exp(log + spread / 2) / n
    return np.sqrt(costs["n"] @ np.exp(2 * log + 2 * spread) / n - mean**2) / mean


@pytest.mark.unit
@pytest.mark.parametrize("sample", [*SAMPLES, PAIRS])
def test_the_pooled_costs_give_the_k_of_the_rows(sample):
    assert k_of_costs(sample) == pytest.approx(meps_variation(sample).loc["k", "value"], rel=0.02)


@pytest.mark.unit
def test_what_a_cell_tells_of_whole_costs_gives_the_k_of_the_rows():
    cells = meps_cells_by_age_sex("over_64_2012_2015")
    assert cells["sum_cost"].notna().all()
    mean = cells["sum_cost"].sum() / cells["n"].sum()
    k = np.sqrt(cells["sum_cost_squared"].sum() / cells["n"].sum() - mean**2) / mean
    observed = meps_variation("over_64_2012_2015").loc["k", "value"]
    assert k == pytest.approx(observed, rel=2e-3)


@pytest.mark.unit
def test_young_old_and_those_who_left_are_everybody():
    rows = {ages: meps_sample(sample_name(ages))["rows"] for ages in AGES}
    cells = meps_cells_by_age_sex("all_2012_2015")
    left = cells.loc[cells["age_sex"].str.startswith("not known"), "rows"].sum()
    assert rows["all"] == rows["under_65"] + rows["over_64"] + left


@pytest.mark.unit
def test_four_years_are_the_years():
    for ages in AGES:
        years = [meps_sample(sample_name(ages, year))["rows"] for year in range(2012, 2016)]
        assert meps_sample(sample_name(ages))["rows"] == sum(years)


@pytest.mark.integration
def test_k_is_that_of_the_independent_table(raw_folder):
    file = raw_folder / "meps_2012_2015" / "k_table.csv"
    if not file.is_file():
        pytest.skip("no table of k beside the raw files")
    table = pd.read_csv(file)
    # Its unweighted columns count people out of scope too, whom our samples leave out.
    columns = {
        "mean (weighted)": ("mean_usd", 0.006),
        "k weighted": ("k", 0.0006),
        "k p99 weighted": ("k_p99", 0.0006),
        "share zero": ("share_without_cost", 0.0006),
    }
    for row in table.to_dict("records"):
        sample = sample_name(WHO[row["who"]], row["year"])
        assert meps_sample(sample)["rows"] == row["rows w>0"]
        found = meps_variation(sample)["value"]
        for column, (measure, rounding) in columns.items():
            assert found[measure] == pytest.approx(row[column], abs=rounding), (sample, column)


@pytest.mark.unit
def test_no_count_is_of_a_few():
    for name in catalogue.resources("meps"):
        table = catalogue.table("meps", name)
        if "rows" in table:
            assert table["rows"].min() >= 10
    tail = catalogue.table("meps", "ladder_cells")
    assert tail["n_tail"].isna().equals(tail["sum_cost"].isna())


@pytest.mark.unit
def test_all_formulas_have_the_same_people():
    tables = {name: meps_cells_of_formula(name) for name in FORMULAS}
    for name in ("rows", "n", "n_positive"):
        totals = [table[name].sum() for table in tables.values()]
        assert totals == pytest.approx([totals[0]] * len(FORMULAS), rel=1e-3)
    assert tables["age_sex"]["rows"].sum() == meps_sample(PAIRS)["rows"]
    assert [name for name in FORMULAS if name in tables["health"]] == ["age_sex", "health"]


@pytest.mark.unit
def test_each_formula_explains_more_than_the_one_before():
    scores = meps_scores().pivot_table(index="formula", columns="measure", values="value")
    ladder = scores.loc[["unadjusted", *FORMULAS]]
    assert ladder["r_squared"].is_monotonic_increasing
    assert ladder["cumming"].is_monotonic_increasing
    assert ladder["k"].is_monotonic_decreasing
    flat = scores.loc["unadjusted", "k"]
    explained = 1 - (ladder["k"] / flat) ** 2
    np.testing.assert_allclose(explained, ladder["r_squared"], atol=1e-4)


@pytest.mark.unit
@pytest.mark.parametrize("ages", AGES)
def test_kinds_of_care_add_up(ages):
    table = meps_services(ages).pivot_table(index="service", columns="measure", values="value")
    assert table["share_of_cost"].sum() == pytest.approx(1, abs=1e-5)
    mean = meps_variation(sample_name(ages)).loc["mean_usd", "value"]
    assert table["mean_usd"].sum() == pytest.approx(mean, rel=1e-5)
    within = meps_variation(sample_name(ages)).loc["k_within_age_sex", "value"]
    assert table["k_of_all_within_age_sex"].to_numpy() == pytest.approx(within, rel=1e-5)
    left = 1 - table["k_of_the_rest_within_age_sex"] / table["k_of_all_within_age_sex"]
    np.testing.assert_allclose(left, table["fall_of_k"], atol=1e-5)


@pytest.mark.unit
def test_draws_of_a_measured_value_give_back_its_interval():
    measured = meps_variation("all_2012_2015").loc["k"]
    middle, low, high = median_and_interval(measured_draws(measured))
    assert middle == pytest.approx(measured["value"], rel=1e-3)
    assert (low, high) == pytest.approx((measured["low"], measured["high"]), rel=1e-3)


@pytest.mark.unit
def test_an_unknown_sample_is_named():
    with pytest.raises(EvidenceError, match="ages 'old': give one of all, under_65, over_64"):
        sample_name("old")
    with pytest.raises(EvidenceError, match="no sample 'all_1999'"):
        meps_sample("all_1999")
    with pytest.raises(EvidenceError, match="formula 'flat'"):
        meps_cells_of_formula("flat")


@pytest.mark.unit
def test_risk_cells_come_without_the_rows():
    cells = meps_cells("under_65_2012_2015")
    assert cells.factors == ("age_sex",)
    assert cells.people == meps_sample("under_65_2012_2015")["rows"]
    mean = meps_variation("under_65_2012_2015").loc["mean_usd", "value"]
    assert cells.mean_cost() == pytest.approx(mean, rel=2e-3)
