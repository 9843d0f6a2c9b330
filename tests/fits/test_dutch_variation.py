"""Variation of the Dutch and spread of their municipalities: limits, order, and other estimates."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.evidence.vektis import classes, scopes
from analysis.fits.dutch_variation import dutch_fit, dutch_group_spread, dutch_k
from analysis.intervals import median_and_interval

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("scope", scopes())
def test_the_old_differ_less_than_the_young_and_budgets_by_age_leave_less(scope):
    for adjusted in (True, False):
        k = {
            ages: np.median(dutch_k(ages, scope, adjusted))
            for ages in ("all", "under_65", "over_64")
        }
        if scope != "general_practice":
            assert k["over_64"] < k["all"] < k["under_65"]
    assert (dutch_k("all", scope, adjusted=False) > dutch_k("all", scope)).all()


def test_narrower_scopes_vary_more():
    k = [
        np.median(dutch_k("all", scope)) for scope in ("all_care", "hospital_and_drugs", "hospital")
    ]
    assert k == sorted(k)


def test_classes_of_age_differ_by_their_means_as_observed():
    known = classes()
    years, mean = known["insured_years"], known["mean_cost_euros"]
    between = np.average(mean**2, weights=years) / np.average(mean, weights=years) ** 2 - 1
    added = dutch_k("all", adjusted=False) ** 2 - dutch_k("all") ** 2
    np.testing.assert_allclose(added, between, rtol=1e-9)


def test_k_of_the_classes_agrees_with_that_of_the_halves():
    known = classes()
    for ages in ("under_65", "over_64"):
        part = known[known["ages"] == ages]
        years, mean = part["insured_years"], part["mean_cost_euros"]
        money = years / years.sum() * (mean / np.average(mean, weights=years)) ** 2
        of_classes = np.sqrt(money @ part["k"] ** 2)
        _, low, high = median_and_interval(dutch_k(ages))
        assert low < of_classes < high


def test_municipalities_differ_at_every_size_and_little_less_where_they_are_large():
    spread = dutch_group_spread()
    assert (spread.smallest, spread.largest) == pytest.approx((899.5, 806_210), rel=1e-3)
    middle, low, high = median_and_interval(spread.at(spread.reference))
    assert 0.06 < low < middle < high < 0.08
    assert np.quantile(spread.exponent, 0.95) < 0.25
    assert (spread.exponent >= 0).all()
    np.testing.assert_allclose(spread.at(spread.reference), spread.tau)
    assert (spread.at(100_000.0) <= spread.at(10_000.0)).all()


def test_the_same_draws_every_time():
    one = dutch_k("under_65").copy()
    dutch_fit.cache_clear()
    assert (dutch_k("under_65") == one).all()


def test_unknown_ages_are_named():
    with pytest.raises(InputError, match="ages 'young': give one of all, under_65, over_64"):
        dutch_k("young")


def test_an_independent_quick_estimate_is_near(raw_folder):
    """Moments by class, made elsewhere: 4.1 under 65, 2.2 over 64, 3.4 for all."""
    file = raw_folder / "vektis_2015" / "k_by_age_sex_quick_estimate.csv"
    if not file.is_file():
        pytest.skip("the raw folder has no quick estimate")
    quick = pd.read_csv(file)
    old = quick["key"].str.extract(r"(\d+)", expand=False).astype(int) >= 65
    for ages, part in (("under_65", quick[~old]), ("over_64", quick[old]), ("all", quick)):
        money = part["N"] / part["N"].sum() * part["m"] ** 2
        k = np.sqrt(money @ part["k2"]) / np.average(part["m"], weights=part["N"])
        # It takes what a municipality does to one band of ages for chance, so it is the larger.
        assert 0.98 < k / np.median(dutch_k(ages)) < 1.12
