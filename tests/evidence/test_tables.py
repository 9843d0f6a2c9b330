"""What the person, claim and England tables must satisfy, and published totals they reproduce."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import england
from analysis.evidence.binning import binned_sums, log_edges, merge_small_bands
from analysis.evidence.errors import EvidenceError
from analysis.evidence.facts import fact
from analysis.evidence.large_claims import large_claims
from analysis.evidence.rand_hie import person_years


@pytest.fixture(scope="module")
def people():
    return person_years()


@pytest.mark.unit
def test_person_years_are_one_a_person_and_year(people):
    assert len(people) == 20_190
    assert people["person"].nunique() == 5_912
    assert not people.duplicated(["person", "year"]).any()
    assert (people["person"] // 100_000 == people["site"]).all()


@pytest.mark.unit
def test_cost_is_the_sum_of_its_parts_but_for_two_rows(people):
    parts = people[[f"{p}_cost_usd" for p in ("outpatient", "drug", "supply", "inpatient")]]
    gap = people["annual_cost_usd"] - parts.sum(axis=1)
    assert (gap.abs() > 0.01).sum() == 2
    assert gap.max() == pytest.approx(10.29, abs=0.01)


@pytest.mark.unit
def test_prior_cost_is_that_of_the_year_before(people):
    keyed = people.set_index(["person", "year"])["annual_cost_usd"]
    before = people.set_index(["person", "year"])["prior_year_cost_usd"].dropna()
    assert len(before) == 14_266
    years_before = [(person, year - 1) for person, year in before.index]
    np.testing.assert_array_equal(before, keyed.loc[years_before])


@pytest.mark.unit
def test_prior_cost_is_missing_after_a_gap(people):
    first = people.groupby("person")["year"].transform("min") == people["year"]
    gap = people.groupby("person")["year"].diff() > 1
    missing = people["prior_year_cost_usd"].isna()
    assert gap.sum() == 12
    assert (missing == (first | gap)).all()


@pytest.mark.unit
def test_stated_traps_of_the_person_years(people):
    assert (people["share_of_year_enrolled"] < 1).sum() == 45
    assert people["inpatient_charge_missing"].sum() == 80
    assert people["age_years"].max() < 65
    assert people.loc[people["coinsurance_percent"] == 0, "individual_deductible_plan"].any()
    free = people["plan"] == 11
    assert not people.loc[free, "individual_deductible_plan"].any()
    assert people.loc[free, "coinsurance_percent"].eq(0).all()


@pytest.mark.unit
def test_second_year_gives_the_published_variation_and_concentration(people):
    """Deb and Trivedi (2002) use the second year, of which one person is not in their 5,574."""
    cost = people.loc[people["year"] == 2, "annual_cost_usd"]
    assert len(cost) == 5_575
    published = fact("B-HIE-cv", purpose="validation").value
    assert cost.std() / cost.mean() == pytest.approx(published, abs=0.005)
    assert (cost == 0).mean() == pytest.approx(0.232, abs=0.0005)
    top = cost.nlargest(round(len(cost) / 100)).sum() / cost.sum()
    assert 100 * top == pytest.approx(fact("B-HIE-top1", purpose="validation").value, abs=0.3)


@pytest.mark.unit
def test_large_claims_keep_counts_and_sums():
    bins = large_claims()
    assert bins["n_claims"].sum() == 75_789
    assert bins["n_claims_from_low_up"].iloc[0] == 75_789
    assert (bins["n_claims_from_low_up"].diff(-1).dropna() == bins["n_claims"].iloc[:-1]).all()
    mean = bins["cost_usd_sum"].sum() / bins["n_claims"].sum()
    assert mean == pytest.approx(58_413, abs=1)
    assert (bins["cost_high_usd"].iloc[:-1].to_numpy() == bins["cost_low_usd"].iloc[1:]).all()
    assert np.isnan(bins["cost_high_usd"].iloc[-1])


@pytest.mark.unit
def test_mean_claim_lies_in_its_bin():
    bins = large_claims()
    mean = bins["cost_usd_sum"] / bins["n_claims"]
    assert (mean >= bins["cost_low_usd"]).all()
    assert (mean.iloc[:-1] < bins["cost_high_usd"].iloc[:-1]).all()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("year", "mean"), [("2011/12", "B-ASA-mean11"), ("2014/15", "B-ASA-mean14")]
)
def test_english_mean_cost_is_the_published_one(year, mean):
    cells = england.cost_by_age_sex_deprivation(year)
    here = cells["cost_gbp"].sum() / cells["population"].sum()
    assert here == pytest.approx(fact(mean, purpose="validation").value, abs=0.05)


@pytest.mark.unit
def test_english_cost_by_deprivation_is_the_published_one():
    cells = england.cost_by_age_sex_deprivation("2014/15").groupby("deprivation_quintile").sum()
    for quintile, row in cells.iterrows():
        published = fact(f"B-ASA-imd-Q{quintile}", purpose="validation").value
        assert row["cost_gbp"] / row["population"] == pytest.approx(published, abs=0.05)


@pytest.mark.unit
@pytest.mark.parametrize(("year", "flat"), [("2011/12", 63.58), ("2014/15", 61.49)])
def test_english_cost_is_its_parts_and_a_flat_amount(year, flat):
    cells = england.cost_by_age_sex_deprivation(year)
    parts = ["inpatient_cost_gbp", "other_secondary_cost_gbp", "primary_care_cost_gbp"]
    rest = (cells["cost_gbp"] - cells[parts].sum(axis=1)) / cells["population"]
    np.testing.assert_allclose(rest, flat, atol=0.005)


@pytest.mark.unit
def test_sum_of_squares_is_at_least_the_square_of_the_mean():
    cells = england.cost_by_age_sex_deprivation()
    floor = cells["cost_per_head_gbp"] ** 2 * cells["population"]
    assert (cells["cost_per_head_square_sum"] >= floor * (1 - 1e-9)).all()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("level", "number"),
    [
        ("clinical_commissioning_group", 211),
        ("integrated_care_board", 42),
        ("sub_icb_location", 106),
    ],
)
def test_numbers_of_commissioners(level, number):
    assert len(england.organisations(level)) == number


@pytest.mark.unit
def test_levels_add_up_to_the_same_people():
    boards = england.organisations("integrated_care_board")["people"].sum()
    assert england.organisations("sub_icb_location")["people"].sum() == pytest.approx(boards)
    assert england.size_bins("practice")["people_sum"].sum() == pytest.approx(boards)
    networks = england.size_bins("primary_care_network")
    assert networks["n_organisations"].sum() == 1_255
    assert networks["people_sum"].sum() < boards


@pytest.mark.unit
def test_need_averages_to_one():
    bins = england.need_bins("practice")
    assert bins["weighted_people_sum"].sum() == pytest.approx(bins["people_sum"].sum())
    boards = england.organisations("integrated_care_board")
    assert np.average(boards["need_index"], weights=boards["people"]) == pytest.approx(1)


@pytest.mark.unit
def test_quality_payments_are_a_small_share():
    bands = england.practice_payments("2014/15")
    share = bands["qof_payments_gbp_sum"].sum() / bands["total_payments_gbp_sum"].sum()
    assert share == pytest.approx(0.0904, abs=0.0001)


@pytest.mark.unit
def test_an_unknown_level_or_year_lists_what_there_is():
    with pytest.raises(EvidenceError, match=r"no level 'pct'.*integrated_care_board"):
        england.organisations("pct")
    with pytest.raises(EvidenceError, match=r"no financial_year '2020/21'.*2014/15"):
        england.practice_payments("2020/21")
    with pytest.raises(EvidenceError, match="no year '2014/15'"):
        england.size_bins("primary_care_network", "2014/15")


@pytest.mark.unit
def test_bins_keep_every_value_and_every_sum():
    values = pd.Series(np.random.default_rng(1).lognormal(3, 1.5, 500)) + 1
    edges = log_edges(1, values.max(), 10)
    bins = binned_sums(values, edges, {"total": values}, 5)
    assert bins["n"].sum() == 500
    assert bins["n"].min() >= 5
    assert bins["total"].sum() == pytest.approx(values.sum())


@pytest.mark.unit
def test_a_value_below_the_first_bin_is_refused():
    with pytest.raises(EvidenceError, match="1 is below the first bin, which begins at 2"):
        binned_sums(pd.Series([1.0, 3.0]), np.array([2.0, 3.0]), {}, 1)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("counts", "starts"),
    [
        ([5, 5], [0, 1]),
        ([1, 4, 5, 2], [0, 0, 2, 2]),
        ([0, 0, 3], [0, 0, 0]),
        ([3, 0, 0], [0, 0, 0]),
        ([1, 1], [0, 0]),
        ([3, 1, 1, 3, 1], [0, 1, 1, 1, 1]),
    ],
)
def test_small_bands_are_joined_with_a_neighbour(counts, starts):
    assert merge_small_bands(counts, 3) == starts
