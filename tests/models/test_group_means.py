"""k and spread from group means: limits, algebra, and what is known of people who do not exist."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.fits.group_priors import group_priors
from analysis.models.group_means.between import GroupRatios, spread_posterior
from analysis.models.group_means.cells import GroupCells
from analysis.models.group_means.fit import fit_classes, fit_sums
from analysis.models.group_means.grid import grid_draws
from analysis.models.group_means.scatter import law_of_k, scatter_sums, scatter_terms
from analysis.models.group_means.simulate import (
    COSTLIEST,
    GroupTruth,
    capped_lognormal,
    simulated_costs,
)
from analysis.models.group_means.within import dispersion

MEAN = np.array([1.0, 0.6, 1.5, 1.2, 3.0, 2.5, 6.0, 5.0])
K = np.array([4.0, 5.0, 3.5, 3.5, 2.5, 2.5, 1.5, 1.5])
BAND = np.array([0, 0, 1, 1, 2, 2, 3, 3])
PART = np.array([0, 0, 0, 0, 0, 0, 1, 1])
SHARE = np.array([0.2, 0.2, 0.2, 0.2, 0.06, 0.06, 0.04, 0.04])
DRAWS = 1_000


def country(truth, seed, groups=80, sizes=(2_000, 60_000), k=K):
    """Cells of simulated groups."""
    generator = np.random.default_rng(seed)
    size = np.exp(generator.uniform(*np.log(sizes), groups))
    people = np.maximum(np.round(size[:, None] * SHARE), 1).astype(int)
    cost = simulated_costs(people, MEAN, k, truth, generator)
    return GroupCells(people.astype(float), cost, BAND, PART)


def fitted(cells, seed=0):
    generator = np.random.default_rng(seed)
    return fit_sums(scatter_sums(cells), group_priors(), DRAWS, generator)


def true_k(cells, part, k=K):
    return np.sqrt(cells.money_weight(part) @ k**2)


def held(draws, truth):
    return np.quantile(draws, 0.05) <= truth <= np.quantile(draws, 0.95)


# ---- algebra ---------------------------------------------------------------------------------


@pytest.mark.unit
def test_scatter_is_on_average_what_it_is_expected_to_be():
    """Normal chance and effects of known variance, many times: the sums name their own means."""
    generator = np.random.default_rng(1)
    people = np.round(np.exp(generator.uniform(7, 10, (30, 1))) * SHARE)
    squared_k, squared_omega, found = K**2, 0.05**2, []
    for _ in range(600):
        chance = np.sqrt(squared_k / people) * generator.standard_normal(people.shape)
        effect = np.sqrt(squared_omega) * generator.standard_normal(people.shape)
        group = 0.1 * generator.standard_normal((30, 1))
        relative = 1 + chance + effect + group
        cells = GroupCells(people, people * MEAN * relative, BAND, PART)
        found.append(scatter_terms(cells, squared_k))
    scatter, of_chance, of_differences = np.mean(found, axis=0).sum(axis=1)
    expected = of_chance + squared_omega * of_differences
    np.testing.assert_allclose(scatter, expected, rtol=0.03)


@pytest.mark.unit
def test_what_a_group_does_to_all_its_people_is_not_in_the_scatter():
    cells = country(GroupTruth(), 1)
    dearer = np.linspace(0.5, 2.0, len(cells.people))[:, None]
    same = np.broadcast_to(MEAN, cells.people.shape) * cells.people
    plain, moved = (
        scatter_sums(GroupCells(cells.people, cost, BAND, PART)) for cost in (same, same * dearer)
    )
    np.testing.assert_allclose(plain.scatter, 0, atol=1e-12)
    np.testing.assert_allclose(moved.scatter, 0, atol=1e-12)


@pytest.mark.unit
def test_a_cell_alone_in_its_band_tells_nothing_of_k():
    cells = country(GroupTruth(), 1)
    people = cells.people.copy()
    people[0, 1] = 0
    terms = scatter_terms(GroupCells(people, cells.cost * (people > 0), BAND, PART), K**2)
    assert (terms[:, 0, :2] == 0).all()
    assert (terms[1, 0, 2:] > 0).all()


@pytest.mark.unit
def test_money_has_no_unit_and_groups_no_order():
    cells = country(GroupTruth(), 2, groups=20)
    pence = GroupCells(cells.people, 100 * cells.cost, BAND, PART)
    turned = GroupCells(cells.people[::-1], cells.cost[::-1], BAND, PART)
    one, two, three = (fitted(each) for each in (cells, pence, turned))
    np.testing.assert_allclose(one.squared_k, two.squared_k, rtol=1e-6)
    np.testing.assert_allclose(one.squared_k, three.squared_k, rtol=1e-6)
    np.testing.assert_allclose(one.spread.tau, three.spread.tau, rtol=1e-6)


@pytest.mark.unit
def test_classes_and_parts_add_up_to_the_variance_of_all():
    """The variance of a mixture is the mean of the variances and the variance of the means."""
    cells = country(GroupTruth(), 3, groups=10)
    people, mean = cells.class_people, cells.class_mean
    share = people / people.sum()
    average = share @ mean
    within = share @ (mean * K) ** 2 / average**2
    parts = [cells.money_weight(part) @ K**2 for part in (0, 1)]
    assert cells.part_weight @ parts == pytest.approx(within)
    between = share @ (mean - average) ** 2 / average**2
    assert cells.between_classes == pytest.approx(between)


@pytest.mark.unit
def test_classes_without_people_or_cost_are_refused():
    with pytest.raises(InputError, match="every class needs people and a cost"):
        GroupCells(np.ones((3, 2)), np.array([[1.0, 0.0]] * 3), np.zeros(2, int), np.zeros(2, int))


@pytest.mark.unit
def test_a_law_by_which_the_costly_differ_less_is_found():
    mean_power = np.polyfit(np.log(MEAN), np.log(law_of_k(country(GroupTruth(), 4))), 1)[0]
    true_power = np.polyfit(np.log(MEAN), np.log(K**2), 1)[0]
    assert mean_power == pytest.approx(true_power, abs=0.25)


# ---- parts of the machinery ------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize("k", [0.8, 2.0, 5.0])
def test_invented_costs_have_the_k_that_is_asked_for(k):
    log_mean, log_sd = capped_lognormal(k)
    normal = np.random.default_rng(1).standard_normal(4_000_000)
    costs = np.minimum(np.exp(log_mean + log_sd * normal), COSTLIEST)
    assert costs.mean() == pytest.approx(1.0, rel=0.02)
    assert costs.std() == pytest.approx(k, rel=0.05)


@pytest.mark.unit
def test_draws_from_a_grid_are_those_of_the_density():
    def log_density(x, y):
        return -0.5 * ((x[:, None] - 0.3) / 0.02) ** 2 - 3.0 * y

    axes = np.linspace(-5, 5, 101), np.linspace(0.0, 2.0, 41)
    x, y = grid_draws(log_density, axes, 20_000, np.random.default_rng(1))
    assert x.mean() == pytest.approx(0.3, abs=0.001)
    assert x.std() == pytest.approx(0.02, rel=0.05)
    truncated = 1 / 3 - 2 * np.exp(-6) / (1 - np.exp(-6))
    assert y.mean() == pytest.approx(truncated, rel=0.03)
    assert y.min() >= 0 and y.max() <= 2 and len(np.unique(y)) > 10_000


@pytest.mark.unit
def test_dispersion_falls_with_people():
    generator = np.random.default_rng(1)
    people = np.exp(generator.uniform(6, 12, 4_000))
    true = 0.1 + 500 / people
    found = dispersion(generator.gamma(1 / true) * true, people)
    assert np.corrcoef(np.log(found), np.log(true))[0, 1] > 0.98
    np.testing.assert_allclose(np.median(found / true), 1, atol=0.15)


@pytest.mark.unit
def test_a_slope_with_size_is_no_spread():
    generator = np.random.default_rng(1)
    people = np.exp(generator.uniform(7, 12, 200))
    line = 1 + 0.05 * np.log(people / np.exp(np.log(people).mean()))
    ratio = line + 0.02 * generator.standard_normal(200)
    seen = GroupRatios(people, ratio, np.full(200, 1e-12))
    spread = spread_posterior(seen, np.full(100, 9.0), group_priors(), DRAWS, generator)
    assert held(spread.tau, 0.02)
    assert held(spread.slope, 0.05)
    assert np.median(spread.at(spread.smallest)) == pytest.approx(0.02, rel=0.2)


# ---- what is known comes back ------------------------------------------------------------------

NAMED = {
    "dearer care": GroupTruth(reference=10_000.0),
    "more patients": GroupTruth(reference=10_000.0, by_need=True),
    "steep": GroupTruth(reference=10_000.0, exponent=0.3),
}


@pytest.mark.integration
@pytest.mark.parametrize("name", NAMED)
def test_known_groups_are_found_as_often_as_intervals_promise(name):
    truth, inside, middle = NAMED[name], [], []
    for seed in range(5):
        cells = country(truth, seed)
        found = fitted(cells)
        true = [true_k(cells, 0), true_k(cells, 1)]
        inside += [held(np.sqrt(found.squared_k[:, part]), true[part]) for part in (0, 1)]
        inside += [held(found.spread.at(10_000.0), truth.tau)]
        inside += [held(found.spread.exponent, truth.exponent)]
        middle.append(np.sqrt(np.median(found.squared_k, axis=0)) / true)
    # Of 20 at 90 %, fewer than 15 would be seen about once in a hundred times.
    assert sum(inside) >= 15
    # Of 80 groups some weight is left to the priors; the Netherlands have 388.
    np.testing.assert_allclose(np.mean(middle, axis=0), 1, atol=0.15)


@pytest.mark.integration
def test_effects_of_neighbourhoods_on_one_class_make_k_too_large_as_theory_says():
    """Effects of n people each add their variance times the class's people among those n."""
    truth = GroupTruth(local=0.2, local_people=2_000.0)
    added, expected = [], []
    for seed in range(4):
        cells = country(truth, seed, groups=120, sizes=(8_000, 60_000))
        local = truth.local**2 * truth.local_people * SHARE
        weight = cells.money_weight(0)
        added.append(np.median(fitted(cells).squared_k[:, 0]) - weight @ K**2)
        expected.append(weight @ local)
    assert np.mean(added) == pytest.approx(np.mean(expected), rel=0.35)
    assert np.mean(added) > 2


