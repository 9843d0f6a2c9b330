"""What is released: never a few people, in a cell or by subtraction, and still the same people."""

import re
from dataclasses import replace
from itertools import product

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.dominance import is_unsafe, is_unsafe_tail
from analysis.population.disclosure.merging import MERGED
from analysis.population.disclosure.release import ReleaseRules, release_cells
from analysis.population.disclosure.rounding import MOMENTS
from analysis.population.disclosure.withholding import withheld_tails
from analysis.population.risk_cells import OF_THE_TAIL
from tests.population.release_frames import THRESHOLD, cell_frame, people_of, released

pytestmark = pytest.mark.unit
BY = ["f0", "f1", "f2"]
TEN = ReleaseRules()

sizes = st.tuples(*[st.sampled_from([0, 0, 1, 3, 9, 10, 25, 60])] * 3)
labels = [*product("ab", "pqr", "xy")]
populations = st.tuples(
    st.lists(sizes, min_size=len(labels), max_size=len(labels)), st.integers(0, 10**6)
)
quick = settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate])
"""A failure is told as it was found: to shrink it takes minutes."""


def people(population):
    found, seed = population
    cells = {label: size for label, size in zip(labels, found, strict=True) if sum(size)}
    assume(sum(size[1] + size[2] for size in cells.values()) >= 60)
    # So heavy a tail that a single cost often makes up half of what a cell has above the threshold.
    return people_of(cells, seed, tail_index=1.2)


def release(frame, by=BY, rules=TEN):
    try:
        return released(frame, list(by), rules)
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


def listed_cells(found):
    return list(found.cells.table[list(found.cells.factors)].itertuples(index=False, name=None))


def counts(found):
    """Every count that a reader sees, one column each; 0 where it is withheld."""
    table = found.cells.table
    zero = table["rows"] - table["n_positive"]
    return np.column_stack([table["rows"], zero, table["n_positive"], table["n_tail"].fillna(0)])


@quick
@given(populations)
def test_released_cells_hold_nobody_apart_and_still_everybody(population):
    frame = people(population)
    found = release(frame)
    shown = counts(found)
    assert (shown[:, 0] >= 10).all()
    assert ((shown == 0) | (shown >= 10)).all()
    assert (found.cells.costs["rows"] >= 10).all()
    assert found.cells.costs["rows"].sum() == (frame["cost"] > 0).sum()
    check_each_cell_is_the_sum_of_what_its_label_covers(found, frame)
    check_variances_are_possible(found)


def check_each_cell_is_the_sum_of_what_its_label_covers(found, frame):
    listed = listed_cells(found)
    atoms = frame[BY].apply(tuple, axis=1).map(lambda atom: label_of(atom, set(listed)))
    exact = cell_frame(frame.assign(label=atoms.map("·".join)), ["label"]).set_index("label")
    table = found.cells.table.set_index(pd.Index(["·".join(label) for label in listed]))
    exact = exact.reindex(table.index)
    assert table["n"].sum() == len(frame)
    for name in ("rows", "n", "member_years", "n_positive", "n_tail"):
        assert ((table[name] == exact[name]) | table[name].isna()).all()
    for name, squares in MOMENTS:
        # Half a unit of rounding is at most a twentieth of one person's usual part.
        part = np.sqrt(exact[squares] / exact["n_positive"].clip(lower=1))
        near = np.abs(table[name] - exact[name]) <= part / 20 + 1e-9
        assert (near | table[name].isna()).all()


def check_variances_are_possible(found):
    table = found.cells.table
    for name, squares in MOMENTS:
        least = table[name] ** 2 / table["n_positive"].clip(lower=1)
        assert (table[squares].fillna(np.inf) >= least.fillna(0) * (1 - 1e-12)).all()


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


