"""The files of the explorers: refused where they would not repeat the chapter's number."""

import csv
import io
import json

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.publish.products.explorer_files import explorer_csv
from analysis.report.explorers import Agreement, Explorer, Support, relative_error, write_explorer
from analysis.report.numbers import PAGE_VARIABLE, RECORDS_VARIABLE, record
from analysis.risk.chance_table import PEOPLE, PROBABILITIES, ChanceTable
from analysis.risk.lookup import Axis, Lookup

pytestmark = pytest.mark.unit


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Record one number on a page of its own."""
    monkeypatch.setenv(RECORDS_VARIABLE, str(tmp_path))
    monkeypatch.setenv(PAGE_VARIABLE, "notebooks/pools")
    draws = np.random.default_rng(1).normal(100, 10, (4, 2_000))
    return record(
        "test.size", draws, unit="people", grade="assumed", label="Size", estimand="A size."
    )


def explorer(record, shift=0.0):
    """Return an explorer that repeats the number, or misses it by a shift."""
    computed = np.array([record.low, record.value + shift, record.high])
    axis = Axis("people", (1e3, 1e6), "log")
    normal = Lookup(
        [Axis("people", PEOPLE, "inverse root"), Axis("probability", PROBABILITIES, "normal")],
        np.zeros((len(PEOPLE), len(PROBABILITIES), 3)),
    )
    return Explorer(
        "pools",
        {"tolerance": 2.0},
        {"all": Support("assumed", ["An assumption."], 0.01)},
        [Agreement("test.size", "smallest", {"tolerance": 2.0}, computed)],
        chance={"rand/none": ChanceTable(np.array([3.0, 4.0, 5.0]), normal)},
        tables={"best": Lookup([axis], np.array([[1.0, 2.0, np.inf], [3.0, 4.0, 5.0]]))},
    )


def test_the_file_holds_the_grid_its_provenance_and_the_number(recorded):
    content = json.loads(write_explorer(explorer(recorded)).read_text())
    assert content["numbers"][0]["text"] == recorded.text
    assert content["page"] == "notebooks/pools"
    assert content["interval"] == recorded.interval
    assert content["version"] == recorded.version
    table = content["tables"]["best"]
    assert table["values"][2] is None
    assert table["values"][3] * table["unit"] == pytest.approx(3.0)


def test_the_same_tables_give_the_same_bytes(recorded):
    first = write_explorer(explorer(recorded)).read_bytes()
    assert write_explorer(explorer(recorded)).read_bytes() == first


def test_an_explorer_that_misses_the_chapters_number_is_refused(recorded):
    with pytest.raises(InputError, match=r"test\.size is \d+"):
        write_explorer(explorer(recorded, shift=5.0))


def test_an_explorer_of_a_number_that_was_not_recorded_is_refused(recorded):
    with pytest.raises(InputError, match="record it first"):
        relative_error("test.other")
    with pytest.raises(InputError, match="must repeat"):
        write_explorer(Explorer("pools", {}, {}, []))


def test_csv_has_a_row_for_each_point_and_chance_as_overspend(recorded):
    text = explorer_csv(write_explorer(explorer(recorded)).read_text())
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(PEOPLE) * len(PROBABILITIES) + 2
    row = next(r for r in rows if r["people"] == "1000.0" and r["probability"] == "0.05")
    assert float(row["median"]) == pytest.approx(1.645 * 4 / np.sqrt(1_000), rel=1e-3)
    assert rows[-2]["high"] == "inf"


def test_relative_error_is_that_of_the_least_certain_end(recorded):
    expected = max(
        recorded.mcse / recorded.value,
        recorded.mcse_low / recorded.low,
        recorded.mcse_high / recorded.high,
    )
    assert relative_error("test.size") == pytest.approx(expected)
