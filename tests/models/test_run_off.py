"""The run-off model and its fast posterior: one density, calibrated, and right in the limits."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.errors import InputError
from analysis.models.run_off import laplace_approximation as laplace
from analysis.models.run_off.data import RunOffData, RunOffPriors, curve_covariance, payment_months
from analysis.models.run_off.model import run_off_model

SERVICES, MONTHS, LAGS = 2, 6, 4
LOGITS = np.array([[-0.5, 1.0, 0.5], [-1.0, 0.5, 0.0]])
PRIORS = RunOffPriors()


def triangle(paid=None):
    known = np.broadcast_to(known_cells(MONTHS, LAGS, MONTHS - 1), (SERVICES, MONTHS, LAGS))
    paid = np.ones(known.shape) if paid is None else paid
    return RunOffData(
        paid=np.where(known, paid, 0.0),
        known=known.astype(float),
        published=LOGITS,
        calendar_month=np.arange(MONTHS),
        service_share=np.array([0.6, 0.4]),
        services=("a", "b"),
    )


def prior_draw(generator, priors=PRIORS):
    """One state of the fast posterior, drawn from the prior."""
    design = laplace._design(triangle(), priors)
    walk, speed = np.abs(generator.standard_normal(2))
    precision = laplace._prior_precision(
        design, walk * priors.walk_scale, speed * priors.speed_scale
    )
    root = np.linalg.cholesky(np.linalg.inv(precision))
    return design, design.prior_mean + root @ generator.standard_normal(len(root))


def simulated(generator, priors=PRIORS):
    """Payments of every month and lag, drawn from the model itself."""
    design, state = prior_draw(generator, priors)
    mean, dispersion = np.exp(laplace._log_mean(design, state)[0]), np.exp(state[-1])
    return laplace.future_payments(mean[None], np.array([dispersion]), generator)[0]


@pytest.mark.integration
def test_fast_posterior_and_model_have_the_same_means_and_likelihood():
    generator = np.random.default_rng(3)
    data = triangle(1 + 0.1 * generator.standard_normal((SERVICES, MONTHS, LAGS)))
    design, state = prior_draw(generator)
    design = replace(design, data=data)
    walk_sd, speed_sd, open_lags = 0.013, 0.21, LAGS - 1
    root = np.linalg.cholesky(curve_covariance(SERVICES, open_lags, PRIORS))
    model = run_off_model(data, PRIORS)
    outputs = [model["expected"], model.potentials[0]]
    evaluate = model.compile_fn(outputs, inputs=model.free_RVs, mode="FAST_COMPILE")
    expected, likelihood = evaluate(
        {
            "level": state[:SERVICES],
            "trend": state[SERVICES : SERVICES + 3],
            "walk_sd": walk_sd,
            "steps": state[design.steps] / walk_sd,
            "curve": np.linalg.solve(root, state[design.curve]),
            "speed_sd": speed_sd,
            "speed": state[design.speed] / speed_sd,
            "log_dispersion": state[-1],
        }
    )
    np.testing.assert_allclose(np.log(expected), laplace._log_mean(design, state)[0], rtol=1e-10)
    no_prior = np.zeros((len(state), len(state)))
    assert likelihood == pytest.approx(laplace._log_density(design, no_prior, state), rel=1e-10)


@pytest.mark.unit
def test_gradient_and_information_belong_to_the_density():
    design, state = prior_draw(np.random.default_rng(5))
    data = triangle(simulated(np.random.default_rng(6)))
    design = replace(design, data=data)
    precision = laplace._prior_precision(design, 0.01, 0.1)
    gradient, information = laplace._score(design, precision, state)
    step = 1e-6 * np.eye(len(state))
    by_differences = [
        (
            laplace._log_density(design, precision, state + each)
            - laplace._log_density(design, precision, state - each)
        )
        / 2e-6
        for each in step
    ]
    np.testing.assert_allclose(gradient, by_differences, rtol=1e-4, atol=1e-3)
    assert np.linalg.eigvalsh(information).min() > 0


@pytest.mark.slow
def test_intervals_hold_as_often_as_they_say_when_the_model_is_true():
    """Truths from the prior, intervals from the fast posterior: simulation-based calibration."""
    held, trials, probability = 0, 60, 0.8
    for seed in range(trials):
        paid = simulated(np.random.default_rng(100 + seed))
        data = triangle(paid)
        drawn = laplace.approximate_future(data, draws=400, seed=seed).sum(axis=(1, 2))
        truth = (paid * (1 - data.known)).sum()
        held += abs((drawn < truth).mean() - 0.5) < probability / 2
    low, high = binom.interval(0.998, trials, probability)
    assert low <= held <= high


@pytest.mark.unit
def test_nothing_is_to_come_where_everything_is_known():
    data = triangle()
    paid = simulated(np.random.default_rng(2))
    done = replace(data, known=np.ones_like(data.known), paid=paid)
    assert (laplace.approximate_future(done, draws=20) == 0).all()


@pytest.mark.unit
def test_payments_without_chance_are_refused():
    with pytest.raises(InputError, match="to the last digit"):
        laplace.approximate_future(triangle(), draws=20)


@pytest.mark.unit
def test_same_seed_same_draws():
    data = triangle(simulated(np.random.default_rng(1)))
    first, again = (laplace.approximate_future(data, draws=50, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (laplace.approximate_future(data, draws=50, seed=5) != first).any()


@pytest.mark.unit
def test_payments_shift_from_one_service_to_the_other():
    """Pooling: what one service shows about its lags moves the other's curve, but less."""
    covariance = curve_covariance(SERVICES, LAGS - 1, PRIORS)
    own, other = covariance[0, 0], covariance[0, LAGS - 1]
    assert 0 < other < own
    assert other == pytest.approx(PRIORS.curve_sd**2 + PRIORS.lag_sd**2)


@pytest.mark.unit
def test_payment_months_count_month_and_lag():
    found = payment_months(2, 3)
    np.testing.assert_array_equal(found.argmax(axis=1), [0, 1, 2, 1, 2, 3])
    np.testing.assert_array_equal(found.sum(axis=1), 1)
