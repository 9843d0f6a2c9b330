"""What is released: never a few people, in a cell or by subtraction, and still the same people."""

import re
from dataclasses import replace
from itertools import product

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.merging import MERGED, is_unsafe
from analysis.population.disclosure.release import ReleaseRules, apply_rules, release_cells
from analysis.population.disclosure.rounding import join_bins
from tests.population.release_frames import EDGES, THRESHOLD, cell_frame, people_of

pytestmark = pytest.mark.unit
BY = ["f0", "f1", "f2"]
TEN = ReleaseRules()
MOMENTS = (
    ("sum_cost", "sum_cost_squared", "n_positive"),
    ("sum_log", "sum_log_squared", "n_positive"),
    ("sum_log_body", "sum_log_squared_body", "n_body"),
)

sizes = st.tuples(*[st.sampled_from([0, 0, 1, 3, 9, 10, 25, 60])] * 3)
labels = [*product("ab", "pqr", "xy")]
populations = st.tuples(
    st.lists(sizes, min_size=len(labels), max_size=len(labels)), st.integers(0, 10**6)
)
quick = settings(max_examples=25, deadline=None, derandomize=True)


def people(population):
    found, seed = population
    cells = {label: size for label, size in zip(labels, found, strict=True) if sum(size)}
    assume(cells)
    # So heavy a tail that a single cost often makes up half of a cell's.
    return people_of(cells, seed, tail_index=1.2)


def release(frame, by=BY, rules=TEN):
    try:
        return apply_rules(cell_frame(frame, by), by, EDGES, rules)
    except InputError as error:
        assert re.search("people together are too few|one person has .* of the cost", str(error))
        assume(False)


def label_of(atom, listed):
    """The released cell an atom is in: its own, else the one merged along the last factors."""
    for kept in range(len(atom), -1, -1):
        label = (*atom[:kept], *[MERGED] * (len(atom) - kept))
        if label in listed:
            return label
    raise AssertionError(f"{atom} is in no released cell")


def listed_cells(released):
    return list(
        released.cells.table[list(released.cells.factors)].itertuples(index=False, name=None)
    )


def counts(released):
    """Every count that a reader sees, one column each; joined bins are not shown."""
    table = released.cells.table
    zero = table["n"] - table["n_positive"]
    return np.column_stack([zero, table["n_body"], table["n_tail"], released.cells.tail_counts])


@quick
@given(populations)
def test_released_cells_hold_nobody_apart_and_still_everybody(population):
    frame = people(population)
    released = release(frame)
    check_no_count_is_a_few_people(released)
    check_each_cell_is_the_sum_of_what_its_label_covers(released, frame)
    check_variances_are_possible(released)


def check_no_count_is_a_few_people(released):
    assert (released.cells.table["n"] >= 10).all()
    shown = counts(released)
    assert ((shown == 0) | (shown >= 10)).all()
    assert (released.cells.tail_counts.sum(axis=1) == released.cells.table["n_tail"]).all()


def check_each_cell_is_the_sum_of_what_its_label_covers(released, frame):
    listed = listed_cells(released)
    atoms = frame[BY].apply(tuple, axis=1).map(lambda atom: label_of(atom, set(listed)))
    exact = cell_frame(frame.assign(label=atoms.map("·".join)), ["label"]).set_index("label")
    table = released.cells.table.set_index(pd.Index(["·".join(label) for label in listed]))
    exact = exact.reindex(table.index)
    assert table["n"].sum() == len(frame)
    for name in ("n", "n_positive", "n_body", "n_tail"):
        assert (table[name] == exact[name]).all()
    for name, squares, n in MOMENTS:
        # Half a unit of rounding is at most a twentieth of one person's usual part.
        part = np.sqrt(exact[squares] / exact[n].clip(lower=1))
        assert (np.abs(table[name] - exact[name]) <= part / 20 + 1e-9).all()


def check_variances_are_possible(released):
    table = released.cells.table
    for name, squares, n in MOMENTS:
        least = table[name] ** 2 / table[n].clip(lower=1)
        assert (table[squares].fillna(np.inf) >= least * (1 - 1e-12)).all()


