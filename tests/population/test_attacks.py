"""Attacks on released cells: what a reader who knows much can find out about one person.

Each test is an attack with its arithmetic. Most fail, or are refused before anything is written.
Two succeed, and are what the page on disclosure says that the rules do not cover.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.merging import DOMINANCE, MERGED
from analysis.population.disclosure.release import (
    CELL_COLUMNS,
    LOWEST_FEWEST,
    ReleaseRules,
    apply_rules,
)
from tests.population.release_frames import EDGES, cell_frame, people_of

pytestmark = pytest.mark.unit

COUNTS = ["n", "n_positive", "n_body", "n_tail"]
ORDINARY = (60, 80, 40)


def released(frame, by=("f0",), fewest=10):
    rules = ReleaseRules(fewest)
    return apply_rules(cell_frame(frame, list(by)), list(by), EDGES, rules).cells


def of(costs, label="a"):
    return pd.DataFrame({"f0": label, "cost": np.asarray(costs, float)})


def crowd(seed=1):
    """Three groups of ordinary people, by two factors."""
    return people_of({(one, "x"): ORDINARY for one in "abc"} | {("a", "y"): ORDINARY}, seed)


class TestTheLargestCost:
    """The costliest person is the one that others know about."""

    @pytest.mark.parametrize("share", [0.2, 0.35, 0.45, 0.475])
    def test_the_second_largest_cannot_tell_the_largest_to_a_tenth(self, share):
        """They subtract their own cost from the sum, and all that is left could be the largest."""
        generator = np.random.default_rng(3)
        rest = generator.uniform(120, 200, 40)
        largest = rest.sum() * share / (1 - share)
        second = largest * 0.99
        table = released(of([*rest, largest, second])).table
        estimate = table["sum_cost"].item() - second
        assert estimate / largest - 1 > DOMINANCE - 2 - 0.001

    def test_a_person_with_more_than_that_is_never_shown_with_few_others(self):
        others = crowd()
        giant = pd.DataFrame({"f0": "a", "f1": "z", "cost": [9e5]})
        sick = pd.DataFrame({"f0": "a", "f1": "z", "cost": [150.0] * 30})
        try:
            table = released(pd.concat([others, giant, sick]), ["f0", "f1"]).table
        except InputError as error:
            assert "one person has" in str(error)
        else:
            assert "z" not in set(table["f1"])

    def test_squares_do_not_give_the_largest_away(self):
        """The root of the sum of squares is close to a cost that dominates it: it is withheld."""
        costs = [50.0] * 200 + [200.0] * 20 + [5000.0]
        table = released(of(costs)).table
        assert table["sum_cost_squared"].isna().all()

    def test_the_top_of_the_tail_is_never_one_person(self):
        cells = released(of([50.0] * 30 + [150.0] * 30 + [9e3, 8e3, 7e3]))
        top = cells.tail_counts[0][cells.tail_counts[0] > 0][-1]
        assert top >= 10
        assert np.isinf(cells.tail_upper()[0][cells.tail_counts[0] > 0][-1])


class TestSubtraction:
    """What is left when something known is taken from something released."""

    def test_a_total_less_the_cells_that_are_shown_is_a_safe_cell(self):
        alone = pd.DataFrame({"f0": ["a"], "f1": ["w"], "cost": [77.0]})
        frame = pd.concat([crowd(), alone])
        coarse = released(frame, ["f0"]).table.set_index("f0")
        fine = released(frame, ["f0", "f1"]).table
        shown = fine[(fine["f0"] == "a") & (fine["f1"] != MERGED)]
        left = coarse.loc["a", COUNTS] - shown[COUNTS].sum()
        parts = np.array([left["n"] - left["n_positive"], left["n_body"], left["n_tail"]])
        assert left["n"] > 1
        assert ((parts == 0) | (parts >= 10)).all()

    def test_a_person_who_came_between_two_releases_is_not_the_difference(self):
        frame = crowd()
        newcomer = pd.DataFrame({"f0": ["a"], "f1": ["x"], "cost": [88.0]})
        old, new = released(frame), released(pd.concat([frame, newcomer]))
        assert (new.table["n"] - old.table["n"]).sum() == 1, "the attack would succeed"
        with pytest.raises(InputError, match="subtraction would show"):
            check_against_earlier(new, old, 10)

    def test_a_person_whose_cost_was_corrected_is_not_the_difference(self):
        frame = crowd()
        index = frame.index[(frame["cost"] > 0) & (frame["cost"] < 30)][0]
        old = released(frame)
        new = released(frame.assign(cost=frame["cost"].where(frame.index != index, 99.0)))
        with pytest.raises(InputError, match="same number of people but other costs"):
            check_against_earlier(new, old, 10)

    def test_a_detour_over_a_third_release_is_found_if_every_earlier_one_is_named(self):
        """Twelve come and eleven of them go: each step is safe, and the two together are not."""
        frame = crowd()
        twelve = pd.DataFrame({"f0": "a", "f1": "x", "cost": np.linspace(20, 80, 12)})
        first, second = released(frame), released(pd.concat([frame, twelve]))
        third = released(pd.concat([frame, twelve.head(1)]))
        check_against_earlier(second, first, 10)
        check_against_earlier(third, second, 10)
        with pytest.raises(InputError, match="subtraction would show"):
            check_against_earlier(third, first, 10)

    def test_another_threshold_does_not_cut_out_the_people_between(self):
        frame = of([50.0] * 40 + [150.0] * 40 + [100.5])
        first = released(frame)
        moved = apply_rules(cell_frame(frame, ["f0"]), ["f0"], EDGES * 1.01, ReleaseRules()).cells
        with pytest.raises(InputError, match="two thresholds show the people between"):
            check_against_earlier(moved, first, 10)


class TestSolvingForCosts:
    """A few people, many sums: exact sums could be solved for the costs behind them."""

    def people(self, changed=0.0):
        costs = np.linspace(60, 99, LOWEST_FEWEST)
        costs[0] += changed
        costs[1] -= changed
        return of(costs)

    def test_two_different_groups_of_people_give_the_same_release(self):
        """No solution is the only one: costs differ by more than a penny and nobody can tell."""
        one = released(self.people(), fewest=LOWEST_FEWEST).table
        other = released(self.people(changed=0.05), fewest=LOWEST_FEWEST).table
        pd.testing.assert_frame_equal(one, other)
        exact = [cell_frame(self.people(changed), ["f0"]) for changed in (0.0, 0.05)]
        assert not np.allclose(exact[0]["sum_log"], exact[1]["sum_log"], rtol=1e-9)

    def test_counts_of_a_release_are_too_few_to_name_a_cell_of_one(self):
        table = released(pd.concat([crowd(), crowd(2).head(1)])).table
        assert (table[COUNTS].replace(0, 10) >= 10).all(axis=None)


class TestWhatTheRulesDoNotCover:
    """Stated on the page, and shown here to be true."""

    def test_who_knows_everybody_but_one_finds_the_last_to_within_the_rounding(self):
        costs = np.linspace(20, 99, 40)
        table = released(of(costs)).table
        found = table["sum_cost"].item() - costs[:-1].sum()
        part = np.sqrt((costs**2).mean())
        assert abs(found - costs[-1]) <= part / 20
        assert abs(found - costs[-1]) > 0

    def test_what_is_true_of_everybody_in_a_cell_is_shown(self):
        frame = pd.concat([crowd(), pd.DataFrame({"f0": "d", "f1": "x", "cost": [0.0] * 30})])
        table = released(frame).table.set_index("f0")
        assert table.loc["d", "n_positive"] == 0


def test_nothing_but_these_columns_leaves():
    """A column that is added to the cells must be thought about here first."""
    assert set(released(crowd()).table) == {"f0", *CELL_COLUMNS}
