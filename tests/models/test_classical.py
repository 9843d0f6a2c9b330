"""Classical peers: with one saturated factor every one of them predicts the cell means."""

import numpy as np
import pytest

from analysis.models.classical import CLASSICAL_MODELS
from tests.models.simulator import simulate_people

pytestmark = pytest.mark.unit

COST = "annual_cost_usd"


@pytest.mark.parametrize("name", list(CLASSICAL_MODELS))
def test_a_saturated_factor_gives_the_cell_means(name):
    people = simulate_people(3000)
    predicted = np.asarray(CLASSICAL_MODELS[name](people, ["level"], COST)(people))
    means = people.groupby("level")[COST].transform("mean").to_numpy()
    assert predicted == pytest.approx(means, rel=1e-6)


def test_least_squares_on_the_saturated_interaction_gives_the_cell_means():
    people = simulate_people(3000).assign(half=lambda f: np.where(f["person"] % 7 < 3, "x", "y"))
    people["cell"] = people["level"] + people["half"]
    predicted = np.asarray(CLASSICAL_MODELS["OLS"](people, ["cell"], COST)(people))
    means = people.groupby(["level", "half"])[COST].transform("mean").to_numpy()
    assert predicted == pytest.approx(means, rel=1e-9)


@pytest.mark.parametrize("name", list(CLASSICAL_MODELS))
def test_predictions_for_new_people_use_only_their_factors(name):
    people = simulate_people(900)
    predictor = CLASSICAL_MODELS[name](people, ["level"], COST)
    blind = people.drop(columns=COST)
    assert np.asarray(predictor(blind)) == pytest.approx(np.asarray(predictor(people)))


@pytest.mark.parametrize("name", ["Gamma GLM", "Two-part"])
def test_models_with_a_log_link_never_predict_a_negative_cost(name):
    people = simulate_people(900).assign(half=lambda f: np.where(f["person"] % 7 < 3, "x", "y"))
    predicted = CLASSICAL_MODELS[name](people, ["level", "half"], COST)(people)
    assert (np.asarray(predicted) > 0).all()