def in_row_space(vector, rows):
    """Whether a combination of the rows gives the vector: whether it can be had by subtraction."""
    solution, *_ = np.linalg.lstsq(rows.T, vector, rcond=None)
    return np.allclose(rows.T @ solution, vector, atol=1e-6)


@quick
@given(populations)
def test_no_small_cell_can_be_found_by_subtraction_within_or_between_nested_releases(population):
    """A linear system over the true cells: every sum that any of three releases shows is a row."""
    frame = people(population)
    exact = cell_frame(frame, BY)
    atoms = list(exact[BY].itertuples(index=False, name=None))
    rows = [np.ones(len(atoms))]
    for depth in (1, 2, 3):
        listed = listed_cells(release(frame, BY[:depth]))
        where = [label_of(atom[:depth], set(listed)) for atom in atoms]
        rows += [np.array([float(label == cell) for label in where]) for cell in listed]
    unsafe = is_unsafe(exact, 10).to_numpy()
    for index in np.flatnonzero(unsafe):
        assert not in_row_space(np.eye(len(atoms))[index], np.array(rows)), atoms[index]
    # Every difference of nested margins is a union of the finest cells, the last in `where`.
    for row in rows:
        for cell in set(where):
            inside = row[[label == cell for label in where]]
            assert inside.min() == inside.max(), "a coarser cell divides a finer one"


def test_the_oracle_sees_a_leak():
    rows = np.array([[1.0, 1, 1], [1, 1, 0]])
    assert in_row_space(np.array([0.0, 0, 1]), rows)
    assert not in_row_space(np.array([0.0, 1, 0]), rows)


@quick
@given(populations)
def test_rounded_counts_are_multiples_and_add_up(population):
    released = release(people(population), rules=ReleaseRules(count_step=5))
    shown = counts(released)
    assert (shown % 5 == 0).all()
    assert ((shown == 0) | (shown >= 10)).all()
    table = released.cells.table
    assert (table["n_positive"] == table["n_body"] + table["n_tail"]).all()
    assert (released.cells.tail_counts.sum(axis=1) == table["n_tail"]).all()


def test_equal_costs_keep_a_variance_of_at_least_zero():
    frame = pd.DataFrame({"f0": "a", "cost": [37.31] * 12})
    table = apply_rules(cell_frame(frame, ["f0"]), ["f0"], EDGES, TEN).cells.table
    assert (table["sum_log_squared"] >= table["sum_log"] ** 2 / table["n_positive"]).all()


class TestMerging:
    def test_safe_cells_are_left_alone(self):
        frame = people_of({("a", "x"): (20, 30, 10), ("a", "y"): (0, 40, 0)}, seed=1)
        released = release(frame, ["f0", "f1"])
        assert listed_cells(released) == [("a", "x"), ("a", "y")]
        assert released.cells_merged == 0

    def test_small_levels_of_the_last_factor_are_pooled_first(self):
        cells = dict.fromkeys(product("ab", "wxyz"), (20, 30, 20))
        cells |= {("a", "y"): (4, 5, 6), ("a", "z"): (6, 5, 4)}
        released = release(people_of(cells, seed=2), ["f0", "f1"])
        merged = [label for label in listed_cells(released) if MERGED in label]
        assert merged == [("a", MERGED)]
        assert released.cells_merged == 2

    def test_a_pool_that_is_still_small_takes_in_the_smallest_neighbour(self):
        cells = {("a", "v"): (20, 90, 20), ("a", "w"): (20, 60, 20), ("a", "x"): (2, 3, 1)}
        released = release(people_of(cells, seed=3), ["f0", "f1"])
        assert listed_cells(released) == [("a", MERGED), ("a", "v")]

    @pytest.mark.parametrize("small", [(3, 30, 30), (30, 3, 30), (30, 30, 3), (3, 3, 3)])
    def test_every_part_of_a_cell_counts(self, small):
        cells = {("a",): (50, 50, 50), ("b",): (30, 30, 30), ("c",): small}
        listed = listed_cells(release(people_of(cells, seed=4), ["f0"]))
        assert ("c",) not in listed
        assert (MERGED,) in listed

    @pytest.mark.parametrize(("largest", "unsafe"), [(900.0, False), (1e5, True)])
    def test_a_cell_whose_cost_is_mostly_one_persons_is_unsafe(self, largest, unsafe):
        frame = pd.DataFrame({"f0": "a", "cost": [150.0] * 15 + [largest]})
        assert is_unsafe(cell_frame(frame, ["f0"]), 10).tolist() == [unsafe]

    def test_too_few_people_are_an_error(self):
        frame = people_of({("a",): (5, 2, 0), ("b",): (2, 0, 0)}, seed=5)
        with pytest.raises(InputError, match="all 9 people together are too few"):
            apply_rules(cell_frame(frame, ["f0"]), ["f0"], EDGES, TEN)


