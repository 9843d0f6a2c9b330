"""The command `runoff`: long and wide say the same, and every fault is one clear line."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.cli import app
from analysis.own.bills.triangle import read_triangle

pytestmark = pytest.mark.integration
MONTHS, LAGS = 10, 5
NAMES = [str(pd.Period("2023-11", freq="M") + at) for at in range(MONTHS)]
KNOWN = known_cells(MONTHS, LAGS, MONTHS - 1)


def payments(seed=1):
    """All payments, also those to come: a million a month, three quarters within two months."""
    split = np.array([0.3, 0.45, 0.15, 0.07, 0.03])
    generator = np.random.default_rng(seed)
    return generator.gamma(1e6 * split / 2e3, 2e3, (MONTHS, LAGS)).round(2)


PAID = payments()


def wide():
    table = pd.DataFrame(np.where(KNOWN, PAID, np.nan), columns=[str(lag) for lag in range(LAGS)])
    table.insert(0, "month", NAMES)
    return table


def long(by="paid_month"):
    month, lag = np.nonzero(KNOWN)
    later = [str(pd.Period(NAMES[m], freq="M") + j) for m, j in zip(month, lag, strict=True)]
    paid = PAID[month, lag]
    when = {"paid_month": later, "lag": lag}[by]
    return pd.DataFrame({"month": [NAMES[m] for m in month], by: when, "paid": paid})


def written(folder, table):
    file = folder / "payments.csv"
    table.to_csv(file, index=False)
    return file


def run(*arguments):
    return CliRunner().invoke(app, ["runoff", *map(str, arguments)])


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runoff")
    done = run(written(folder, long()), "--json", "--out", folder / "unpaid.csv")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout), pd.read_csv(folder / "unpaid.csv")


def test_both_methods_find_what_is_still_to_come(result):
    truth = PAID[~KNOWN].sum()
    total = result[0]["total"]
    for method in ("model", "chain_ladder"):
        assert total[f"{method}_low"] < truth < total[f"{method}_high"]
        assert total[method] == pytest.approx(truth, rel=0.06)
    assert total["paid"] == pytest.approx(PAID[KNOWN].sum())
    assert result[0]["chain_ladder_problem"] is None


def test_months_add_up_and_old_ones_owe_nothing(result):
    told, table = result
    assert list(table["month"]) == NAMES
    assert table["chain_ladder"].sum() == pytest.approx(told["total"]["chain_ladder"], rel=1e-4)
    complete = KNOWN.all(axis=1)
    assert (table.loc[complete, ["model_high", "chain_ladder_high"]] == 0).all(axis=None)
    assert (table.loc[~complete, "model_low"] > 0).all()


def test_long_wide_lags_and_cumulative_are_the_same_triangle(tmp_path):
    expected = read_triangle(written(tmp_path, long()))
    cumulated = wide().set_index("month").cumsum(axis=1).reset_index()
    for table, cumulative in ((wide(), False), (long("lag"), False), (cumulated, True)):
        found = read_triangle(written(tmp_path, table), cumulative=cumulative)
        np.testing.assert_allclose(found.paid, expected.paid, atol=0.02)
        np.testing.assert_array_equal(found.known, KNOWN)
        assert (found.months, found.services) == (expected.months, ("all",))


def test_services_and_payments_of_one_cell_are_kept_apart_and_added(tmp_path):
    half = long().assign(paid=lambda t: t["paid"] / 2)
    doubled = pd.concat([half.assign(service="x"), half.assign(service="y"), half], axis=0)
    file = written(tmp_path, doubled.assign(service=doubled["service"].fillna("x")))
    found = read_triangle(file)
    assert found.services == ("x", "y")
    np.testing.assert_allclose(found.paid[0], PAID * KNOWN, atol=0.02)
    np.testing.assert_allclose(found.paid[1], PAID * KNOWN / 2, atol=0.02)


def test_it_says_so_in_words(tmp_path):
    done = run(written(tmp_path, wide()))
    assert done.exit_code == 0
    assert "by the run-off model" in done.stdout
    assert "The chain ladder says" in done.stdout
    assert NAMES[-1] in done.stdout
    assert "All of it is paid within a year: until then its estimate will move by" in done.stdout


def changed(table, row, column, value):
    table = table.astype({column: object})
    table.loc[row, column] = value
    return table


FAULTS = {
    "no month": (lambda: wide().drop(columns="month"), "has no column month"),
    "no row": (lambda: wide().head(0), "has no row below its header"),
    "no lag": (lambda: long().drop(columns="paid_month"), "neither paid_month nor lag"),
    "odd column": (lambda: wide().rename(columns={"2": "third"}), "column 'third' is neither"),
    "odd month": (
        lambda: changed(long(), 3, "month", "April"),
        "column month, row 5, value 'April': write months as 2024-04",
    ),
    "thirteenth month": (lambda: changed(long(), 0, "month", "2024-13"), "value '2024-13'"),
    "paid before": (
        lambda: changed(long(), 2, "paid_month", "2020-01"),
        "column paid_month, row 4, value '2020-01': it lies before",
    ),
    "negative lag": (lambda: changed(long("lag"), 1, "lag", -1), "column lag, row 3, value '-1'"),
    "part of a month": (lambda: changed(long("lag"), 1, "lag", 0.5), "give whole months"),
    "no number": (
        lambda: changed(long(), 6, "paid", "£12"),
        "column paid, row 8, value '£12': write numbers without signs of currency",
    ),
    "infinite": (lambda: changed(long(), 6, "paid", "inf"), "value 'inf'"),
    "empty among known": (lambda: changed(wide(), 2, "1", None), "is empty at lag 1"),
    "month twice": (lambda: pd.concat([wide(), wide().head(1)]), "it stands there twice"),
    "month missing": (lambda: wide().drop(index=4), f"month {NAMES[4]} is missing"),
    "too few": (lambda: wide().tail(3), "3 months of care"),
    "nothing paid": (lambda: long().assign(paid=0), "do not add up to more than 0"),
    "too many services": (
        lambda: pd.concat([long().assign(service=str(i)) for i in range(9)]),
        "9 services are more than 8",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_the_file(fault, tmp_path):
    make, message = FAULTS[fault]
    done = run(written(tmp_path, make()))
    assert done.exit_code == 1
    assert message in done.stderr
    assert done.stderr.startswith("error: payments.csv: ")
    assert done.stderr.count("\n") == 1


def test_files_that_are_no_tables_are_refused(tmp_path):
    assert "there is no such file" in run(tmp_path / "none.csv").stderr
    binary = tmp_path / "binary.csv"
    binary.write_bytes(bytes([0xFF, 0xFE, 0x00, 0x80]) * 9)
    assert "save it as a CSV file in UTF-8" in run(binary).stderr
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert "is empty; give a CSV file of payments" in run(empty).stderr
    twice = tmp_path / "twice.csv"
    twice.write_text("month, paid ,paid\n2024-04,1,2\n")
    assert "column paid is there twice" in run(twice).stderr


def test_the_data_are_never_overwritten(tmp_path):
    file = written(tmp_path, wide())
    before = file.read_bytes()
    assert "is the data itself" in run(file, "--out", file).stderr
    assert "there is no folder" in run(file, "--out", tmp_path / "no" / "x.csv").stderr
    assert file.read_bytes() == before


def test_without_a_chain_ladder_the_model_still_answers(tmp_path):
    """Nothing is ever paid in the month of the care: the chain ladder cannot multiply nothing."""
    table = wide()
    table[[str(lag) for lag in range(1, LAGS)]] = table[[str(lag) for lag in range(LAGS - 1)]]
    table = table.assign(**{"0": 0.0})
    table = table.mask(np.hstack([np.full((MONTHS, 1), False), ~KNOWN]))
    done = run(written(tmp_path, table))
    assert done.exit_code == 0, done.stderr
    assert "by the run-off model" in done.stdout
    assert "No chain ladder: " in done.stdout
