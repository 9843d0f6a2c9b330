"""Cells of ACO-years: exact recombination, published tables, small cells and raw traps."""

import gzip
import hashlib
import re

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import catalogue, mssp
from analysis.evidence.errors import EvidenceError
from analysis.evidence.facts import fact, facts
from analysis.evidence.mssp_raw import FILES, _number, _quality, _read_text, aco_years
from analysis.evidence.mssp_sums import (
    PAIR_COLUMNS,
    SUM_COLUMNS,
    combine,
    row_terms,
    with_moments,
    with_pair_moments,
)
from analysis.evidence.packaging import csv_bytes, to_significant_digits


@pytest.fixture(scope="module")
def cells():
    return mssp.cells()


@pytest.fixture(scope="module")
def rows(raw_folder):
    return aco_years(raw_folder)


@pytest.fixture(scope="module")
def tables(raw_folder):
    folder = raw_folder.parent / "facts" / "tables"
    if not folder.is_dir():
        pytest.skip("no working tables beside the raw files")
    return folder


@pytest.mark.unit
def test_cells_and_cross_section_hold_the_same_aco_years(cells):
    one, other = (combine(t, ["performance_year"]) for t in (cells, mssp.cross_section()))
    pd.testing.assert_frame_equal(one[other.columns], other, rtol=1e-9, check_dtype=False)
    assert one["n_acos"].sum() == 5_271


@pytest.mark.unit
def test_combining_in_two_steps_is_combining_in_one(cells):
    once = combine(cells, ["performance_year"])
    twice = combine(combine(cells, ["performance_year", "start_year"]), ["performance_year"])
    pd.testing.assert_frame_equal(once, twice, rtol=1e-12)