class TestTailBins:
    def test_joining_goes_from_the_top_and_keeps_the_people(self):
        row = np.zeros((1, 6), dtype=int)
        row[0] = [40, 12, 9, 3, 0, 2]
        found, joined = join_bins(row, 10)
        assert found.tolist() == [[40, 12, 14, 0, 0, 0]]
        assert joined.tolist() == [[False, False, False, True, True, True]]

    def test_few_people_at_the_bottom_join_the_run_above(self):
        found, joined = join_bins(np.array([[3, 0, 12, 30, 0]]), 10)
        assert found.tolist() == [[15, 0, 0, 30, 0]]
        assert joined.tolist() == [[False, True, True, False, True]]

    def test_upper_edges_reach_over_what_was_joined(self):
        costs = [50.0] * 20 + [110.0] * 30 + [400.0] * 12 + [5e3] * 6
        frame = pd.DataFrame({"f0": "a", "cost": costs})
        cells = apply_rules(cell_frame(frame, ["f0"]), ["f0"], EDGES, TEN).cells
        assert cells.tail_counts[0, :4].tolist() == [30, 18, 0, 0]
        assert cells.tail_upper()[0, 0] == cells.edges[1]
        assert np.isinf(cells.tail_upper()[0, 1])
        plain = replace(cells, joined=None).tail_upper()
        assert plain[0].tolist() == [*cells.edges[1:], np.inf]

    def test_joined_bins_survive_alignment(self):
        frame = people_of({("a",): (20, 20, 20), ("b",): (20, 20, 20)}, seed=6)
        cells = release(frame, ["f0"]).cells
        aligned = cells.aligned_with(cells)
        assert (aligned.joined == cells.joined).all()


def test_a_sum_of_squares_that_is_mostly_one_cost_is_withheld():
    costs = np.concatenate([np.full(200, 50.0), np.full(20, 200.0), [5000.0]])
    frame = pd.DataFrame({"f0": "a", "cost": costs})
    released = apply_rules(cell_frame(frame, ["f0"]), ["f0"], EDGES, TEN)
    assert released.squares_withheld == 1
    assert released.cells.table["sum_cost_squared"].isna().all()


@pytest.mark.parametrize(("fewest", "step"), [(4, 1), (10, 0), (10, 11)])
def test_rules_that_protect_nobody_are_refused(fewest, step):
    with pytest.raises(InputError, match="fewest people|count step"):
        ReleaseRules(fewest, step)


FOUR = dict.fromkeys(product("ab", "xy"), (60, 80, 40))