@quick
@given(populations)
def test_nobody_above_the_threshold_can_be_found_by_subtraction(population):
    """The same for what is told of people above it, with their total, which the costs tell."""
    frame = people(population)
    everybody = cell_frame(frame.assign(everyone="all"), ["everyone"])
    assume(not is_unsafe_tail(everybody, 10).any())
    found = [release(frame, BY[:depth]).cells for depth in (1, 2, 3)]
    finest = list(found[-1].table[BY].itertuples(index=False, name=None))
    exact = cell_frame(in_released_cells(frame, set(finest)), BY)
    atoms = list(exact[BY].itertuples(index=False, name=None))
    rows = [np.ones(len(atoms))]
    for depth, cells in enumerate(found, 1):
        told = cells.table[cells.table["n_tail"].notna()]
        listed = list(told[BY[:depth]].itertuples(index=False, name=None))
        # The finest cells under this label; a label is merged in the finer release too.
        rows += [np.array([float(atom[:depth] == label) for atom in atoms]) for label in listed]
    unsafe = is_unsafe_tail(exact, 10).to_numpy()
    for index in np.flatnonzero(unsafe):
        assert not in_row_space(np.eye(len(atoms))[index], np.array(rows)), atoms[index]
    for cells, depth in zip(found, (1, 2, 3), strict=True):
        silent = cells.table[cells.table["n_tail"].isna()]
        keys = set(silent[BY[:depth]].itertuples(index=False, name=None))
        inside = exact[[atom[:depth] in keys for atom in atoms]].assign(everyone="all")
        if keys:
            check_together(inside)


def in_released_cells(frame, listed):
    names = frame[BY].apply(lambda row: label_of(tuple(row), listed), axis=1)
    return frame.assign(**dict(zip(BY, map(list, zip(*names, strict=True)), strict=True)))


def check_together(inside):
    """All who are kept silent about, together, pass the rules."""
    sums = [name for name in inside if name.startswith(("rows", "sum_"))]
    largest = [name for name in inside if name.startswith("largest_")]
    together = pd.concat([inside[sums].sum(), inside[largest].max()]).to_frame().T
    assert not is_unsafe_tail(together, 10).any()


def test_the_oracle_sees_a_leak():
    rows = np.array([[1.0, 1, 1], [1, 1, 0]])
    assert in_row_space(np.array([0.0, 0, 1]), rows)
    assert not in_row_space(np.array([0.0, 1, 0]), rows)


@quick
@given(populations)
def test_rounded_counts_are_multiples_and_add_up(population):
    found = release(people(population), rules=ReleaseRules(count_step=5))
    shown = counts(found)
    assert (shown % 5 == 0).all()
    assert ((shown == 0) | (shown >= 10)).all()
    costs = found.cells.costs
    assert (costs["rows"] % 5 == 0).all()
    assert (costs["rows"] == costs["n"]).all()


def test_equal_costs_keep_a_variance_of_at_least_zero():
    frame = pd.DataFrame({"f0": "a", "cost": [37.31] * 12})
    table = released(frame, ["f0"]).cells.table
    assert (table["sum_limited_squared"] >= table["sum_limited"] ** 2 / table["n_positive"]).all()