@pytest.mark.integration
def test_cells_combine_to_what_the_rows_give(cells, rows):
    by = ["start_year", "performance_year"]
    here = combine(cells, by).set_index(by)
    grouped = rows.groupby(by, dropna=False)
    direct = grouped["savings_rate"].agg(["size", "mean", "var"])
    np.testing.assert_array_equal(here["n_acos"], direct["size"])
    np.testing.assert_allclose(here["savings_rate_mean"], direct["mean"], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(here["savings_rate_variance"], direct["var"], rtol=1e-8)
    inverse = (1 / rows["assigned_beneficiaries"]).groupby([rows[key] for key in by], dropna=False)
    np.testing.assert_allclose(here["inverse_size_mean"], inverse.mean(), rtol=1e-9)
    quality = grouped["quality_score"].agg(["count", "mean"])
    np.testing.assert_array_equal(here["n_quality"], quality["count"])
    np.testing.assert_allclose(here["quality_mean"], quality["mean"], rtol=1e-9)


@pytest.mark.integration
def test_quality_covariance_is_that_of_the_rows(rows):
    year = rows[rows["performance_year"] == 2021]
    here = combine(mssp.cross_section(), ["performance_year"]).set_index("performance_year")
    direct = year[["quality_score", "savings_rate"]].cov().iloc[0, 1]
    assert here.loc[2021, "quality_rate_covariance"] == pytest.approx(direct, rel=1e-7)


@pytest.mark.integration
def test_pair_sums_are_those_of_the_rows(rows):
    wide = rows.pivot_table("savings_rate", index="aco", columns="performance_year")
    pairs = mssp.pairs()
    for earlier, later in [(2013, 2014), (2018, 2019), (2014, 2021)]:
        both = wide[[earlier, later]].dropna()
        chosen = pairs.query("earlier_year == @earlier and later_year == @later")
        here = with_pair_moments(chosen[PAIR_COLUMNS].sum().to_frame().T).iloc[0]
        assert here["n_pairs"] == len(both)
        assert here["rate_covariance"] == pytest.approx(both.cov().iloc[0, 1], rel=1e-7)
        assert here["change_sd"] == pytest.approx((both[later] - both[earlier]).std(), rel=1e-7)


@pytest.mark.unit
def test_cells_hold_the_pairs_of_one_year_apart_but_for_the_hidden_ones(cells):
    pairs = mssp.pairs()
    adjacent = pairs[pairs["later_year"] == pairs["earlier_year"] + 1]["n_pairs"].sum()
    assert (adjacent, cells["n_pairs"].sum()) == (4_233, 4_092)


@pytest.mark.unit
def test_no_pair_sum_singles_out_an_aco(cells):
    assert not cells["n_pairs"].isin([1, 2]).any()
    left_over = (cells["n_acos"] - cells["n_pairs"]).where(cells["n_pairs"] > 0)
    assert not left_over.isin([1, 2]).any()


@pytest.mark.unit
def test_stayers_have_pairs_and_leavers_none(cells):
    leavers = cells[cells["n_leaving_next_year"] == cells["n_acos"]]
    assert leavers["n_pairs"].eq(0).all()
    stayers = cells[(cells["n_leaving_next_year"] == 0) & (cells["n_pairs"] > 0)]
    assert (stayers["n_pairs"] == stayers["n_acos"]).all()


@pytest.mark.unit
def test_leaving_is_unknown_only_for_the_last_year(cells):
    unknown = cells["n_leaving_next_year"].isna()
    assert (unknown == (cells["performance_year"] == 2024)).all()


@pytest.mark.unit
def test_exit_rates_are_the_published_ones(cells):
    """Fact E-EXIT: 13.3 % (2018), 16.8 % (2019), 7.4 % (2020)."""
    assert fact("E-EXIT", purpose="validation").high == 16.8
    by_year = combine(cells, ["performance_year"]).set_index("performance_year")
    share = 100 * by_year["n_leaving_next_year"] / by_year["n_acos"]
    assert share.loc[[2018, 2019, 2020]].round(1).tolist() == [13.3, 16.8, 7.4]


@pytest.mark.unit
def test_start_years(cells):
    assert (cells["programme_year"].dropna() >= 1).all()
    unknown = cells[cells["start_year"].isna()]
    by_year = unknown.groupby("performance_year")["n_acos"].sum()
    assert by_year.to_dict() == {2022: 21, 2023: 29, 2024: 37}


@pytest.mark.unit
@pytest.mark.parametrize("year", range(2013, 2022))
def test_yearly_numbers_are_the_published_facts(cells, year):
    """Facts E-PUF: number of ACOs, mean size, share positive and at or above the minimum."""
    row = combine(cells, ["performance_year"]).set_index("performance_year").loc[year]
    text = fact(f"E-PUF-{year}", purpose="validation")
    assert row["n_acos"] == text.value
    n = row["n_acos"]
    size, positive, above = map(float, re.findall(r"(?:size|=) ([\d.]+)", text.quantity)[:3])
    assert row["assigned_beneficiaries_sum"] / n == pytest.approx(size, abs=0.5)
    # Some of the printed shares were rounded twice: 425 of 513 stands there as 82.9 %.
    assert 100 * row["n_positive"] / n == pytest.approx(positive, abs=0.06)
    assert 100 * row["n_above_minimum"] / n == pytest.approx(above, abs=0.06)


EARLIER = {
    "cells": (
        "performance_year",
        2021,
        "6a0efeba9e2ee40ec38c38817a45ae469fa52673824a724a53c17889881b5a3e",
    ),
    "cross_section": (
        "performance_year",
        2021,
        "378a87522f01daaf892c2b91b46f7b9001f90da951c16d0a65f2bdb36f69e907",
    ),
    "pairs": (
        "later_year",
        2022,
        "317fe21cade6ef99ebaabbe54611b3bef54d3f516dafeb3ce6cc5d46f3925c99",
    ),
}
"""Digests of the rows that were frozen before 2023 and 2024 were added."""


@pytest.mark.unit
@pytest.mark.parametrize("name", EARLIER)
def test_adding_years_changed_no_row_of_the_earlier_ones(name):
    column, last, digest = EARLIER[name]
    rows = earlier_rows(catalogue.path("mssp", name), column, last)
    assert hashlib.sha256("".join(rows).encode()).hexdigest() == digest


def earlier_rows(file, column, last):
    """Lines of a frozen table until a year, as they stand in the file."""
    header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = header.split(",").index(column)
    return [line for line in lines if int(line.split(",")[at]) <= last]


@pytest.mark.unit
def test_adding_years_changed_2022_only_in_who_left(cells):
    """Its sums by year of entry, which leavers and size bands do not cut, are as before."""
    year = cells[cells["performance_year"] == 2022]
    columns = [name for name in SUM_COLUMNS if name != "n_leaving_next_year"]
    sums = year.groupby("start_year", dropna=False)[columns].sum()
    text = csv_bytes(to_significant_digits(sums.astype(float), 9))
    assert (
        hashlib.sha256(text).hexdigest()
        == "e1ce3e5a967caca958b64030bf7241116f5b563798320747d703c6aa4a1aaf82"
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("year", "acos", "billion_usd", "million_people"),
    [(2023, 453, 5.2, None), (2024, 476, 6.6, 10.3)],
)
def test_added_years_are_as_announced(cells, year, acos, billion_usd, million_people):
    """CMS's announcements of August 2025 and October 2024.

    As reported by TechTarget, "How ACOs continue winning streak despite program headwinds"; IHE,
    "Accountable Care Organizations deliver $6.5 billion in Medicare savings" (5.2 billion in 2023);
    Accountable for Health, 9 September 2025 (6.6 billion in 2024).
    """
    row = combine(cells, ["performance_year"]).set_index("performance_year").loc[year]
    assert row["n_acos"] == acos
    assert round(row["savings_usd_sum"] / 1e9, 1) == billion_usd
    if million_people:
        assert round(row["assigned_beneficiaries_sum"] / 1e6, 1) == million_people


@pytest.mark.integration
def test_best_and_worst_of_2024_are_as_announced(rows):
    """Citrus County 22.1 %, Alliance for Integrated Care of New York -10.7 % (IHE, as above)."""
    rates = 100 * rows.loc[rows["performance_year"] == 2024, "savings_rate"]
    assert (round(rates.max(), 1), round(rates.min(), 1)) == (22.1, -10.7)


@pytest.mark.unit
def test_growth_with_years_in_programme_is_the_published_one(cells):
    recent = cells[cells["performance_year"].between(2016, 2021)]
    by_year = combine(recent, ["programme_year"]).set_index("programme_year")
    published = facts(topic="incentives and response").set_index("id")["value"]
    for year in range(1, 11):
        here = 100 * by_year.loc[year, "savings_rate_mean"]
        assert here == pytest.approx(published[f"D-PUF-yip{year}"], abs=0.0051)


@pytest.mark.unit
def test_correlation_of_adjacent_years_is_the_published_one():
    recent = mssp.pairs().query("later_year == earlier_year + 1 and 2018 <= earlier_year <= 2020")
    pooled = with_pair_moments(recent[PAIR_COLUMNS].sum().to_frame().T).iloc[0]
    published = fact("A-PUF-corr", purpose="validation").value
    assert pooled["n_pairs"] == 1_345
    assert pooled["rate_correlation"] == pytest.approx(published, abs=0.005)


@pytest.mark.unit
def test_covariance_falls_with_the_lag():
    pairs = mssp.pairs()
    lag = pairs["later_year"] - pairs["earlier_year"]
    moments = with_pair_moments(pairs.groupby(lag)[PAIR_COLUMNS].sum())
    assert moments.loc[1:5, "rate_covariance"].is_monotonic_decreasing


@pytest.mark.unit
def test_spread_shrinks_with_size():
    bands = combine(mssp.cross_section(), ["size_low", "size_high"]).query("n_acos > 50")
    spread = bands["savings_rate_variance"] ** 0.5
    assert spread.iloc[0] > 2 * spread.iloc[-1]


@pytest.mark.integration
def test_cohort_tables_agree(cells, tables):
    here = combine(cells, ["start_year", "performance_year"]).dropna(subset="start_year")
    here = here.astype({"start_year": int, "performance_year": str})
    here["aggregate"] = here["savings_usd_sum"] / here["benchmark_usd_sum"]
    wide = here.pivot_table(index="start_year", columns="performance_year")
    for name, mine in {
        "mssp_cohort_counts": wide["n_acos"],
        "mssp_cohort_mean_savings_rate": wide["savings_rate_mean"],
        "mssp_cohort_aggregate_savings_rate": wide["aggregate"],
    }.items():
        theirs = pd.read_csv(tables / f"{name}.csv", index_col="start")
        same = mine.loc[theirs.index, theirs.columns].astype(float)
        np.testing.assert_allclose(same, theirs, atol=6e-6, err_msg=name)


@pytest.mark.integration
def test_yearly_table_agrees(cells, tables):
    theirs = pd.read_csv(tables / "mssp_by_performance_year.csv")
    mine = combine(cells, ["performance_year"]).iloc[: len(theirs)]
    np.testing.assert_allclose(mine["savings_rate_mean"], theirs["mean_sav"], atol=6e-6)
    spread = mine["savings_rate_variance"].astype(float) ** 0.5
    np.testing.assert_allclose(spread, theirs["sd_sav"], atol=6e-6)
    together = mine["savings_usd_sum"] / mine["benchmark_usd_sum"]
    np.testing.assert_allclose(together, theirs["agg_sav"], atol=6e-6)


@pytest.mark.integration
def test_rows_are_on_one_scale(rows):
    assert len(rows) == 5_271
    assert rows["savings_rate"].between(-0.5, 0.5).all()
    assert rows["minimum_savings_rate"].between(0, 0.3).all()
    assert (
        rows["minimum_savings_rate"]
        .groupby(rows["performance_year"])
        .median()
        .between(0.015, 0.035)
        .all()
    )
    assert rows["quality_score"].dropna().between(0, 1).all()
    assert rows.loc[rows["performance_year"] == 2013, "quality_score"].isna().all()
    assert not rows["assigned_beneficiaries"].isna().any()


@pytest.mark.unit
def test_moments_of_a_hand_made_cell():
    hand_made = pd.DataFrame(
        {
            "performance_year": 2020,
            "assigned_beneficiaries": [5000.0, 10_000.0, 20_000.0],
            "benchmark_usd": [1e8, 2e8, 4e8],
            "savings_usd": [1e6, 0.0, 8e6],
            "savings_rate": [0.01, 0.0, 0.02],
            "minimum_savings_rate": [0.02, 0.02, 0.02],
            "quality_score": [0.9, np.nan, 1.0],
            "two_sided": [True, False, True],
            "leaves_next_year": pd.array([False, True, False], dtype="boolean"),
        }
    )
    summed = row_terms(hand_made)[SUM_COLUMNS].sum().to_frame().T
    found = with_moments(summed.astype(float)).iloc[0]
    assert found["savings_rate_mean"] == pytest.approx(0.01)
    assert found["savings_rate_variance"] == pytest.approx(1e-4)
    assert found["inverse_size_mean"] == pytest.approx((2e-4 + 1e-4 + 5e-5) / 3)
    assert (found["n_leaving_next_year"], found["n_two_sided"], found["n_above_minimum"]) == (
        1,
        2,
        1,
    )
    assert found["quality_mean"] == pytest.approx(0.95)
    assert found["quality_rate_covariance"] == pytest.approx(0.1 * 0.01 / 2)


@pytest.mark.unit
def test_signs_and_commas_are_read():
    text = pd.Series(["1,234", "$5.50", "7.17%", " -3 "])
    assert _number(text, "file").tolist() == [1234, 5.5, 7.17, -3]


@pytest.mark.unit
def test_a_cell_that_is_no_number_is_named():
    with pytest.raises(EvidenceError, match=r"2020\.csv: N_AB holds 'n/a', which is no number"):
        _number(pd.Series(["1", "n/a"], name="N_AB"), "2020.csv")


@pytest.mark.unit
def test_quality_scales_and_blanks():
    score = _quality(pd.Series(["98.5%", "P4R", ""]), FILES[2022])
    assert score.iloc[0] == pytest.approx(0.985)
    assert score.iloc[1:].isna().all()
    with pytest.raises(EvidenceError, match="outside 0 to 1"):
        _quality(pd.Series(["98.5"], name="QualScore"), FILES[2016])


@pytest.mark.unit
@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-8"])
def test_encodings_and_byte_order_marks_are_read(encoding, tmp_path):
    file = tmp_path / "year.csv.gz"
    file.write_bytes(gzip.compress("ACO_ID,Name\nA1,Peñón\n".encode(encoding)))
    table = _read_text(file)
    assert table.columns[0] == "ACO_ID"
    assert table.loc[0, "Name"] == "Peñón"
