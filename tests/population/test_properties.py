"""What holds for any people: how they are stored, ordered, divided or counted changes nothing."""

from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.errors import InputError, printable
from analysis.population.cell_checks import check_cells, check_costs, check_together
from analysis.population.cells import cell_expression
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.merged_labels import checked_labels
from analysis.population.disclosure.release import COST_COLUMNS, ReleaseRules
from analysis.population.risk_cells import SUMS
from analysis.tables.people_tables import open_people
from tests.population.release_frames import THRESHOLD, people_of
from tests.population.release_frames import released as released_by

pytestmark = pytest.mark.unit

few = settings(max_examples=3, deadline=None, derandomize=True)
"""For what compiles a query of the engine."""

many = settings(max_examples=10, deadline=None, derandomize=True)

LABELS = ["01", "1", "old, poor", 'so "old"', "été", "老人", "a;b", "=1+1", "x y"]
COUNTS = ["rows", "n", "member_years", "n_positive", "n_tail"]

costs = st.one_of(
    st.just(0.0), st.floats(0.01, 1e7), st.sampled_from([THRESHOLD, np.nextafter(THRESHOLD, 1e9)])
)
people = st.lists(
    st.tuples(st.sampled_from(LABELS), costs, st.integers(0, 2)), min_size=3, max_size=40
).map(lambda rows: pd.DataFrame(rows, columns=["label", "cost", "part"]))


def exact(table, by=("label",), threshold=THRESHOLD):
    source = ibis.memtable(table) if isinstance(table, pd.DataFrame) else table
    frame = cell_expression(source, list(by), "cost", threshold).execute()
    return frame[[*by, *SUMS]].sort_values(list(by), ignore_index=True)


def same(one, other, rtol=1e-9):
    assert_frame_equal(one, other, check_dtype=False, rtol=rtol, atol=1e-9)


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
    by_part = {part: rows.set_index("label")[list(SUMS)] for part, rows in parts.groupby("part")}
    for order in permutations(by_part):
        total = by_part[order[0]]
        for part in order[1:]:
            total = total.add(by_part[part], fill_value=0)
        found = total.sort_index().reset_index()
        same(found, whole)


@few
@given(people, st.sampled_from([0.5, 2.0, 1024.0]))
def test_another_currency_scales_sums_and_leaves_counts(table, rate):
    """With powers of two, which floating point multiplies exactly."""
    was = exact(table)
    now = exact(table.assign(cost=table["cost"] * rate), threshold=THRESHOLD * rate)
    assert (was[COUNTS] == now[COUNTS]).all(axis=None)
    for name in ("limited", "cost"):
        np.testing.assert_allclose(now[f"sum_{name}"], was[f"sum_{name}"] * rate)
        squares = f"sum_{name}_squared"
        np.testing.assert_allclose(now[squares], was[squares] * rate**2)


sizes = st.tuples(*[st.sampled_from([0, 3, 9, 10, 25, 60])] * 3)
populations = st.tuples(st.lists(sizes, min_size=6, max_size=6), st.integers(0, 10**6))


def drawn(population):
    found, seed = population
    labels = [(one, other) for one in "abc" for other in "xy"]
    cells = dict(zip(labels, found, strict=True)) | {("d", "x"): (40, 60, 40)}
    return people_of(cells, seed)


def released(frame, fewest=10):
    return released_by(frame, ["f0", "f1"], ReleaseRules(fewest))


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
    shown = np.column_stack([one.table[COUNTS].fillna(0), one.table["n"] - one.table["n_positive"]])
    assert ((shown == 0) | (shown >= fewest)).all()
    assert (one.costs["rows"] >= fewest).all()
    same(one.table, other.table)
    same(one.costs, other.costs)


@many
@given(populations, st.integers(1, 10))
def test_what_is_released_can_be_read_again(population, step):
    """Whatever is rounded, cells and costs still fit together, as a reader of the file checks."""
    found = released_by(drawn(population), ["f0", "f1"], ReleaseRules(10, step)).cells
    check_cells(found.table, found.factors, found.threshold, step)
    edges = found.costs["cost_above"]
    if np.isclose(edges, found.threshold).any():
        check_costs(found.costs, COST_COLUMNS, found.threshold)
        check_together(found.table, found.costs, found.threshold, step)


@many
@given(populations, st.integers(5, 20))
def test_rounded_bins_stay_where_they_were(population, fewest):
    costs = released(drawn(population), fewest).cells.costs
    with np.errstate(divide="ignore"):
        low = np.log(costs["cost_above"].to_numpy())
    high = np.append(low[1:], np.inf)
    assert ((costs["mean_log"] > low) & (costs["mean_log"] < high)).all()
    assert (costs["variance_log"] >= 0).all()


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
        found = checked_labels(pd.DataFrame({"label": [label], "rows": [20]}), ["label"])
    except InputError:
        return
    assert not (acts | {"\n"}) & set(found["label"][0])
    assert found["label"][0].strip()
