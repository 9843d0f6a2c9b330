"""Attacks on released cells: what a reader who knows much can find out about one person.

Each test is an attack with its arithmetic. Most fail, or are refused before anything is written.
Three succeed, and are what the page on disclosure says that the rules do not cover.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.population.cost_table import DOMINANCE, WIDTH, joined_bins
from analysis.population.disclosure.cost_rounding import round_costs
from analysis.population.disclosure.differencing import check_against_earlier
from analysis.population.disclosure.merging import MERGED
from analysis.population.disclosure.release import COST_COLUMNS, LOWEST_FEWEST, ReleaseRules
from analysis.population.risk_cells import OF_THE_TAIL, SUMS
from tests.population.release_frames import (
    THRESHOLD,
    cell_frame,
    narrow_frame,
    people_of,
    released,
)

pytestmark = pytest.mark.unit

COUNTS = ["rows", "n_positive"]
ORDINARY = (60, 80, 40)


def cells_of(frame, by=("f0",), fewest=10, threshold=THRESHOLD):
    return released(frame, list(by), ReleaseRules(fewest), threshold).cells


def of(costs, label="a"):
    return pd.DataFrame({"f0": label, "cost": np.asarray(costs, float)})


def crowd(seed=1):
    """Three groups of ordinary people, by two factors."""
    return people_of({(one, "x"): ORDINARY for one in "abc"} | {("a", "y"): ORDINARY}, seed)


class TestTheLargestCost:
    """The costliest person is the one that others know about."""

    @pytest.mark.parametrize("share", [0.1, 0.15, 0.2])
    def test_the_second_largest_cannot_tell_the_largest_to_a_tenth(self, share):
        """They subtract their own cost from the sum, and all that is left could be the largest."""
        generator = np.random.default_rng(3)
        rest = generator.uniform(1.2, 2, 40)
        largest = rest.sum() * share / (1 - share)
        second = largest * 0.99
        table = cells_of(of([*rest, largest, second])).table
        estimate = table["sum_limited"].item() - second
        assert estimate / largest - 1 > DOMINANCE - 2 - 0.001
        by_squares = np.sqrt(table["sum_limited_squared"].item() - second**2)
        assert by_squares / largest - 1 > DOMINANCE - 2 - 0.001

    @pytest.mark.parametrize("share", [0.3, 0.45])
    def test_two_who_have_most_of_the_cost_are_not_released(self, share):
        rest = np.linspace(1.2, 2, 40)
        two = [rest.sum() * share / (1 - share)] * 2
        with pytest.raises(InputError, match="one person has .* of the cost of all 42 people"):
            cells_of(of([*rest, *two]))

    def test_a_person_with_more_than_that_is_never_shown_with_few_others(self):
        giant = pd.DataFrame({"f0": "a", "f1": "z", "cost": [99.0]})
        healthy = pd.DataFrame({"f0": "a", "f1": "z", "cost": [1.5] * 30})
        table = cells_of(pd.concat([crowd(), giant, healthy]), ["f0", "f1"]).table
        assert "z" not in set(table["f1"])

    def test_one_giant_above_the_threshold_is_not_in_any_sum_that_is_told(self):
        giant = pd.DataFrame({"f0": "a", "f1": "x", "cost": [9e7]})
        table = cells_of(pd.concat([crowd(), giant]), ["f0", "f1"]).table
        assert table["sum_limited"].max() < 9e4
        assert table[list(OF_THE_TAIL)].isna().all(axis=None)

    def test_second_largest_above_the_threshold_cannot_tell_the_largest_to_a_tenth(self):
        """What costs have above the threshold is the difference of two released sums."""
        generator = np.random.default_rng(4)
        for largest in np.linspace(200, 3_000, 30):
            above = THRESHOLD + generator.uniform(20, 150, 30)
            second = THRESHOLD + largest * 0.99
            frame = of([*[50.0] * 60, *above, second, THRESHOLD + largest])
            table = cells_of(frame).table
            excess = (table["sum_cost"] - table["sum_limited"]).item()
            estimate = excess - (second - THRESHOLD)
            assert np.isnan(estimate) or estimate / largest - 1 > DOMINANCE - 2 - 0.01


class TestSubtraction:
    """What is left when something known is taken from something released."""

    def test_a_total_less_the_cells_that_are_shown_is_a_safe_cell(self):
        alone = pd.DataFrame({"f0": ["a"], "f1": ["w"], "cost": [77.0]})
        frame = pd.concat([crowd(), alone])
        coarse = cells_of(frame, ["f0"]).table.set_index("f0")
        fine = cells_of(frame, ["f0", "f1"]).table
        shown = fine[(fine["f0"] == "a") & (fine["f1"] != MERGED)]
        left = coarse.loc["a", COUNTS] - shown[COUNTS].sum()
        parts = np.array([left["rows"] - left["n_positive"], left["n_positive"]])
        assert left["rows"] > 1
        assert ((parts == 0) | (parts >= 10)).all()

    def test_all_above_the_threshold_less_those_that_are_told_are_enough(self):
        """The table of costs tells how many there are in all."""
        few = pd.DataFrame({"f0": "d", "f1": "x", "cost": [50.0] * 40 + [500.0] * 2})
        cells = cells_of(pd.concat([crowd(), few]))
        total = cells.costs.loc[cells.costs["cost_above"] >= THRESHOLD * 0.999, "rows"].sum()
        left = total - cells.table["n_tail"].sum()
        assert cells.table["n_tail"].isna().sum() == 2, "the few, and others for company"
        assert left >= 10

    def test_a_person_who_came_between_two_releases_is_not_the_difference(self):
        frame = crowd()
        newcomer = pd.DataFrame({"f0": ["a"], "f1": ["x"], "cost": [88.0]})
        old, new = cells_of(frame), cells_of(pd.concat([frame, newcomer]))
        assert (new.table["n"] - old.table["n"]).sum() == 1, "the attack would succeed"
        with pytest.raises(InputError, match="subtraction would show"):
            check_against_earlier(new, old, 10)

    def test_a_person_whose_cost_was_corrected_is_not_the_difference(self):
        frame = crowd()
        index = frame.index[(frame["cost"] > 0) & (frame["cost"] < 30)][0]
        old = cells_of(frame)
        new = cells_of(frame.assign(cost=frame["cost"].where(frame.index != index, 99.0)))
        with pytest.raises(InputError, match="same number of people but other costs"):
            check_against_earlier(new, old, 10)

    def test_a_cost_that_was_corrected_above_the_threshold_is_not_the_difference(self):
        """Sums that are cut do not see it; the table of costs does."""
        frame = crowd()
        index = frame.index[frame["cost"] > THRESHOLD][0]
        old = cells_of(frame)
        new = cells_of(frame.assign(cost=frame["cost"].where(frame.index != index, 4_000.0)))
        with pytest.raises(InputError, match="subtraction would show"):
            check_against_earlier(new, old, 10)

    def test_a_detour_over_a_third_release_is_found_if_every_earlier_one_is_named(self):
        """Twelve come and eleven of them go: each step is safe, and the two together are not."""
        frame = crowd()
        twelve = pd.DataFrame({"f0": "a", "f1": "x", "cost": [60.0] * 12})
        first, second = cells_of(frame), cells_of(pd.concat([frame, twelve]))
        third = cells_of(pd.concat([frame, twelve.head(1)]))
        check_against_earlier(second, first, 10)
        check_against_earlier(third, second, 10)
        with pytest.raises(InputError, match="subtraction would show"):
            check_against_earlier(third, first, 10)

    def test_another_threshold_does_not_cut_out_the_people_between(self):
        frame = of([50.0] * 40 + [150.0] * 40 + [105.0])
        first, moved = cells_of(frame), cells_of(frame, threshold=10**2.05)
        cut = moved.table["sum_limited"].item() - first.table["sum_limited"].item()
        above = 40 * (moved.threshold - first.threshold)
        assert cut - above == pytest.approx(5, abs=10), "the attack would succeed, but for rounding"
        with pytest.raises(InputError, match="two thresholds show the people between"):
            check_against_earlier(moved, first, 10)

    def test_bins_that_begin_elsewhere_do_not_cut_out_the_people_between(self):
        """Two tables with other rules: what costs more than one edge, less more than another."""
        frame = of([*np.linspace(2, 90, 300), *np.geomspace(101, 5_000, 61)])
        old, new = (cells_of(frame, fewest=fewest) for fewest in (10, 7))
        edges = [set(cells.costs["cost_above"]) for cells in (old, new)]
        assert edges[0] - edges[1], "the attack needs other edges"
        costs = frame["cost"].to_numpy()
        between = [
            ((costs > min(one, other)) & (costs <= max(one, other))).sum()
            for one in edges[0] - edges[1]
            for other in edges[1] - edges[0]
        ]
        assert min(between) < 7
        with pytest.raises(InputError, match="bins that begin elsewhere"):
            check_against_earlier(new, old, 7)


class TestSolvingForCosts:
    """A few people, many sums: exact sums could be solved for the costs behind them."""

    def people(self, changed=0.0):
        costs = np.linspace(60, 99, LOWEST_FEWEST)
        costs[0] += changed
        costs[1] -= changed
        return of(costs)

    def test_two_different_groups_of_people_give_the_same_cell(self):
        """No solution is the only one: costs differ by more than a penny and nobody can tell."""
        one = cells_of(self.people(), fewest=LOWEST_FEWEST)
        other = cells_of(self.people(changed=0.05), fewest=LOWEST_FEWEST)
        pd.testing.assert_frame_equal(one.table, other.table)
        pd.testing.assert_frame_equal(one.costs, other.costs)
        exact = [cell_frame(self.people(changed), ["f0"]) for changed in (0.0, 0.05)]
        assert not np.allclose(
            exact[0]["sum_limited_squared"], exact[1]["sum_limited_squared"], rtol=1e-9
        )

    def test_who_knows_all_others_in_a_bin_does_not_find_the_last(self):
        """Every cost in a good part of the bin gives the same figures."""
        low = 1_000.0
        generator = np.random.default_rng(5)
        widths = []
        for _ in range(15):
            logs = np.log(low) + WIDTH * generator.uniform(0.01, 0.99, 10)
            widths.append(self.indistinct(logs, np.log(low)) / WIDTH)
        assert np.median(widths) > 0.25
        assert np.mean(np.array(widths) > 0.03) > 0.9

    def indistinct(self, logs, edge):
        """Length of the logs of the last person that would give the same bin."""
        told = self.bin(logs, edge)
        grid = edge + WIDTH * np.linspace(0.01, 0.99, 50)
        same = [np.allclose(self.bin([*logs[:-1], log], edge), told, atol=1e-9) for log in grid]
        return WIDTH * np.mean(same)

    def bin(self, logs, edge):
        around = pd.DataFrame({"mean_log": [edge - 0.05, 0.0, edge + WIDTH + 0.05]})
        around["cost_above"] = [0.0, np.exp(edge), np.exp(edge + WIDTH)]
        around = around.assign(rows=len(logs), n=float(len(logs)), variance_log=0.001)
        around.loc[1, ["mean_log", "variance_log"]] = np.mean(logs), np.var(logs)
        return round_costs(around, 1).loc[1, ["mean_log", "variance_log"]].to_numpy(float)

    def test_the_second_largest_in_the_top_bin_cannot_tell_the_largest(self):
        """They know that nobody else costs more than they: sum and squares bound the largest."""
        generator = np.random.default_rng(6)
        for _ in range(20):
            frame = of(np.exp(generator.gumbel(5, 1.5, 400)))
            narrow = narrow_frame(frame)
            edge = np.log(joined_bins(narrow)["cost_above"].iloc[-1])
            excess = np.sort(np.log(frame["cost"]) - edge)
            excess = excess[excess > 0]
            assert len(excess) >= 10
            assert excess.sum() - excess[-2] > 1.1 * excess[-1]
            squares = (excess**2).sum()
            assert np.sqrt(squares - excess[-2] ** 2) > 1.1 * excess[-1]

    def test_counts_of_a_release_are_too_few_to_name_a_cell_of_one(self):
        cells = cells_of(pd.concat([crowd(), crowd(2).head(1)]))
        assert (cells.table[COUNTS].replace(0, 10) >= 10).all(axis=None)
        assert (cells.table["n_tail"].replace(0, 10).fillna(10) >= 10).all()
        assert (cells.costs["rows"] >= 10).all()

    def test_who_knows_when_others_came_does_not_find_the_share_of_the_last(self):
        frame = crowd().assign(exposure=1.0)
        told = []
        for share in (0.1, 0.2, 0.4):
            frame.loc[frame.index[0], "exposure"] = share
            told.append(cells_of(frame).table["member_years"])
        assert (told[0] == told[1]).all()
        assert (told[1] == told[2]).all()
        assert (told[0] % 1 == 0).all()


class TestWhatTheRulesDoNotCover:
    """Stated on the page, and shown here to be true."""

    def test_who_knows_everybody_but_one_finds_the_last_to_within_the_rounding(self):
        costs = np.linspace(20, 99, 40)
        table = cells_of(of(costs)).table
        found = table["sum_limited"].item() - costs[:-1].sum()
        part = np.sqrt((costs**2).mean())
        assert abs(found - costs[-1]) <= part / 20
        assert abs(found - costs[-1]) > 0

    def test_what_is_true_of_everybody_in_a_cell_is_shown(self):
        frame = pd.concat([crowd(), pd.DataFrame({"f0": "d", "f1": "x", "cost": [0.0] * 30})])
        table = cells_of(frame).table.set_index("f0")
        assert table.loc["d", "n_positive"] == 0

    def test_that_somebody_is_above_the_threshold_can_be_guessed_from_squares(self):
        """How many is withheld, but sums that are cut there are told; they say no amount."""
        few = pd.DataFrame({"f0": "d", "f1": "x", "cost": [10.0] * 200 + [500.0] * 4})
        table = cells_of(pd.concat([crowd(), few])).table.set_index("f0")
        assert np.isnan(table.loc["d", "n_tail"])
        others = 200 * 10.0**2
        guess = (table.loc["d", "sum_limited_squared"] - others) / THRESHOLD**2
        assert guess == pytest.approx(4, abs=0.1)


def test_nothing_but_these_columns_leaves():
    """A column that is added to the cells must be thought about here first."""
    cells = cells_of(crowd())
    assert set(cells.table) == {"f0", *SUMS}
    assert set(cells.costs) == set(COST_COLUMNS)
