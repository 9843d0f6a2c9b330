"""Synthesis of k over populations: against brute force, its limits, and simulated populations."""

import numpy as np
import pytest

from analysis.models.person_variation import (
    NOBODY,
    MeasuredVariation,
    VariationPriors,
    person_variation,
)

pytestmark = pytest.mark.unit

PRIORS = VariationPriors(between=0.2)
SOURCES = [
    MeasuredVariation("A", np.log(3.4), 0.03, 0.0, 0.05),
    MeasuredVariation("B", np.log(2.8), 0.05, np.log(0.9), 0.06),
    MeasuredVariation("C", np.log(4.3), 0.05, np.log(1.3), 0.1),
    MeasuredVariation("C", np.log(2.9), 0.15),
]
PROBABILITIES = [0.05, 0.25, 0.5, 0.75, 0.95]


def drawn(sources, priors=PRIORS, draws=20_000, seed=1):
    return person_variation(sources, priors, draws, np.random.default_rng(seed))


def by_weighting(sources, priors, draws=2_000_000):
    """Draws of the prior and the likelihood of each: slow, and independent of the algebra."""
    generator = np.random.default_rng(2)
    between = np.abs(generator.normal(0, priors.between, draws))
    mean = generator.normal(*priors.mean, draws)
    names = list(dict.fromkeys(source.population for source in sources))
    log_k = {name: mean + between * generator.standard_normal(draws) for name in [*names, NOBODY]}
    log_weight = np.zeros(draws)
    for source in sources:
        spread = np.hypot(source.error, source.bias_sd)
        residual = source.log_k - source.bias - log_k[source.population]
        log_weight -= 0.5 * (residual / spread) ** 2
    return log_k, between, np.exp(log_weight - log_weight.max())


def weighted_quantiles(values, weight):
    order = np.argsort(values)
    return np.interp(PROBABILITIES, np.cumsum(weight[order]) / weight.sum(), values[order])


def test_it_is_bayes_rule():
    found, (log_k, between, weight) = drawn(SOURCES), by_weighting(SOURCES, PRIORS)
    for name in ("A", "B", "C", NOBODY):
        expected = weighted_quantiles(log_k[name], weight)
        assert np.quantile(np.log(found.of(name)), PROBABILITIES) == pytest.approx(
            expected, abs=0.012
        )
    expected = weighted_quantiles(between, weight)
    assert np.quantile(found.between, PROBABILITIES) == pytest.approx(expected, abs=0.012)


def test_without_a_source_it_is_the_prior():
    found = drawn([], draws=100_000)
    assert found.populations == (NOBODY,)
    logs = np.log(found.of("anybody"))
    assert logs.mean() == pytest.approx(PRIORS.mean[0], abs=0.01)
    assert logs.std() == pytest.approx(np.hypot(PRIORS.mean[1], 0.2), abs=0.01)


def test_an_exact_measurement_is_believed_and_its_bias_taken_off():
    found = drawn([MeasuredVariation("A", np.log(4.0), 1e-4, np.log(1.25), 1e-4), *SOURCES[1:]])
    assert found.of("A") == pytest.approx(3.2, rel=1e-3)


def test_where_populations_do_not_differ_one_source_tells_of_all():
    found = drawn(SOURCES[:1], VariationPriors(between=1e-6))
    assert found.of(NOBODY) == pytest.approx(found.of("A"), rel=1e-4)


def test_a_wider_bias_weighs_less():
    sure = drawn([SOURCES[0], MeasuredVariation("B", np.log(2.0), 0.02, 0.0, 0.02)])
    unsure = drawn([SOURCES[0], MeasuredVariation("B", np.log(2.0), 0.02, 0.0, 0.4)])
    assert np.median(unsure.of(NOBODY)) > np.median(sure.of(NOBODY))


def test_one_seed_gives_the_same_draws():
    assert (drawn(SOURCES, seed=5).k == drawn(SOURCES, seed=5).k).all()


def test_simulated_populations_come_back():
    """Ninety per cent intervals of a measured and of an unmeasured population."""
    generator = np.random.default_rng(9)
    held = np.zeros(2)
    trials = 300
    for _ in range(trials):
        mean, between = generator.normal(1.2, 0.2), abs(generator.normal(0, 0.2))
        log_k = mean + between * generator.standard_normal(5)
        bias = generator.normal(0, 0.07, 4)
        sources = [
            MeasuredVariation(name, log_k[i] + bias[i] + generator.normal(0, 0.05), 0.05, 0.0, 0.07)
            for i, name in enumerate("ABCD")
        ]
        found = person_variation(sources, PRIORS, 400, generator)
        for position, (name, truth) in enumerate([("A", log_k[0]), (NOBODY, log_k[4])]):
            low, high = np.quantile(np.log(found.of(name)), [0.05, 0.95])
            held[position] += low <= truth <= high
    assert (np.abs(held / trials - 0.9) < 0.05).all()
