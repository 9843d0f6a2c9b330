"""Growth on a reader's own groups: known truths, limits, and the chapter's own programme."""

import numpy as np
import pandas as pd
import pytest

from analysis.inference import importance
from analysis.own.programme.answer import answer
from analysis.own.programme.example import TRUTH, example_groups
from analysis.own.programme.exits import exits
from analysis.own.programme.fitting import fit_groups, growth_rows
from analysis.own.programme.measures import Course, probabilities, time_to_target
from analysis.own.programme.settings import Target, ends, trends
from analysis.own.programme.table import OwnGroups
from tests.own.mssp_rows import mssp_like_groups

NO_TREND = (0.0, 0.0)


@pytest.fixture
def quick(monkeypatch):
    """Fewer effective draws: enough for tests."""
    monkeypatch.setattr(importance, "ENOUGH", 400.0)


def own(table):
    """As the reader returns a table of the example's columns."""
    table = table.rename(columns={"savings_rate": "rate"})
    table["elapsed"] = table["year"] - table["start_year"]
    return OwnGroups(table.sort_values(["group", "year"], ignore_index=True), has_calendar=True)


def made(rate, groups=30, years=8, starts=3):
    """Groups of one size without exits, their rates a function of years since the start."""
    rows = [
        (f"g{number:03d}", 2010 + number % starts, year)
        for number in range(groups)
        for year in range(2010 + number % starts, 2010 + years)
    ]
    table = pd.DataFrame(rows, columns=["group", "start_year", "year"])
    found = own(table.assign(savings_rate=0.0, people=10_000))
    found.table["rate"] = rate(found.table["elapsed"].to_numpy(float))
    return found


def curve(elapsed, level=1.0, gain=5.0, years=4.0):
    return level + gain * (1 - 5 ** (-elapsed / years))


@pytest.mark.integration
def test_without_noise_the_truth_is_found(quick):
    found = answer(made(curve), calendar=NO_TREND)
    assert found.time["value"] == pytest.approx(4.0, abs=0.2)
    assert found.time["high"] - found.time["low"] < 1.0
    expected = curve(np.arange(10.0))
    np.testing.assert_allclose(found.curve["value"][:8], expected[:8], atol=0.1)
    np.testing.assert_allclose(found.curve["raw"][:8], expected[:8], atol=1e-9)
    assert found.narrowing > 0.8
    assert found.exits["left"] == 0


@pytest.mark.integration
def test_flat_savings_never_grow(quick):
    noise = np.random.default_rng(1)
    found = answer(made(lambda t: 1 + 0.3 * noise.standard_normal(len(t))), calendar=NO_TREND)
    assert found.probabilities["never"] > 0.95
    assert found.time["value"] == np.inf
    assert found.probabilities["never"] > found.prior_probabilities["never"] + 0.3


@pytest.mark.integration
def test_known_programmes_are_found_as_often_as_intervals_promise(quick):
    """Truth without a calendar trend; poor savers leave, and rates alone would overstate growth."""
    inside, raw_gains = [], []
    for seed in range(5):
        groups = own(example_groups(48, seed))
        growth = fit_groups(growth_rows(groups, NO_TREND, trends()[1]))
        true = TRUTH.plateau_gain * (1 - 5 ** (-9 / TRUTH.years_to_80pct))
        for draws, truth in (
            (growth.gain, true),
            (growth.level, TRUTH.level),
            (growth.years_to_80pct, TRUTH.years_to_80pct),
        ):
            inside.append(np.quantile(draws, 0.05) < truth < np.quantile(draws, 0.95))
        raw = groups.table.groupby("elapsed")["rate"].mean()
        raw_gains.append(raw[5] - raw[0] - TRUTH.plateau_gain * (1 - 5 ** (-5 / 7)))
    # Of 15 at 90 %, fewer than 11 would be seen about once in a hundred times.
    assert sum(inside) >= 11
    assert np.mean(raw_gains) > 0.3


