"""Tables of the explorers on shares at risk: equal to direct computation between their points."""

import numpy as np
import pytest

from analysis.chapters.balanced_incentives.primitives import draw_primitives
from analysis.chapters.five_to_ten_years.explorer_tables import (
    phase_in_tables,
    ruined_by,
    worst_losses,
)
from analysis.chapters.five_to_ten_years.phase_in import (
    fixed_share,
    largest_timetable,
    risk_by_reserve,
    savings_paths,
)
from analysis.chapters.strength_of_incentives.explorer_tables import share_tables
from analysis.chapters.strength_of_incentives.share_at_risk import share_effects
from analysis.chapters.strength_of_incentives.shared_savings import SharedSavings
from analysis.risk.chance_table import low_median_high
from analysis.risk.incentivised_groups import group
from analysis.risk.performance import PerformanceNoise
from analysis.seeds import seed_for

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def primitives():
    """Draw what the model of incentives rests on, with made-up fits."""
    random = np.random.default_rng(seed_for("explorer-primitives"))
    middles = {"cost_variation": 4.0, "lasting_sd_percent": 2.5, "quality_half_size": 5_000.0}
    fitted = {
        name: value * np.exp(0.1 * random.standard_normal(2_000)) for name, value in middles.items()
    }
    return draw_primitives(fitted)


def test_effects_and_luck_between_the_points_are_those_computed_directly(primitives):
    drawn = primitives
    tables = share_tables(drawn, drawn["cost_variation"])
    people, share = 45_000, 0.33
    situation = group(dict(drawn), people)
    effects = share_effects(situation)
    assert tables["total"].at(people, share) == pytest.approx(
        low_median_high(effects.total(share)), rel=0.05, abs=0.02
    )
    assert tables["patients"].at(share) == pytest.approx(
        low_median_high(effects.patient_gain(share)), rel=0.02, abs=0.02
    )
    assert tables["best"].at(people) == pytest.approx(
        low_median_high(effects.optimal_share()), abs=0.01
    )
    luck = np.sqrt(situation.noise_variance[:, 0]) / 100
    assert tables["luck"].at(people) == pytest.approx(low_median_high(luck), rel=0.02)
    assert tables["chance"].at(people) == pytest.approx(
        low_median_high(drawn["cost_variation"] / np.sqrt(people)), rel=1e-6
    )
    bad = SharedSavings(0.5, 0.5).in_bad_year(luck, 1 / 20) / (
        drawn["income_at_stake_percent"] / 100
    )
    assert 0.5 * 1.6449 * tables["income"].at(people) == pytest.approx(
        low_median_high(bad), rel=0.02
    )


@pytest.fixture(scope="module")
def paths():
    """Simulate groups that grow."""
    noise = PerformanceNoise(0.03, 0.02, 0.7)
    gain = np.linspace(0, 0.03, 10)
    generators = [np.random.default_rng(seed_for(f"explorer-paths-{i}")) for i in range(6)]
    return [savings_paths(gain, 0.02, noise, 2_000, draw) for draw in generators]


def test_sorted_losses_ruin_as_many_groups_as_following_each_does(paths):
    full = fixed_share(paths[0], 0.05, np.full(10, 0.4))
    losses = worst_losses(paths[0], np.ones(10))
    assert ruined_by(losses, 0.4, 0.05) == pytest.approx(full.ruined_by, abs=1e-12)
    assert (ruined_by(losses, 0.0, 0.05) == 0).all()


def test_tables_of_phasing_in_are_those_of_each_way_played_out(paths):
    tables = phase_in_tables(paths)
    steps = np.arange(1, 11) / 10
    ways = {
        "own": [risk_by_reserve(draw, 0.03, 0.01) for draw in paths],
        "steps": [largest_timetable(draw, 0.03, 0.01, steps) for draw in paths],
        "constant": [largest_timetable(draw, 0.03, 0.01, np.ones(10)) for draw in paths],
        "full": [fixed_share(draw, 0.03, np.ones(10)) for draw in paths],
    }
    for way, played in ways.items():
        share, ruined = (
            low_median_high(np.array([getattr(draw, field)[6] for draw in played]))
            for field in ("share", "ruined_by")
        )
        if way != "full":  # there the mean is over groups still there, which bear all
            assert tables[f"{way}/share"].at(0.03, 0.01, 7) == pytest.approx(share, abs=1e-9)
        assert tables[f"{way}/ruined"].at(0.03, 0.01, 7) == pytest.approx(ruined, abs=1e-9)


def test_between_the_points_phasing_in_is_near_what_is_played_out(paths):
    tables = phase_in_tables(paths)
    for reserve, limit in ((0.04, 0.015), (0.07, 0.03)):
        played = low_median_high(
            np.array([risk_by_reserve(o, reserve, limit).share[4] for o in paths])
        )
        assert tables["own/share"].at(reserve, limit, 5) == pytest.approx(played, abs=0.03)
