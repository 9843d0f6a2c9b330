"""Forms of cost: the lognormal as a limit, moments by integration, densities and fits by scipy."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import quad
from scipy.stats import gengamma, lognorm

from analysis.chapters.risk_adjustment.cost_forms import form_scores, k_by_tail_start, moments
from analysis.chapters.risk_adjustment.positive_cost import (
    OneCurveCosts,
    generalised_gamma,
    likeliest_costs,
    lognormal,
    sampled_costs,
)
from analysis.fits.rand_costs import fitted_formula
from analysis.models.annual_cost.tail_shapes import shape_of_new_population
from analysis.risk.adjustment import variation
from tests.models.simulator import simulate_people

AMOUNTS, CELLS = np.array([2.0, 90.0, 500.0, 30_000.0]), np.array([0, 1, 1, 0])


def one_curve(shape=0.0, limit=1e6):
    """Return two draws of two cells, with the same shape in both draws."""
    return OneCurveCosts(
        use=np.array([[0.7, 0.9], [0.75, 0.85]]),
        location=np.array([[4.0, 4.6], [4.1, 4.5]]),
        scale=np.array([[1.2, 1.1], [1.15, 1.05]]),
        shape=np.full((2, 1), shape),
        limit=limit,
        share=np.array([0.7, 0.3]),
    )


def known(costs, draw, cell):
    """Scipy's distribution of positive cost."""
    q, location, scale = costs.shape[draw, 0], costs.location[draw, cell], costs.scale[draw, cell]
    if q == 0:
        return lognorm(scale, scale=np.exp(location))
    power = q / scale
    return gengamma(q**-2, power, scale=np.exp(location) * (q**-2) ** (-1 / power))


@pytest.mark.unit
class TestOneCurve:
    @pytest.mark.parametrize("shape", [-0.3, 0.0, 0.2, 0.8])
    def test_the_density_is_that_of_scipy(self, shape):
        costs = one_curve(shape)
        found = costs.log_density(AMOUNTS, CELLS)
        for column, (amount, cell) in enumerate(zip(AMOUNTS, CELLS, strict=True)):
            assert found[0, column] == pytest.approx(known(costs, 0, cell).logpdf(amount), abs=1e-6)

    def test_the_lognormal_has_its_closed_form(self):
        costs = one_curve(limit=1e6)
        mean = costs.use * np.exp(costs.location + costs.scale**2 / 2)
        assert costs.mean() == pytest.approx(mean, rel=1e-4)
        second = costs.use * np.exp(2 * costs.location + 2 * costs.scale**2)
        assert costs.limited_square(1e6) == pytest.approx(second, rel=1e-4)

    @pytest.mark.parametrize("shape", [-0.3, 0.2])
    @pytest.mark.parametrize("order", [1, 2])
    def test_limited_moments_are_integrals_of_the_density(self, shape, order):
        costs, amount = one_curve(shape), 20_000.0
        curve = known(costs, 1, 0)

        def integrand(log_cost):
            return np.exp(log_cost * (order + 1)) * curve.pdf(np.exp(log_cost))

        below = quad(integrand, -5, np.log(amount), limit=200)[0]
        expected = costs.use[1, 0] * (below + amount**order * curve.sf(amount))
        found = costs.limited_mean(amount) if order == 1 else costs.limited_square(amount)
        assert found[1, 0] == pytest.approx(expected, rel=1e-5)

    def test_a_negative_shape_has_the_heavier_tail(self):
        light, heavy = (one_curve(shape).survival(20_000.0) for shape in (0.3, -0.3))
        assert (heavy > 3 * light).all()

    def test_draws_of_a_fit_are_put_in_the_currency(self):
        posterior = xr.Dataset(
            {
                "location": (("chain", "draw", "cell"), [[[-2.0, -1.5], [-2.1, -1.6]]]),
                "log_scale": (("chain", "draw", "cell"), np.log([[[1.2, 1.1], [1.3, 1.0]]])),
                "shape": (("chain", "draw"), [[-0.2, -0.3]]),
            }
        )
        made = sampled_costs(posterior, 500.0, np.array([0.7, 0.9]), np.array([0.4, 0.6]), 1e6)
        assert made.location[1] == pytest.approx(np.log(500) + np.array([-2.1, -1.6]))
        assert made.scale[0] == pytest.approx([1.2, 1.1])
        assert made.shape[:, 0].tolist() == [-0.2, -0.3]
        assert made.use.tolist() == [[0.7, 0.9]] * 2