class TestTwoReleases:
    def two(self, added, by=("f0", "f1"), seed=7):
        frame = people_of(FOUR, seed)
        more = pd.concat([frame, added], ignore_index=True)
        rule = list(by)
        return release(more, rule).cells, release(frame, rule).cells

    def added(self, label, costs):
        return pd.DataFrame({"cost": costs, "f0": label[0], "f1": label[1]})

    def test_the_same_people_again_are_fine(self):
        new, old = self.two(self.added(("a", "x"), []))
        check_against_earlier(new, old, 10)

    def test_a_finer_release_of_the_same_people_is_fine_both_ways(self):
        frame = people_of(FOUR, seed=8)
        fine, coarse = release(frame, ["f0", "f1"]).cells, release(frame, ["f0"]).cells
        check_against_earlier(fine, coarse, 10)
        check_against_earlier(coarse, fine, 10)

    @pytest.mark.parametrize(
        ("costs", "part"),
        [
            ([0.0], "1 more people without cost"),
            ([50.0] * 9, "9 more people with a cost up to the threshold"),
            ([500.0], "1 more people in one range of the tail"),
        ],
    )
    def test_a_few_more_people_are_found(self, costs, part):
        new, old = self.two(self.added(("a", "x"), costs))
        with pytest.raises(InputError, match=rf"cell a · x: {part} than in june.parquet"):
            check_against_earlier(new, old, 10, "june.parquet")

    def test_enough_more_people_are_fine(self):
        new, old = self.two(self.added(("a", "x"), [0.0] * 12 + [50.0] * 12))
        check_against_earlier(new, old, 10)

    def test_one_person_exchanged_for_another_is_found(self):
        frame = people_of(FOUR, seed=9)
        body = frame.index[(frame["cost"] > 0) & (frame["cost"] < 20)][0]
        other = frame.assign(cost=frame["cost"].where(frame.index != body, 99.0))
        new, old = (release(one, ["f0", "f1"]).cells for one in (other, frame))
        with pytest.raises(InputError, match="same number of people but other costs"):
            check_against_earlier(new, old, 10)

    def test_another_order_of_factors_is_refused(self):
        """The leak it stands for: each order merges a small cell with another neighbour."""
        cells = FOUR | {("a", "x"): (3, 4, 2)}
        frame = people_of(cells, seed=10)
        one, other = release(frame, ["f0", "f1"]), release(frame, ["f1", "f0"])
        exact = cell_frame(frame, ["f0", "f1"])
        atoms = list(exact[["f0", "f1"]].itertuples(index=False, name=None))
        rows = []
        for released, order in ((one, slice(None)), (other, slice(None, None, -1))):
            listed = listed_cells(released)
            where = [label_of(atom[order], set(listed)) for atom in atoms]
            rows += [np.array([float(label == cell) for label in where]) for cell in listed]
        small = np.array([float(atom == ("a", "x")) for atom in atoms])
        assert in_row_space(small, np.array(rows))
        with pytest.raises(InputError, match="name those first and in the same order"):
            check_against_earlier(one.cells, other.cells, 10)

    def test_another_threshold_is_refused(self):
        _, old = self.two(self.added(("a", "x"), []))
        with pytest.raises(InputError, match="two thresholds show the people between"):
            check_against_earlier(replace(old, edges=old.edges * 2), old, 10)

    def test_cells_merged_differently_are_refused(self):
        frame = people_of(FOUR | {("a", "z"): (2, 3, 0)}, seed=11)
        less = frame[~((frame["f0"] == "a") & (frame["f1"] == "z"))]
        new, old = (release(one, ["f0", "f1"]).cells for one in (frame, less))
        with pytest.raises(InputError, match="is in only one of this release"):
            check_against_earlier(new, old, 10)


def test_the_engine_sends_cells_and_never_rows(monkeypatch):
    """Every result that is fetched from the engine has at most one row a cell."""
    frame = people_of(dict.fromkeys(product("abc", "xy"), (500, 4000, 500)), seed=12)
    table = ibis.memtable(frame)
    fetched = []
    execute = ibis.expr.types.Expr.execute

    def counting(expression, *args, **kwargs):
        result = execute(expression, *args, **kwargs)
        fetched.append(len(result))
        return result

    monkeypatch.setattr(ibis.expr.types.Expr, "execute", counting)
    released = release_cells(table, ["f0", "f1"], "cost", THRESHOLD)
    assert released.cells.table["n"].sum() == len(frame) == 30_000
    assert fetched
    assert max(fetched) == len(released.cells.table) == 6
