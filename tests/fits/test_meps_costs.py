"""The survey's costs: the model gives back what was observed, and knows how little it knows."""

import numpy as np
import pytest

from analysis.evidence.meps import AGES, FORMULAS, meps_scores, meps_variation, sample_name
from analysis.fits.meps_cells import meps_cells, meps_effects
from analysis.fits.meps_costs import OWN, meps_formula, meps_ladder_formula
from analysis.fits.tail_evidence import POPULATIONS
from analysis.intervals import median_and_interval
from analysis.risk.adjustment import variation

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("ages", AGES)
def test_the_mean_is_the_observed_one(ages):
    observed = meps_variation(sample_name(ages)).loc["mean_usd", "value"]
    _, low, high = median_and_interval(meps_formula(ages).population_mean()[:, 0])
    assert low < observed < high


@pytest.mark.parametrize("ages", AGES)
def test_k_agrees_with_the_observed_one(ages):
    """Rare costs beyond those seen may lift k; they may not lower it much."""
    observed = meps_variation(sample_name(ages)).loc["k_within_age_sex"]
    middle, low, high = median_and_interval(variation(meps_formula(ages), adjusted=True))
    assert low < observed["value"] < high
    assert 0.95 * observed["value"] < middle < 1.25 * observed["value"]
    assert high - low > observed["high"] - observed["low"]


def test_the_old_differ_less_than_the_young():
    k = {ages: np.median(variation(meps_formula(ages), adjusted=True)) for ages in AGES}
    assert k["over_64"] < k["all"] < k["under_65"]


@pytest.mark.parametrize("ages", AGES)
def test_weights_and_repeated_people_weaken_the_evidence(ages):
    effects = meps_effects(sample_name(ages))
    assert min(vars(effects).values()) > 1.3


def test_mean_cost_by_age_and_sex_is_the_observed_one():
    cells, costs = meps_cells("over_64_2012_2015"), meps_formula("over_64")
    observed = (cells.table["sum_cost"] / cells.table["n"]).to_numpy()
    np.testing.assert_allclose(np.median(costs.mean(), axis=0), observed, rtol=0.1)


def test_nobody_informs_their_own_tail():
    assert set(OWN["all"]) == {name for name in POPULATIONS if name.startswith("MEPS")}
    assert set(OWN["under_65"]) | set(OWN["over_64"]) == set(OWN["all"])


def test_a_richer_formula_leaves_less_to_chance():
    k = [np.median(variation(meps_ladder_formula(name), adjusted=True)) for name in FORMULAS]
    assert k == sorted(k, reverse=True)
    scores = meps_scores()
    held_out = scores[scores["measure"] == "k"].set_index("formula")["value"]
    assert k == pytest.approx(held_out[list(FORMULAS)].to_numpy(), rel=0.15)