class TestMerging:
    def test_safe_cells_are_left_alone(self):
        frame = people_of({("a", "x"): (20, 30, 10), ("a", "y"): (0, 40, 0)}, seed=1)
        found = release(frame, ["f0", "f1"])
        assert listed_cells(found) == [("a", "x"), ("a", "y")]
        assert found.cells_merged == 0

    def test_small_levels_of_the_last_factor_are_pooled_first(self):
        cells = dict.fromkeys(product("ab", "wxyz"), (20, 30, 20))
        cells |= {("a", "y"): (4, 15, 6), ("a", "z"): (6, 15, 4)}
        found = release(people_of(cells, seed=2), ["f0", "f1"])
        merged = [label for label in listed_cells(found) if MERGED in label]
        assert merged == [("a", MERGED)]
        assert found.cells_merged == 2

    def test_a_pool_that_is_still_small_takes_in_the_smallest_neighbour(self):
        cells = {("a", "v"): (20, 90, 20), ("a", "w"): (20, 60, 20), ("a", "x"): (2, 3, 1)}
        found = release(people_of(cells, seed=3), ["f0", "f1"])
        assert listed_cells(found) == [("a", MERGED), ("a", "v")]

    @pytest.mark.parametrize("small", [(3, 30, 30), (30, 3, 3), (3, 3, 3)])
    def test_every_part_of_a_cell_counts(self, small):
        cells = {("a",): (50, 50, 50), ("b",): (30, 30, 30), ("c",): small}
        listed = listed_cells(release(people_of(cells, seed=4), ["f0"]))
        assert ("c",) not in listed
        assert (MERGED,) in listed

    def test_few_people_above_the_threshold_are_no_reason(self):
        cells = {("a",): (50, 50, 50), ("b",): (30, 30, 30), ("c",): (30, 30, 3)}
        assert ("c",) in listed_cells(release(people_of(cells, seed=4), ["f0"]))

    @pytest.mark.parametrize(("largest", "unsafe"), [(20.0, False), (90.0, True)])
    def test_a_cell_whose_cost_is_mostly_one_persons_is_unsafe(self, largest, unsafe):
        frame = pd.DataFrame({"f0": "a", "cost": [5.0] * 40 + [largest]})
        assert is_unsafe(cell_frame(frame, ["f0"]), 10).tolist() == [unsafe]

    def test_too_few_people_are_an_error(self):
        frame = people_of({("a",): (50, 2, 0), ("b",): (2, 0, 0)}, seed=5)
        with pytest.raises(InputError, match="all 54 people together are too few"):
            released(frame, ["f0"])


class TestSilence:
    """Cells that withhold what they know of people above the threshold."""

    def silent(self, cells, by, seed=6, costs=None):
        frame = people_of(cells, seed, tail_index=20)
        table = cell_frame(frame if costs is None else pd.concat([frame, costs]), by)
        return set(map("·".join, table.loc[withheld_tails(table, by, 10), by].to_numpy()))

    def test_nobody_and_enough_are_told(self):
        cells = {("a",): (20, 30, 0), ("b",): (20, 30, 15), ("c",): (20, 30, 90)}
        assert self.silent(cells, ["f0"]) == set()

    def test_a_few_need_company_of_the_fewest_beside_them(self):
        cells = {("a",): (20, 30, 3), ("b",): (20, 30, 25), ("c",): (20, 30, 90)}
        assert self.silent(cells, ["f0"]) == {"a", "b"}

    def test_two_cells_of_a_few_may_be_company_enough(self):
        cells = {("a",): (20, 30, 8), ("b",): (20, 30, 9), ("c",): (20, 30, 90)}
        assert self.silent(cells, ["f0"]) == {"a", "b"}

    def test_company_is_found_where_a_coarser_release_told_the_total(self):
        """Without it, the total of a less the cell a·y would be the three people of a·x."""
        cells = {("a", "x"): (20, 30, 3), ("a", "y"): (20, 30, 90), ("b", "x"): (20, 30, 9)}
        cells |= {("b", "y"): (20, 30, 90)}
        assert self.silent(cells, ["f0", "f1"]) == {"a·x", "a·y", "b·x", "b·y"}

    def test_a_total_that_a_coarser_release_withholds_is_not_the_sum_of_finer_cells(self):
        """By f0, a is told by nobody and takes b with it; so b may not be told by its parts."""
        cells = {("a", "x"): (20, 30, 3), ("b", "x"): (20, 30, 20), ("b", "y"): (20, 30, 30)}
        cells |= {("c", "x"): (20, 30, 90)}
        assert self.silent(cells, ["f0"]) == {"a", "b"}
        assert self.silent(cells, ["f0", "f1"]) == {"a·x", "b·x"}

    def test_one_who_has_most_of_what_a_cell_has_above_the_threshold_is_not_told(self):
        cells = {("a",): (20, 30, 15), ("b",): (20, 30, 40), ("c",): (20, 30, 90)}
        giant = pd.DataFrame({"f0": "a", "cost": [9e4]})
        assert "a" in self.silent(cells, ["f0"], costs=giant)

    def test_what_is_withheld_is_missing_in_all_three_columns(self):
        cells = {("a",): (20, 30, 3), ("b",): (20, 30, 25), ("c",): (20, 30, 90)}
        found = release(people_of(cells, seed=6), ["f0"])
        missing = found.cells.table[list(OF_THE_TAIL)].isna()
        assert missing.all(axis=1).tolist() == missing.any(axis=1).tolist() == [True, True, False]
        assert found.tails_withheld == 2