def simulated(shape, number=4_000):
    """Return costs of two cells, a fifth of them 0, with a known curve."""
    generator = np.random.default_rng(3)
    costs = one_curve(shape)
    cell = np.repeat([0, 1], number)
    parts = [known(costs, 0, at).rvs(number, random_state=generator) for at in (0, 1)]
    amount = np.where(generator.random(2 * number) < 0.2, 0.0, np.concatenate(parts))
    return costs, amount, cell


@pytest.mark.unit
class TestLikeliest:
    share = np.array([0.5, 0.5])

    def test_the_lognormal_has_mean_and_deviation_of_the_logs(self):
        _, amount, cell = simulated(0.0)
        found = likeliest_costs(lognormal, amount, cell, self.share, 1e6)
        logs = np.log(amount[(cell == 1) & (amount > 0)])
        assert found.location[0, 1] == pytest.approx(logs.mean())
        assert found.scale[0, 1] == pytest.approx(logs.std())
        assert found.use[0] == pytest.approx([0.8, 0.8], abs=0.03)

    @pytest.mark.parametrize("shape", [-0.4, 0.3])
    def test_a_known_generalised_gamma_is_found_again(self, shape):
        costs, amount, cell = simulated(shape)
        found = likeliest_costs(generalised_gamma, amount, cell, self.share, 1e6)
        assert found.shape.item() == pytest.approx(shape, abs=0.08)
        assert found.location[0] == pytest.approx(costs.location[0], abs=0.12)
        assert found.scale[0] == pytest.approx(costs.scale[0], rel=0.05)

    def test_nothing_near_is_likelier(self):
        """The profile over locations is a closed form; the others are searched for."""
        _, amount, cell = simulated(-0.4)
        best = likeliest_costs(generalised_gamma, amount, cell, self.share, 1e6)
        used = amount > 0

        def likelihood(costs):
            return float(costs.log_density(amount[used], cell[used]).sum())

        for name, step in (("location", 0.03), ("scale", 0.03), ("shape", 0.03)):
            for sign in (-1, 1):
                moved = replace(best, **{name: getattr(best, name) + sign * step})
                assert likelihood(moved) < likelihood(best), name


@pytest.mark.integration
class TestCompared:
    @pytest.fixture(scope="class")
    @classmethod
    def formula(cls):
        people = simulate_people(6_000, seed=4)
        return fitted_formula(["level"], people, new_shape=shape_of_new_population([]), draws=200)

    def test_the_form_of_the_costs_wins_over_one_curve(self, formula):
        """Simulated with a heavy tail, which the lognormal lacks."""

        def fit(people, cells):
            part = fitted_formula(
                ["level"], people, new_shape=formula.new_shape, draws=200
            ).cells.aligned_with(cells)
            return fitted_formula(
                ["level"], people, cells=part, new_shape=formula.new_shape, draws=200
            ).costs

        scores = {name: score.sum() for name, score in form_scores(formula, fit).items()}
        used, early, plain, gamma = scores.values()
        assert plain < used - 10
        assert plain < gamma
        assert early == pytest.approx(used, abs=40)

    def test_every_person_with_a_cost_is_scored_once(self, formula):
        scores = form_scores(formula, lambda people, cells: formula.costs)
        used = formula.people.loc[formula.people["annual_cost_usd"] > 0, "person"]
        assert {len(score) for score in scores.values()} == {used.nunique()}

    def test_the_tail_begins_at_the_bin_below_the_amount(self, formula):
        table = k_by_tail_start(formula, starts=(500, 1_500))
        assert table["start_usd"].round(0).tolist() == [501, 1_413]
        above = (
            formula.people["annual_cost_usd"].to_numpy()[:, None] > table["start_usd"].to_numpy()
        )
        assert table["people_above"].tolist() == above.sum(axis=0).tolist()
        assert (table["shape_high"] - table["shape_low"]).is_monotonic_increasing
        assert table["beyond_percent"].between(0, 100).all()

    def test_moments_are_medians_over_draws(self, formula):
        table = moments({"used": formula.costs, "curve": one_curve()})
        assert table.loc["curve", "k"] == pytest.approx(
            np.median(variation(one_curve(), adjusted=True))
        )
        cost = formula.people["annual_cost_usd"]
        assert table.loc["used", "mean_usd"] == pytest.approx(cost.mean(), rel=0.03)
