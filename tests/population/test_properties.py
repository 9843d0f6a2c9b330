"""What holds for any people: how they are stored, ordered, divided or counted changes nothing."""

from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.errors import InputError, printable
from analysis.population.cells import risk_cells
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.merged_labels import checked_labels
from analysis.population.disclosure.release import CELL_COLUMNS, ReleaseRules, apply_rules
from analysis.tables.people_tables import open_people
from tests.population.release_frames import EDGES, THRESHOLD, cell_frame, people_of

pytestmark = pytest.mark.unit

few = settings(max_examples=3, deadline=None, derandomize=True)
"""For what compiles a query of the engine."""

many = settings(max_examples=10, deadline=None, derandomize=True)

LABELS = ["01", "1", "old, poor", 'so "old"', "été", "老人", "a;b", "=1+1", "x y"]
COUNTS = ["n", "n_positive", "n_body", "n_tail"]
SUMS = [name for name in CELL_COLUMNS if name not in COUNTS]

costs = st.one_of(
    st.just(0.0), st.floats(0.01, 1e7), st.sampled_from([THRESHOLD, np.nextafter(THRESHOLD, 1e9)])
)
people = st.lists(
    st.tuples(st.sampled_from(LABELS), costs, st.integers(0, 2)), min_size=3, max_size=40
).map(lambda rows: pd.DataFrame(rows, columns=["label", "cost", "part"]))


def exact(table, by=("label",)):
    return risk_cells(table, list(by), "cost", THRESHOLD)


def same(one, other, rtol=1e-9):
    assert_frame_equal(one.table, other.table, check_dtype=False, rtol=rtol, atol=1e-9)
    assert (one.tail_counts == other.tail_counts).all()


@few
@given(people)
def test_a_table_gives_the_same_cells_from_csv_and_from_parquet(table):
    expected = exact(table)
    with TemporaryDirectory() as name:
        files = [Path(name) / kind for kind in ("people.csv", "people.parquet", "semi.csv")]
        table.to_csv(files[0], index=False)
        table.to_parquet(files[1])
        table.to_csv(files[2], index=False, sep=";", encoding="utf-8-sig")
        for file in files:
            # Text of a float in Python reads back as the same float: nothing may be lost.
            same(exact(open_people(str(file), "cost", ["label"]).table), expected, rtol=1e-12)


@few
@given(people)
def test_cells_of_three_parts_add_up_in_any_order_and_grouping(table):
    whole, parts = exact(table), exact(table, ["part", "label"])
    by_part = {
        part: rows.set_index("label")[list(CELL_COLUMNS)]
        for part, rows in parts.table.groupby("part")
    }
    for order in permutations(by_part):
        total = by_part[order[0]]
        for part in order[1:]:
            total = total.add(by_part[part], fill_value=0)
        found = total.sort_index().reset_index()
        expected = whole.table.sort_values("label", ignore_index=True)
        assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9, atol=1e-9)


@few
@given(people, st.sampled_from([0.5, 2.0, 1024.0]))
def test_another_currency_scales_sums_and_leaves_counts(table, rate):
    """With powers of two, which floating point multiplies exactly."""
    one = exact(table)
    other = risk_cells(table.assign(cost=table["cost"] * rate), ["label"], "cost", THRESHOLD * rate)
    assert (one.table[COUNTS] == other.table[COUNTS]).all(axis=None)
    # Edges above the threshold are rounded, so a cost on an edge may fall on its other side.
    assert (one.tail_counts.sum(axis=1) == other.tail_counts.sum(axis=1)).all()
    was, now = one.table, other.table
    np.testing.assert_allclose(now["sum_cost"], was["sum_cost"] * rate)
    np.testing.assert_allclose(now["sum_cost_squared"], was["sum_cost_squared"] * rate**2)
    logs = was["sum_log"] + was["n_positive"] * np.log(rate)
    np.testing.assert_allclose(now["sum_log"], logs, rtol=1e-9, atol=1e-7)


sizes = st.tuples(*[st.sampled_from([0, 3, 9, 10, 25, 60])] * 3)
populations = st.tuples(st.lists(sizes, min_size=6, max_size=6), st.integers(0, 10**6))


def drawn(population):
    found, seed = population
    labels = [(one, other) for one in "abc" for other in "xy"]
    cells = dict(zip(labels, found, strict=True)) | {("d", "x"): (40, 60, 40)}
    return people_of(cells, seed)


def released(frame, fewest=10):
    return apply_rules(cell_frame(frame, ["f0", "f1"]), ["f0", "f1"], EDGES, ReleaseRules(fewest))


@many
@given(populations, st.integers(5, 20), st.randoms(use_true_random=False))
def test_a_release_keeps_everybody_shows_nobody_apart_and_forgets_the_order(
    population, fewest, random
):
    frame = drawn(population)
    order = list(frame.index)
    random.shuffle(order)
    one = released(frame, fewest).cells
    other = released(frame.loc[order].reset_index(drop=True), fewest).cells
    assert one.table["n"].sum() == len(frame)
    shown = np.column_stack([one.table[COUNTS], one.tail_counts])
    shown = np.column_stack([shown, one.table["n"] - one.table["n_positive"]])
    assert ((shown == 0) | (shown >= fewest)).all()
    same(one, other)


@many
@given(populations, populations, st.integers(0, 40))
def test_differencing_is_symmetric_and_a_release_never_differs_from_itself(one, two, added):
    frame = drawn(one)
    newcomers = drawn(two).head(added)
    first = released(frame).cells
    second = released(pd.concat([frame, newcomers], ignore_index=True)).cells
    check_against_earlier(first, first, 10)
    assert refused(first, second) == refused(second, first)
    if 0 < len(newcomers) < 10:
        assert refused(second, first), "a few people who came are the difference"


def refused(new, old):
    try:
        check_against_earlier(new, old, 10)
    except InputError:
        return True
    return False


@many
@given(st.text(max_size=30))
def test_no_label_and_no_message_acts_on_a_terminal(label):
    acts = {chr(code) for code in (*range(32), *range(127, 160), *range(0x202A, 0x202F))} - {"\n"}
    assert not acts & set(printable(label))
    try:
        found = checked_labels(pd.DataFrame({"label": [label], "n": [20]}), ["label"])
    except InputError:
        return
    assert not (acts | {"\n"}) & set(found["label"][0])
    assert found["label"][0].strip()
