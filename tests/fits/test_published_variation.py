"""k of narrower scopes of care, from one published source each."""

import numpy as np
import pytest
from scipy.special import ndtri

from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.fits.published_variation import FUNDHOLDING, MEDICARE, fundholding_k, medicare_k
from analysis.settings import INTERVAL

pytestmark = pytest.mark.unit

Z = ndtri((1 + INTERVAL) / 2)


def test_only_calibration_figures_enter():
    for name in (*FUNDHOLDING, MEDICARE):
        assert fact(name, purpose="model").role == "calibration"


def test_three_list_sizes_are_one_source_with_the_error_of_three_simulations():
    published = [fact(name).value for name in FUNDHOLDING]
    error = assumption("published_k_relative_error").value
    logs = np.log(fundholding_k())
    assert logs.mean() == pytest.approx(np.log(published).mean(), abs=0.003)
    assert logs.std() == pytest.approx(error / np.sqrt(3), rel=0.05)


def test_the_figure_of_savings_rates_is_corrected_by_its_ratio():
    ratio, published = assumption("published_k_savings_rate_ratio"), fact(MEDICARE)
    logs = np.log(medicare_k())
    assert np.median(logs) == pytest.approx(np.log(published.value / ratio.value), abs=0.01)
    stated = np.log(published.high / published.low) / (2 * Z)
    assumed = np.log(ratio.high / ratio.low) / (2 * Z)
    assert logs.std() == pytest.approx(np.hypot(stated, assumed), rel=0.1)


def test_the_error_without_a_range_is_that_of_a_hundred_simulated_years():
    """Crump and others (1991): the standard deviation of 100 normal totals."""
    years = 100
    generator = np.random.default_rng(80)
    simulated = np.log(generator.normal(size=(20_000, years)).std(axis=1, ddof=1)).std()
    assert assumption("published_k_relative_error").value == pytest.approx(simulated, abs=0.002)
