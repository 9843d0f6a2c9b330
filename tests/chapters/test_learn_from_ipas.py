"""Reference classes: counts by hand, limits of the weights, and what the data say."""

import numpy as np
import pytest

from analysis.chapters.learn_from_ipas.classes import (
    ACO_YEAR,
    CLASSES,
    HORIZON_YEARS,
    aco_cohorts,
    aco_success,
    california_hazard,
    california_periods,
    class_success,
    ipa_success,
)
from analysis.chapters.learn_from_ipas.forecast import class_weights, weighted_success

pytestmark = pytest.mark.unit
DRAWS = 20_000


def test_one_class_alone_is_its_own_forecast():
    success = class_success(200)
    for name in CLASSES:
        weights = {other: float(other == name) for other in CLASSES}
        np.testing.assert_allclose(weighted_success(success, weights), success[name])


def test_weights_add_up_and_their_scale_does_not_matter():
    weights = class_weights(500)
    np.testing.assert_allclose(sum(weights.values()), 1)
    success = class_success(500)
    doubled = {name: 2 * weight for name, weight in weights.items()}
    np.testing.assert_allclose(
        weighted_success(success, weights), weighted_success(success, doubled)
    )


@pytest.mark.parametrize(
    ("weights", "message"),
    [({"ipa": 1.0}, "weights are for"), (dict.fromkeys(CLASSES, 0.0), "at least one class")],
)
def test_wrong_weights_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        weighted_success(class_success(100), weights)


def test_the_best_case_of_networks_is_the_viewpoints_one_in_ten():
    assert np.quantile(ipa_success(DRAWS), 0.95) == pytest.approx(0.09, abs=0.01)
    assert np.quantile(ipa_success(DRAWS), 0.999) < 0.13


def test_californian_hazard_is_closures_over_group_years():
    periods = california_periods()
    assert periods["closed"].sum() == 115 + 34 + 26 + 7
    assert periods["group_years"].iloc[0] == pytest.approx((435 + 320) / 2 * (3 + 8 / 12))
    rate = periods["closed"].sum() / periods["group_years"].sum()
    drawn = california_hazard(DRAWS)
    assert drawn.mean() == pytest.approx(rate, rel=0.01)
    assert drawn.std() / drawn.mean() == pytest.approx(182.5**-0.5, rel=0.03)
    np.testing.assert_allclose(
        class_success(100)["california"], np.exp(-HORIZON_YEARS * california_hazard(100))
    )


def test_success_of_acos_is_the_share_of_their_cohorts():
    cohorts = aco_cohorts()
    assert (cohorts["succeeding"] <= cohorts["remaining"]).all()
    assert (cohorts["remaining"] < cohorts["started"]).all()
    assert ACO_YEAR < HORIZON_YEARS
    share = cohorts["succeeding"].sum() / cohorts["started"].sum()
    assert aco_success(DRAWS).mean() == pytest.approx(share, abs=0.002)


def test_the_same_draws_every_time():
    np.testing.assert_array_equal(california_hazard(50), california_hazard(50))
