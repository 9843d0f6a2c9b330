"""The gate: truths whose answers are known, a small trial, and the rules on the stored run."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.gate.tables import POOLED_LIMIT, coverage, rises, verdicts
from analysis.chapters.gate.trial import exact_answers, trial
from analysis.chapters.gate.truths import form_truths, of_form, of_people, rand_truths
from analysis.evidence import catalogue
from analysis.risk.adjustment import variation


@pytest.mark.unit
def test_a_lognormal_truth_has_the_known_variation():
    """k² of a cost that four in five have is (exp(s²) - 0.8) / 0.8."""
    truth = of_form("lognormal", lambda beyond: np.exp(0.9 * normal_above(beyond)), 1e6)
    exact = np.sqrt(np.exp(0.9**2) / 0.8 - 1)
    assert variation(truth.costs, adjusted=True)[0] == pytest.approx(exact, rel=1e-3)


def normal_above(beyond):
    from scipy.special import ndtri

    return -ndtri(beyond)


@pytest.mark.unit
def test_resampled_people_vary_as_they_do():
    rows = pd.DataFrame({"cost": [0.0, 1, 2, 30, 4, 5], "age": list("aabbcc"), "sex": "f"})
    truth = of_people("six", rows)
    within = rows["cost"] - rows.groupby("age")["cost"].transform("mean")
    exact = np.sqrt((within**2).mean()) / rows["cost"].mean()
    assert variation(truth.costs, adjusted=True)[0] == pytest.approx(exact)
    assert set(truth.draw(50, np.random.default_rng(1))["cost"]) <= set(rows["cost"])


@pytest.mark.unit
def test_samples_follow_their_truth():
    for truth in form_truths():
        drawn = truth.draw(200_000, np.random.default_rng(3))
        mean = truth.costs.population_mean()[0, 0]
        assert drawn["cost"].mean() == pytest.approx(mean, rel=0.06), truth.name


@pytest.mark.slow
@pytest.mark.parametrize("position", [0, 1])
def test_a_small_part_of_the_gate(position):
    """Two samples each of RAND's people and of a form: a wrong model misses nearly all of them."""
    chosen = [rand_truths()[position], form_truths()[3 * position]]
    rows = [
        row
        for truth in chosen
        for number in range(2)
        for row in trial(truth, 20_000, number, exact_answers(truth))
    ]
    samples = pd.DataFrame(rows)
    told = coverage(samples, ["quantity"])
    assert (told["coverage"] >= 0.5).all()
    assert (told["median_error"].abs() < 0.35).all()
    assert rises(samples)["rise"].max() < 0.005


@pytest.mark.unit
def test_the_rules_tell_a_bad_model_from_a_good_one():
    generator = np.random.default_rng(5)
    centre = 100 * (1 + 0.05 * generator.standard_normal(400))
    good = pd.DataFrame(
        {
            "truth": "one", "people": 1, "sample": np.arange(400), "quantity": "size",
            "exact": 100.0, "median": centre, "low": 0.915 * centre, "high": 1.085 * centre,
            "bootstrap_low": np.nan, "bootstrap_high": np.nan,
        }
    )  # fmt: skip
    k = good.assign(quantity="k", bootstrap_low=95.0, bootstrap_high=105.0)
    fewer = k.assign(quantity="k with fewer factors", exact=np.nan, median=1.01 * k["median"])
    assert verdicts(pd.concat([good, k, fewer]))["holds"].all()
    bad = pd.concat([good, k.assign(low=101.0, median=120.0), fewer])
    assert verdicts(bad)["holds"].sum() <= 3


@pytest.mark.integration
def test_the_stored_run_holds_the_truth_nearly_as_often_as_it_says():
    """Within two standard errors of the gate's rule; the page says which of the rules fail."""
    samples = catalogue.table("gate", "samples")
    told = coverage(samples[samples["quantity"] == "size"].assign(all=1), ["all"]).iloc[0]
    error = np.sqrt(POOLED_LIMIT * (1 - POOLED_LIMIT) / told["samples"])
    assert told["coverage"] >= POOLED_LIMIT - 2 * error
    rules = verdicts(samples).set_index("rule")["holds"]
    assert rules["Misses on the rarer side, at least"]
    assert rules["Largest rise of k when a factor is added, at most"]
