"""The calibration: targets are the published figures, parameters meet them, the method recovers."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.assumptions import assumption
from analysis.evidence.catalogue import table
from analysis.evidence.facts import fact
from analysis.population.england.calibration import (
    CALIBRATED_BOX,
    design,
    fit_emulator,
    settings_of,
    solve,
)
from analysis.population.england.concentration import Sample
from analysis.population.england.emulator import fit_surface
from analysis.population.england.generate import generate_england
from analysis.population.england.measures import MEAN_PRACTICE_LIST, england_measures
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import (
    ASSUMED,
    EnglandParameters,
    england_draws,
    england_parameters,
)
from analysis.population.england.scenarios import SCENARIOS
from analysis.settings import INTERVAL

TARGETS = table("england_generator", "targets").set_index("measure")
CALIBRATION = TARGETS[TARGETS["role"] == "calibration"]
VALIDATION = TARGETS[TARGETS["role"] == "validation"]
FRESH = Sample(people=400_000, seed=77, years=4)
SAMPLING_PERCENT = {"top1_hospital": 1.5, "top1_stay_all": 3.0}
"""Two standard errors of a fresh sample of this size, where they matter."""


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return dict(england_measures(england_parameters(), FRESH))


@pytest.mark.integration
@pytest.mark.parametrize("measure", CALIBRATION.index)
def test_every_target_is_met_on_fresh_people(measured, measure):
    target = CALIBRATION.loc[measure]
    allowed = target["tolerance_percent"] + SAMPLING_PERCENT.get(measure, 0.5)
    assert 100 * abs(measured[measure] / target["value"] - 1) < allowed


@pytest.mark.integration
def test_what_is_committed_as_achieved_is_achieved(measured):
    committed = table("england_generator", "achieved").set_index("measure")["value"]
    assert list(committed.index) == list(TARGETS.index)
    found = pd.Series(measured)[committed.index]
    np.testing.assert_allclose(found, committed, rtol=0.045)
    exact = ["mean_gbp", "r2_age_sex", "r2_diagnoses", "deprivation_ratio"]
    np.testing.assert_allclose(found[exact], committed[exact], rtol=1e-9)


@pytest.mark.integration
@pytest.mark.parametrize("draw", [1, 57, 399])
def test_draws_meet_targets_inside_their_ranges(draw):
    found = england_measures(england_parameters(draw), Sample(people=150_000, seed=draw, years=6))
    for measure, target in CALIBRATION.iterrows():
        # A range is an interval, not a limit, and the sample is small.
        slack = 0.04 + 3 * SAMPLING_PERCENT.get(measure, 0.5) / 100
        width = target["high"] - target["low"]
        low = (target["low"] - width / 2) * (1 - slack)
        high = (target["high"] + width / 2) * (1 + slack)
        assert low < found[measure] < high, measure


@pytest.mark.unit
def test_draws_carry_the_ranges_of_what_is_assumed():
    frame = table("england_generator", "parameters").set_index("draw")
    assert england_draws() == 400
    for name in ASSUMED:
        stated = assumption(f"england_{name}")
        assert frame.loc[0, name] == pytest.approx(stated.value)
        inside = frame.loc[1:, name].between(stated.low, stated.high).mean()
        assert inside == pytest.approx(INTERVAL, abs=0.07), name
    for name, (low, high) in CALIBRATED_BOX.items():
        assert low < frame.loc[0, name] < high


@pytest.mark.unit
@pytest.mark.parametrize(
    ("measure", "scale"),
    [("r2_age_sex", 1), ("r2_diagnoses", 1), ("top1_hospital", 100), ("top5_counted", 100)],
)
def test_targets_are_the_published_figures(measure, scale):
    target = TARGETS.loc[measure]
    assert target["value"] * scale == pytest.approx(fact(target["fact"]).value)
    assert target["low"] <= target["value"] <= target["high"]


@pytest.mark.unit
def test_mean_and_top_share_of_all_care():
    assert TARGETS.loc["mean_gbp", "value"] == fact("B-ASA-mean14", purpose="quotation").value
    stated, target = assumption("england_top5_share_all"), TARGETS.loc["top5_all"]
    for name in ("value", "low", "high"):
        assert target[name] == getattr(stated, name)


@pytest.mark.unit
def test_persistence_is_the_median_and_range_of_five_briefs():
    found = []
    for year in (2002, 2004, 2007, 2008, 2012):
        words = fact(f"B-MEPS-{year}").quantity
        found.append(float(re.search(r"next year = ([\d.]+)%", words).group(1)) / 100)
    target = TARGETS.loc["top1_stay_all"]
    assert (target["value"], target["low"], target["high"]) == (
        np.median(found),
        min(found),
        max(found),
    )


OF_ANOTHER_MODEL = "B-PBRA-resid"
"""Held out of the generator; the curve of differences between English groups goes through it."""


@pytest.mark.unit
def test_what_is_held_out_has_the_role_of_validation_and_nothing_else_has():
    for id in set(VALIDATION["fact"]) - {OF_ANOTHER_MODEL}:
        assert fact(id, purpose="validation").role == "validation"
    for id in CALIBRATION["fact"]:
        assert fact(id, purpose="model").role == "calibration"
    assert not set(VALIDATION["fact"]) & set(CALIBRATION["fact"])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("measure", "scale"),
    [
        ("top1_hospital_patients", 100),
        ("top1_hospital_65_and_over", 100),
        ("top1_hospital_25_and_under", 100),
        ("practice_r2_age_sex", 1),
        ("practice_residual_percent", 1),
    ],
)
def test_held_out_figures_are_the_published_ones(measure, scale):
    target = VALIDATION.loc[measure]
    assert target["value"] * scale == pytest.approx(fact(target["fact"], "quotation").value)


@pytest.mark.unit
def test_held_out_figures_in_words():
    for name, share in (("65_and_over", "(13 for"), ("25_and_under", "(20 for")):
        target = VALIDATION.loc[f"top1_hospital_patients_{name}"]
        assert share in fact(target["fact"], "validation").unit
        assert f"({100 * target['value']:.0f} for" == share
    means = [fact(f"B-ASA-imd-Q{quintile}", "validation").value for quintile in (1, 5)]
    ratio = VALIDATION.loc["deprivation_ratio", "value"]
    assert ratio == pytest.approx(means[0] / means[1], abs=1e-4)
    shares = [fact(f"B-MEPS-{year}", "validation").value for year in (2018, 2021)]
    assert 100 * VALIDATION.loc["top1_all", "value"] == np.mean(shares)
    for year in (2018, 2021):
        assert "bottom-50% share = 3.0%" in fact(f"B-MEPS-{year}", "validation").quantity
    words = fact("B-PBRA-10pct", "quotation").population
    assert f"mean list {MEAN_PRACTICE_LIST:,}" in words


@pytest.mark.integration
def test_random_practices_show_what_chance_leaves():
    """Around a budget by age and sex, random practices spread by k over the root of their size."""
    size, practices = 2_000, 500
    tame = replace(england_parameters(), tail_shape=0.0, persistent_need_log_sd=0.6)
    columns = ["hospital_cost_gbp", "expected_hospital_cost_given_age_sex_gbp"]
    people = generate_england(size * practices, 5, years=1, parameters=tame, columns=columns)
    cost, budget = people.to_numpy(float).T.reshape(2, practices, size).mean(axis=2)
    moments = england_moments(tame)["hospital"]
    spread = np.std((cost - budget) / moments.mean)
    assert spread == pytest.approx(moments.k("age_sex") / np.sqrt(size), rel=0.1)


@pytest.mark.unit
def test_a_quadratic_is_recovered_exactly():
    random = np.random.default_rng(3)
    settings = random.uniform(-1, 1, (40, 3))
    x, y, z = settings.T
    truth = np.stack([1 + x - 2 * y * z, z**2 - 0.5 * x], axis=1)
    surface = fit_surface(settings, truth)
    np.testing.assert_allclose(surface.predict(settings), truth, atol=1e-12)
    np.testing.assert_allclose(surface.predict(np.zeros(3)), [1, 0], atol=1e-12)
    with pytest.raises(ValueError, match="5 runs cannot fix 10 terms"):
        fit_surface(settings[:5], truth[:5])


@pytest.mark.unit
def test_settings_and_parameters_are_inverse():
    box = CALIBRATED_BOX | {name: (0.1, 0.5) for name in ASSUMED}
    rows = design(box, 150, seed=1)
    emulator = fit_emulator(box, rows, [{"one": 1.0}] * len(rows))
    for row in rows[:5]:
        settings = settings_of(box, vars(row))
        assert (np.abs(settings) <= 1).all()
        again = vars(emulator.parameters(settings))
        assert again == pytest.approx(vars(row))


@pytest.mark.integration
def test_calibration_recovers_the_parameters_that_made_the_figures():
    """Figures computed from known parameters lead back to them; exact measures, so no noise."""
    centre = vars(england_parameters())
    unknown = {"persistent_need_log_sd": 1.05, "admission_rate": 1.1, "other_care_rate": 0.9}
    changed = {name: factor * centre[name] for name, factor in unknown.items()}
    truth = replace(england_parameters(), **changed)
    given = {name: value for name, value in vars(truth).items() if name not in unknown}
    box = {name: (0.8 * value, 1.2 * value) for name, value in centre.items()}
    rows = design(box, 200, seed=2)
    emulator = fit_emulator(box, rows, [exact_measures(row) for row in rows])
    wanted = exact_measures(truth)
    found = solve(emulator, wanted, given, dict.fromkeys(wanted, 1.0))
    assert found.worst < 1e-4
    for name in unknown:
        assert vars(found.parameters)[name] == pytest.approx(vars(truth)[name], rel=0.01), name


def exact_measures(parameters: EnglandParameters) -> dict[str, float]:
    moments = england_moments(parameters, diagnoses=False)
    return {
        "hospital_age_sex": moments["hospital"].explained["age_sex"],
        "hospital_need": moments["hospital"].explained["persistent_need"],
        "all_age_sex": moments["total"].explained["age_sex"],
    }


@pytest.mark.unit
def test_scenarios_are_measured():
    frame = table("england_generator", "tensions")
    assert list(frame["scenario"].unique()) == [scenario.label for scenario in SCENARIOS]
    shown = frame.pivot_table(index="measure", columns="scenario", values="value")
    for scenario in SCENARIOS:
        for measure, wanted in scenario.wanted.items():
            assert shown.loc[measure, scenario.label] == pytest.approx(wanted, rel=0.08)