@pytest.mark.slow
def test_rows_like_the_chapters_programme_give_the_chapters_answer(quick):
    """The chapter: 14 years (5 to over a hundred); 4 % under five, 24 % to ten, 5 % never."""
    found = answer(mssp_like_groups(np.random.default_rng(2)))
    assert 11 < found.time["value"] < 20
    assert 4 < found.time["low"] < 7
    for span, chapter in {"under_5": 0.04, "from_5_to_10": 0.24, "never": 0.05}.items():
        assert found.probabilities[span] == pytest.approx(chapter, abs=0.08), span
    assert found.gain["value"] == pytest.approx(2.8, abs=0.8)
    assert found.nothing_learned["value"] == pytest.approx(0.55, abs=0.06)


@pytest.fixture(scope="module")
def few():
    return own(example_groups(12, 3))


@pytest.mark.integration
def test_the_same_table_gives_the_same_answer_in_any_order(few, quick):
    shuffled = few.table.sample(frac=1, random_state=1).sort_values(["group", "year"])
    one, two = answer(few), answer(OwnGroups(shuffled.reset_index(drop=True), True))
    assert one.time == two.time
    assert one.probabilities == two.probabilities
    assert sum(one.probabilities.values()) == pytest.approx(1)
    assert sum(one.prior_probabilities.values()) == pytest.approx(1)


@pytest.mark.integration
def test_a_calendar_trend_that_is_given_is_taken_off_the_growth(few, quick):
    none, all_of_it = (answer(few, calendar=(trend, trend)) for trend in (0.0, 0.4))
    assert all_of_it.gain["value"] < none.gain["value"] - 1
    assert all_of_it.nothing_learned["value"] == pytest.approx(
        none.nothing_learned["value"], abs=0.25
    )


@pytest.mark.integration
def test_without_calendar_years_all_begin_together_and_exits_are_not_seen(quick):
    groups = made(curve, starts=1)
    bare = OwnGroups(groups.table.assign(start_year=0, year=groups.table["elapsed"]), False)
    with_years, without = answer(groups, calendar=NO_TREND), answer(bare, calendar=NO_TREND)
    assert without.time == pytest.approx(with_years.time, rel=0.02)
    assert without.exits is None
    assert without.curve["exits_added"].isna().all()


@pytest.mark.integration
def test_what_exits_added_is_what_those_who_left_would_have_taken_off(quick):
    """Half of the groups lie ten points below the others for good, and leave after two years."""
    generator = np.random.default_rng(4)
    groups = made(lambda t: 1 + 0.3 * generator.standard_normal(len(t)), groups=40, starts=1)
    low = groups.table["group"] > "g019"
    groups.table["rate"] -= 10.0 * low
    stayed = groups.table[~low | (groups.table["elapsed"] < 3)].reset_index(drop=True)
    groups = OwnGroups(stayed, has_calendar=True)
    found = exits(groups, fit_groups(growth_rows(groups, NO_TREND, NO_TREND)))
    assert (found.left, found.began) == (20, 40)
    assert found.gap == pytest.approx(-10, abs=0.3)
    np.testing.assert_allclose(found.added.mean(axis=0)[:3], 0, atol=1e-9)
    np.testing.assert_allclose(found.added.mean(axis=0)[3:], 5, atol=1.0)


@pytest.mark.unit
def test_times_by_hand():
    course = Course(np.array([1.0, 1.0, 1.0]), np.array([4.0, 0.1, -2.0]), np.full(3, 6.0))
    np.testing.assert_allclose(time_to_target(course, Target(), 0.5), [6.0, np.inf, np.inf])
    half = time_to_target(course, Target(share=0.5), 0.5)
    assert half[0] == pytest.approx(6 * np.log(2) / np.log(5))
    plateau = 4 / (1 - 5 ** (-9 / 6))
    saving = 1 + plateau * (1 - 5 ** (-3 / 6))
    np.testing.assert_allclose(
        time_to_target(course, Target(saving=saving), 0.5), [3.0, np.inf, np.inf]
    )
    np.testing.assert_array_equal(time_to_target(course, Target(saving=0.9), 0.5), [0, 0, 0])
    assert probabilities(np.array([4.9, 5.0, 10.0, 10.1, np.inf])) == {
        "under_5": 0.2, "from_5_to_10": 0.4, "over_10": 0.2, "never": 0.2,
    }  # fmt: skip


@pytest.mark.unit
def test_the_calendar_trend_keeps_the_ends_it_is_given():
    assert ends(trends((-0.5, 0.3))[0]) == pytest.approx((-0.5, 0.3))
    assert trends()[0][0] < 0