@pytest.mark.parametrize(("fewest", "step"), [(4, 1), (10, 0), (10, 11)])
def test_rules_that_protect_nobody_are_refused(fewest, step):
    with pytest.raises(InputError, match="fewest people|count step"):
        ReleaseRules(fewest, step)


FOUR = dict.fromkeys(product("ab", "xy"), (60, 80, 40))


class TestTwoReleases:
    def two(self, added, by=("f0", "f1"), seed=7):
        frame = people_of(FOUR, seed, tail_index=20)
        more = pd.concat([frame, added], ignore_index=True)
        return released(more, list(by)).cells, released(frame, list(by)).cells

    def added(self, label, costs):
        return pd.DataFrame({"cost": costs, "f0": label[0], "f1": label[1]})

    def test_the_same_people_again_are_fine(self):
        new, old = self.two(self.added(("a", "x"), []))
        check_against_earlier(new, old, 10)

    def test_a_finer_release_of_the_same_people_is_fine_both_ways(self):
        cells = FOUR | {("a", "x"): (60, 80, 3)}
        frame = people_of(cells, seed=8)
        fine, coarse = released(frame, ["f0", "f1"]).cells, released(frame, ["f0"]).cells
        check_against_earlier(fine, coarse, 10)
        check_against_earlier(coarse, fine, 10)

    @pytest.mark.parametrize(
        ("costs", "part"),
        [
            ([0.0], "1 more people without cost"),
            ([50.0] * 9, "9 more people in all"),
            ([500.0], "1 more people in all"),
            ([50.0] * 9 + [0.0] * 20, "9 more people with a cost up to the threshold"),
            ([105.0] + [50.0] * 20, "1 more people with a cost above the threshold"),
        ],
    )
    def test_a_few_more_people_are_found(self, costs, part):
        new, old = self.two(self.added(("a", "x"), costs))
        with pytest.raises(InputError, match=rf"cell a · x: {part} than in june.parquet"):
            check_against_earlier(new, old, 10, "june.parquet")

    def test_enough_more_people_are_fine(self):
        new, old = self.two(self.added(("a", "x"), [0.0] * 12 + [60.0] * 12))
        check_against_earlier(new, old, 10)

    def test_enough_more_people_spread_over_the_table_of_costs_are_not(self):
        new, old = self.two(self.added(("a", "x"), [0.0] * 12 + list(np.linspace(10, 90, 12))))
        with pytest.raises(InputError, match="the table of costs: . more people in one range of"):
            check_against_earlier(new, old, 10)

    def test_one_person_exchanged_for_another_is_found(self):
        frame = people_of(FOUR, seed=9)
        body = frame.index[(frame["cost"] > 0) & (frame["cost"] < 20)][0]
        other = frame.assign(cost=frame["cost"].where(frame.index != body, 99.0))
        new, old = (released(one, ["f0", "f1"]).cells for one in (other, frame))
        with pytest.raises(InputError, match="same number of people but other costs"):
            check_against_earlier(new, old, 10)

    def test_other_exposures_of_the_same_people_are_found(self):
        frame = people_of(FOUR, seed=9).assign(exposure=1.0)
        part = frame.assign(exposure=frame["exposure"].where(frame.index > 2, 0.1))
        new, old = (released(one, ["f0", "f1"]).cells for one in (part, frame))
        with pytest.raises(InputError, match="but other weights or exposures"):
            check_against_earlier(new, old, 10)

    def test_another_order_of_factors_is_refused(self):
        """The leak it stands for: each order merges a small cell with another neighbour."""
        cells = FOUR | {("a", "x"): (3, 4, 2)}
        frame = people_of(cells, seed=10)
        one, other = released(frame, ["f0", "f1"]), released(frame, ["f1", "f0"])
        exact = cell_frame(frame, ["f0", "f1"])
        atoms = list(exact[["f0", "f1"]].itertuples(index=False, name=None))
        rows = []
        for found, order in ((one, slice(None)), (other, slice(None, None, -1))):
            listed = listed_cells(found)
            where = [label_of(atom[order], set(listed)) for atom in atoms]
            rows += [np.array([float(label == cell) for label in where]) for cell in listed]
        small = np.array([float(atom == ("a", "x")) for atom in atoms])
        assert in_row_space(small, np.array(rows))
        with pytest.raises(InputError, match="name those first and in the same order"):
            check_against_earlier(one.cells, other.cells, 10)

    def test_two_thresholds_with_enough_people_between_them_are_fine(self):
        frame = people_of(FOUR, seed=14)
        new, old = (
            released(frame, ["f0", "f1"], threshold=start).cells for start in (100.0, 10**2.05)
        )
        check_against_earlier(new, old, 10)
        check_against_earlier(old, new, 10)

    @pytest.mark.parametrize("tail", [3, 40])
    def test_two_thresholds_with_a_few_people_above_or_between_them_are_refused(self, tail):
        frame = people_of(FOUR | {("a", "x"): (60, 80, tail)}, seed=12)
        new, old = (
            released(frame, ["f0", "f1"], threshold=start).cells for start in (100.0, 10**2.05)
        )
        with pytest.raises(InputError, match="two thresholds show the people between them"):
            check_against_earlier(new, old, 10)

    def test_other_company_for_a_silent_cell_is_refused(self):
        """Rules for smaller cells choose other company, and the two together leave one alone."""
        cells = {("a",): (60, 80, 3), ("b",): (60, 80, 8), ("c",): (60, 80, 90)}
        frame = people_of(cells | {("d",): (60, 80, 90)}, seed=13, tail_index=20)
        old = released(frame, ["f0"]).cells
        assert old.table["n_tail"].isna().tolist() == [True, True, False, False]
        exact = cell_frame(frame, ["f0"])
        table = old.table.copy()
        table.loc[1, list(OF_THE_TAIL)] = exact.loc[1, list(OF_THE_TAIL)]
        table.loc[2, list(OF_THE_TAIL)] = np.nan
        with pytest.raises(InputError, match="would show a few of them"):
            check_against_earlier(replace(old, table=table), old, 10)

    def test_cells_merged_differently_are_refused(self):
        frame = people_of(FOUR | {("a", "z"): (2, 3, 0)}, seed=11)
        less = frame[~((frame["f0"] == "a") & (frame["f1"] == "z"))]
        new, old = (released(one, ["f0", "f1"]).cells for one in (frame, less))
        with pytest.raises(InputError, match="is in only one of this release"):
            check_against_earlier(new, old, 10)


def test_the_engine_sends_cells_and_bins_and_never_rows(monkeypatch):
    """Every result that is fetched has at most one row a cell or narrow bin of cost."""
    frame = people_of(dict.fromkeys(product("abc", "xy"), (500, 4000, 500)), seed=12)
    table = ibis.memtable(frame)
    fetched = []
    execute = ibis.expr.types.Expr.execute

    def counting(expression, *args, **kwargs):
        result = execute(expression, *args, **kwargs)
        fetched.append(len(result))
        return result

    monkeypatch.setattr(ibis.expr.types.Expr, "execute", counting)
    found = release_cells(table, ["f0", "f1"], "cost")
    assert found.cells.table["n"].sum() == len(frame) == 30_000
    assert found.cells.threshold > THRESHOLD
    assert max(fetched) < 100
    assert fetched[-1] == len(found.cells.table) == 6
