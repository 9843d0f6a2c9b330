"""Figures that draws make together: their stated errors are those that other draws show."""

import numpy as np
import pytest
from scipy.signal import lfilter

from analysis.report.monte_carlo import over_draws, share

pytestmark = pytest.mark.unit


def test_the_error_of_a_share_is_what_other_draws_show():
    generator = np.random.default_rng(21)
    shares = [share(generator.random(2000) < 0.2) for _ in range(60)]
    spread = np.std([each.value for each in shares], ddof=1)
    assert np.mean([each.mcse for each in shares]) == pytest.approx(spread, rel=0.25)


def test_dependent_draws_are_worth_less():
    noise = np.random.default_rng(22).normal(size=(4, 2000))
    sticky = lfilter([1], [1, -0.8], noise, axis=1)
    assert share(sticky > 0).mcse > 1.5 * share(noise > 0).mcse


def test_the_error_of_a_best_choice_is_what_other_draws_show():
    """The fee that most draws accept, as chapters choose it: no formula gives its error."""
    fees = np.arange(0, 100.0)
    generator = np.random.default_rng(23)

    def best():
        low = generator.normal(40, 15, 4000)
        high = low + generator.normal(15, 10, 4000)
        held = (low[:, None] <= fees) & (fees <= high[:, None])
        return over_draws(lambda places: fees[held[places].mean(axis=0).argmax()], 4000, rate=1 / 3)

    choices = [best() for _ in range(40)]
    spread = np.std([choice.value for choice in choices], ddof=1)
    assert np.mean([choice.mcse for choice in choices]) == pytest.approx(spread, rel=0.5)


def test_draws_that_hang_together_have_the_larger_error_that_they_show():
    """Median of a chain with memory: interleaved groups would state that of independent draws."""
    generator = np.random.default_rng(25)

    def median():
        noise = generator.normal(size=(4, 1250))
        chain = lfilter([1], [1, -0.8], noise, axis=1).ravel()
        return over_draws(lambda places: float(np.median(chain[places])), chain.size)

    medians = [median() for _ in range(60)]
    spread = np.std([each.value for each in medians], ddof=1)
    assert np.mean([each.mcse for each in medians]) == pytest.approx(spread, rel=0.3)


def test_the_figure_itself_is_that_of_all_draws():
    draws = np.random.default_rng(24).normal(size=1000)
    mean = over_draws(lambda places: float(draws[places].mean()), draws.size)
    assert mean.value == draws.mean()
    assert mean.mcse == pytest.approx(1 / np.sqrt(1000), rel=0.5)


def test_too_few_draws_for_groups_are_refused():
    with pytest.raises(ValueError, match="99 draws are too few for 50 groups"):
        over_draws(lambda places: 0.0, 99)
