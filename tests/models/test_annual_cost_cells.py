"""Rates of cells against other ways to the same answer; cells of bins meet what is known."""

import numpy as np
import pytest

from analysis.models.annual_cost.cell_rates import TYPICAL_SPREAD, cell_rates
from analysis.models.annual_cost.cells_by_bin import cells_by_bin
from analysis.models.contrasts import Contrasts, contrasts

pytestmark = pytest.mark.unit


def crossed(*sizes):
    """Return the contrasts of all combinations of factors with so many levels."""
    grid = np.indices(sizes).reshape(len(sizes), -1)
    levels = {f"factor {at}": row for at, row in enumerate(grid)}
    names = {f"factor {at}": [str(i) for i in range(size)] for at, size in enumerate(sizes)}
    return contrasts(levels, names, np.ones(grid.shape[1]))


def rates(events, exposure, cells, draws=4_000):
    return cell_rates(events, exposure, cells, draws, np.random.default_rng(1))


class TestCellRates:
    events = np.array([4.0, 9.0, 30.0, 2.0, 25.0, 12.0])
    exposure = np.array([100.0, 80.0, 300.0, 60.0, 90.0, 200.0])

    def test_the_mode_is_that_of_a_ridge_regression_in_statsmodels(self):
        """Short factors have a fixed spread: a Poisson regression with normal priors."""
        import statsmodels.api as sm

        cells = crossed(3, 2)
        design = np.column_stack([np.ones(6), cells.design])
        model = sm.GLM(
            self.events, design, family=sm.families.Poisson(), offset=np.log(self.exposure)
        )
        penalty = np.append(0.0, np.full(design.shape[1] - 1, TYPICAL_SPREAD**-2 / 6))
        found = model.fit_regularized(alpha=penalty, L1_wt=0.0)
        expected = np.exp(design @ found.params)
        assert rates(self.events, self.exposure, cells).mode == pytest.approx(expected, rel=1e-4)

    def test_the_spread_of_the_draws_is_that_of_the_exact_posterior(self):
        """Two levels, two unknowns: the posterior by summing over a grid."""
        cells, events, exposure = crossed(2), np.array([30.0, 80.0]), np.array([400.0, 600.0])
        intercept, effect = np.meshgrid(
            np.linspace(-3.2, -1.2, 401), np.linspace(-1.5, 1.5, 401), indexing="ij"
        )
        logs = intercept[..., None] + effect[..., None] * cells.design[:, 0]
        density = (events * logs - exposure * np.exp(logs)).sum(axis=-1)
        density -= 0.5 * (effect / TYPICAL_SPREAD) ** 2
        weight = np.exp(density - density.max())
        mean = [np.average(logs[..., cell], weights=weight) for cell in (0, 1)]
        sd = [
            np.sqrt(np.average((logs[..., cell] - mean[cell]) ** 2, weights=weight))
            for cell in (0, 1)
        ]
        found = rates(events, exposure, cells, 20_000)
        assert np.log(found.relative).std(axis=0) == pytest.approx(sd, rel=0.05)
        assert np.log(found.mode) == pytest.approx(mean, abs=0.1 * np.array(sd).max())

    def test_with_much_evidence_cells_keep_their_own_rates(self):
        cells, exposure = crossed(6), np.full(6, 1e7)
        own = np.array([0.01, 0.02, 0.03, 0.05, 0.08, 0.13])
        found = rates(own * exposure, exposure, cells)
        assert found.mode == pytest.approx(own, rel=1e-3)
        assert found.relative.std() < 0.01

    def test_where_levels_are_alike_a_small_one_is_pulled_to_the_others(self):
        cells = crossed(8)
        exposure = np.array([1e5] * 7 + [20.0])
        events = np.append(np.full(7, 1e4), 6.0)
        found = rates(events, exposure, cells)
        assert found.mode[-1] == pytest.approx(0.1, rel=0.1)
        assert found.mode[-1] < events[-1] / exposure[-1] / 2

    def test_where_levels_differ_a_small_one_is_pulled_less(self):
        exposure = np.array([1e5] * 7 + [20.0])
        alike = rates(np.append(np.full(7, 1e4), 8.0), exposure, crossed(8)).mode[-1]
        apart = np.append(1e4 * np.exp(np.linspace(-1.5, 1.5, 7)), 8.0)
        assert rates(apart, exposure, crossed(8)).mode[-1] > 1.3 * alike

    def test_a_cell_with_nobody_has_the_rate_of_its_factors(self):
        """Effects multiply: three cells of two by two tell the fourth."""
        cells, exposure = crossed(2, 2), np.array([1e7, 1e7, 1e7, 0.0])
        own = np.array([0.010, 0.013, 0.008, 0.0])
        found = rates(own * exposure, exposure, cells)
        assert found.mode[3] == pytest.approx(0.013 * 0.008 / 0.010, rel=0.02)

    def test_without_a_factor_there_is_one_rate(self):
        none = Contrasts(np.zeros((1, 0)), np.zeros((0, 0)), np.zeros(0, bool))
        found = rates(np.array([400.0]), np.array([5_000.0]), none)
        assert found.mode.tolist() == pytest.approx([0.08])
        assert np.log(found.relative).std() == pytest.approx(0.05, rel=0.05)


class TestCellsByBin:
    people = np.array([50.0, 200.0, 300.0, 150.0, 40.0])
    cost = np.array([3.0, 20.0, 100.0, 500.0, 2_000.0])
    with_cost = np.array([300.0, 340.0, 100.0])
    total_cost = np.array([30_000.0, 80_000.0, 78_000.0])

    def test_cells_add_up_and_have_their_own_people_and_cost(self):
        total = self.total_cost * (self.people @ self.cost) / self.total_cost.sum()
        share = cells_by_bin(self.people, self.cost, self.with_cost, self.total_cost)
        assert share.sum(axis=0) == pytest.approx(np.ones(5), abs=1e-9)
        assert (share >= 0).all()
        assert share @ self.people == pytest.approx(self.with_cost, rel=1e-4)
        assert share @ (self.people * self.cost) == pytest.approx(total, rel=1e-3)

    def test_dearer_cells_have_ever_more_of_the_dearer_people(self):
        share = cells_by_bin(self.people, self.cost, self.with_cost, self.total_cost)
        assert (np.diff(share[2]) > 0).all()
        assert (np.diff(share[0]) < 0).all()

    def test_cells_that_are_alike_share_every_bin_alike(self):
        share = cells_by_bin(self.people, self.cost, np.array([1.0, 3.0]), np.array([10.0, 30.0]))
        assert share == pytest.approx(np.array([[0.25], [0.75]]) * np.ones(5), abs=1e-5)

    def test_one_cell_is_everybody(self):
        share = cells_by_bin(self.people, self.cost, np.array([740.0]), np.array([1.0]))
        assert share == pytest.approx(np.ones((1, 5)))

    def test_a_cell_dearer_than_any_bin_is_all_at_the_top(self):
        total = np.array([200_000.0, 1.0])
        share = cells_by_bin(self.people, self.cost, np.array([10.0, 730.0]), total)
        assert share.sum(axis=0) == pytest.approx(np.ones(5), abs=1e-9)
        within = share[0] * self.people
        assert within[-1] / within.sum() > 0.9
