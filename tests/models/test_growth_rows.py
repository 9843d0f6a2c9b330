"""Growth on rows: the density is that of the whole normal distribution, the priors the book's."""

import numpy as np
import pytest
from scipy.stats import halfnorm, multivariate_normal

from analysis.inference.importance import importance_sample, pointwise
from analysis.models.growth.priors import GrowthPriors
from analysis.models.growth.rows import NUGGET, GrowthOfRows, GrowthRows
from analysis.models.growth.spread_parameters import SPREAD, START, components, log_prior
from analysis.models.savings.components import ComponentPriors

pytestmark = pytest.mark.unit
PRIORS = GrowthPriors()
YEARS = [[0, 1, 2, 3], [0, 1, 2, 3], [0, 2], [1, 2, 3], [5]]


@pytest.fixture(scope="module")
def rows():
    generator = np.random.default_rng(7)
    elapsed = np.concatenate(YEARS)
    design = generator.normal(size=(len(elapsed), 8))
    design[:, 0], design[:, 1] = 1, 0
    return GrowthRows(
        rate=generator.normal(1, 2, len(elapsed)),
        group_idx=np.repeat(np.arange(5), [len(each) for each in YEARS]),
        elapsed=elapsed,
        design=design,
        n_period_scatter=2,
        relative_size=np.array([0.5, 1.0, 2.0, 0.1, 3.0]),
        middle_people=9_000.0,
        period_trend=(-0.2, 0.3),
        cohort_trend=(0.1, 0.4),
    )


def all_rates(rows, vector):
    """Mean and covariance of all rates together, with the coefficients in it."""
    model = GrowthOfRows(rows)
    parts = model.components(vector)
    same = np.equal.outer(rows.group_idx, rows.group_idx)
    lag = np.abs(np.subtract.outer(rows.elapsed, rows.elapsed))
    inverse = rows.relative_size[rows.group_idx] / rows.middle_people
    covariance = np.where(same, parts.covariance(lag, np.sqrt(np.outer(inverse, inverse))), 0)
    reached, _ = model.reached(float(model.years_to_80pct(vector)))
    design = rows.design.copy()
    design[:, 1] = reached
    scatter = halfnorm.ppf(multivariate_normal(0, 1).cdf(vector[7:]))
    sd = [3.0, 5.0, 0.3, 0.4, 2 / 1.5, scatter[0], scatter[0], scatter[1]]
    mean = design @ np.array([0, 0, -0.2, 0.1, 0, 0, 0, 0])
    return mean, covariance + (design * np.square(sd)) @ design.T + NUGGET * np.eye(len(reached))


def test_the_density_is_that_of_all_rates_together(rows):
    model, generator = GrowthOfRows(rows), np.random.default_rng(8)
    gaps = []
    for vector in START + SPREAD * generator.normal(size=(6, 9)):
        likelihood = multivariate_normal(*all_rates(rows, vector)).logpdf(rows.rate)
        prior = log_prior(vector, ComponentPriors(), rows.middle_people)
        gaps.append(model.log_density(vector) - likelihood - prior)
    np.testing.assert_allclose(gaps, gaps[0], atol=1e-6)


def test_the_coefficients_are_those_of_the_whole_distribution(rows):
    vector = START + 0.3
    conditional = GrowthOfRows(rows).conditional_coefficients(vector)
    mean, covariance = all_rates(rows, vector)
    posterior_mean = conditional.mean + conditional.sd * np.linalg.solve(
        conditional.root.T, conditional.half
    )
    # Of the middle: prior mean 0, covariance with every rate 3².
    expected = 9.0 * np.linalg.solve(covariance, rows.rate - mean).sum()
    assert posterior_mean[0] == pytest.approx(expected)


def test_the_priors_of_the_spread_are_the_books():
    """Half-normal k, tau and yearly; uniform shares: whatever the numbers stand for."""
    people, priors = 9_000.0, ComponentPriors()
    drawn = importance_sample(
        pointwise(lambda u: log_prior(u, priors, people)),
        START,
        SPREAD,
        np.random.default_rng(9),
    )
    chosen = drawn.points[drawn.resampled(4_000, np.random.default_rng(10))]
    parts = [components(vector, people) for vector in chosen]
    k, tau = (
        np.array([np.hypot(getattr(p, first), getattr(p, second)) for p in parts])
        for first, second in (("k_renewed", "k_carried"), ("permanent", "fading"))
    )
    yearly, kept = (np.array([getattr(p, name) for p in parts]) for name in ("yearly", "kept"))
    permanent = np.array([p.permanent for p in parts])
    for level in (0.1, 0.5, 0.9):
        for draws, scale in ((k, priors.k), (tau, priors.tau_points), (yearly, 2.0)):
            assert np.mean(draws < scale * halfnorm.ppf(level)) == pytest.approx(level, abs=0.06)
        for share in (kept, permanent**2 / tau**2):
            assert np.mean(share < level) == pytest.approx(level, abs=0.06)