@pytest.mark.integration
def test_cells_that_are_withheld_because_they_are_small_do_not_move_k():
    cells = country(GroupTruth(), 8, groups=200, sizes=(1_000, 60_000))
    told = cells.people >= 60
    assert 0.02 < 1 - told.mean() < 0.25
    withheld = GroupCells(cells.people * told, cells.cost * told, BAND, PART)
    k = [np.median(np.sqrt(fitted(each).squared_k), axis=0) for each in (cells, withheld)]
    np.testing.assert_allclose(k[0], k[1], rtol=0.06)


@pytest.mark.integration
def test_without_differences_none_are_found():
    truth = GroupTruth(tau=1e-6, omega=1e-6)
    found = fitted(country(truth, 1))
    assert np.quantile(found.spread.at(10_000.0), 0.95) < 0.03
    assert np.quantile(found.omega[:, 0], 0.95) < 0.06


@pytest.mark.integration
def test_one_class_leaves_k_to_its_prior_and_more_groups_narrow_it_where_there_are_classes():
    cells = country(GroupTruth(), 5, groups=200)
    total = GroupCells(
        cells.people.sum(axis=1, keepdims=True),
        cells.cost.sum(axis=1, keepdims=True),
        np.zeros(1, int),
        np.zeros(1, int),
    )
    few = GroupCells(cells.people[:15], cells.cost[:15], BAND, PART)
    width = [
        np.log(found.squared_k @ each.part_weight).std() / 2
        for each in (total, few, cells)
        for found in [fitted(each)]
    ]
    assert width[0] > 0.5 * group_priors().log_k[1]
    assert width[0] > 1.2 * width[1] > 1.5 * width[2]


@pytest.mark.integration
def test_classes_on_their_own_have_their_own_k():
    cells = country(GroupTruth(), 6, groups=300)
    k = np.sqrt(fit_classes(cells, group_priors(), DRAWS, np.random.default_rng(1)))
    assert sum(held(draws, true) for draws, true in zip(k.T, K, strict=True)) >= 5
    np.testing.assert_allclose(np.median(k, axis=0), K, rtol=0.25)


@pytest.mark.integration
def test_the_same_cells_give_the_same_draws():
    cells = country(GroupTruth(), 7, groups=20)
    one, two = fitted(cells, 3), fitted(cells, 3)
    assert (one.squared_k == two.squared_k).all()
    assert (one.spread.tau == two.spread.tau).all()
