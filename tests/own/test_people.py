"""The cost model on a reader's own cells, what it answers, and what that rests on."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.models.annual_cost.tail_shapes import shape_of_new_population
from analysis.own.people import comparison
from analysis.own.people.ages import cells_of_ages
from analysis.own.people.cell_choices import compared
from analysis.own.people.checks import cannot_tell, mean_costs, observed_variation
from analysis.own.people.costliest import (
    answer_without,
    cautions,
    costliest_person,
    resting_on_few,
    share_of_one,
    without_costliest,
    without_one,
)
from analysis.own.people.example import example_people, example_truth
from analysis.own.people.fitting import MOST_CELLS, fit_cells
from analysis.own.people.measures import (
    explained,
    sizes,
    stop_loss_table,
    tolerance_of_any_size,
    true_answers,
)
from analysis.own.people.observed import (
    observed_costs,
    observed_k,
    observed_k_within,
    shares_above,
)
from analysis.own.people.own_years import OwnYears, own_years_credibility
from analysis.own.people.settings import Settings, default_settings
from analysis.own.people.some_cells import SomeCells
from analysis.population.cells import risk_cells
from analysis.risk.adjustment import explained_share, variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.minimum_size import size_with_persistent_differences
from tests.own.invented_people import fitted_people, people_in_bands


@pytest.fixture(scope="module")
def fitted():
    return fitted_people(40_000)


# ---- the invented people and their truth ---------------------------------------------------


@pytest.mark.integration
def test_the_truth_is_that_of_many_invented_people():
    """Costs are drawn by SciPy, and their truth has formulas of its own."""
    costs, truth = example_people(400_000, seed=3)["cost"], example_truth(1e6)
    for amount in (100.0, 5_000.0, 20_000.0):
        for order, limited in ((1, truth.limited_mean), (2, truth.limited_square)):
            drawn = np.minimum(costs, amount) ** order
            error = drawn.std() / np.sqrt(len(drawn))
            assert limited(amount)[0] @ truth.share == pytest.approx(drawn.mean(), abs=4 * error)


# ---- the fit -------------------------------------------------------------------------------


@pytest.mark.integration
def test_known_truth_is_found_again(fitted):
    found, truth = explained(fitted, default_settings()), true_answers(default_settings())
    for name, true in (
        ("mean_cost", truth["mean_cost"]),
        ("k_unadjusted", truth["k_unadjusted"]),
        ("k_adjusted", truth["k"]),
    ):
        value, low, high = found.loc[name]
        width = high - low  # the interval and half as much again on either side
        assert value - width < true < value + width, (name, value, low, high, true)
        assert width < 0.35 * value


@pytest.mark.integration
def test_a_fit_is_the_same_every_time(fitted):
    again = fit_cells(fitted.cells, {}, new_shape=fitted.new_shape)
    once, twice = fitted.costs(1000.0), again.costs(1000.0)
    np.testing.assert_array_equal(once.mean(), twice.mean())
    kept = fitted.costs(1000.0)
    np.testing.assert_array_equal(kept.tail.shape, once.tail.shape)
    assert fitted.costs(1000.0, draws=100).draws == 100


@pytest.mark.integration
def test_the_other_populations_decide_less_the_more_people_are_seen(fitted):
    few = fitted_people(4_000)
    settings, nobody = default_settings(), shape_of_new_population([])

    def width(one):
        low, high = explained(one, settings).loc["k_adjusted", ["low", "high"]]
        return high - low

    assert width(replace(few, new_shape=nobody)) > width(few)
    assert width(few) > width(fitted)


@pytest.mark.integration
def test_a_factor_never_raises_k_within():
    settings = default_settings()
    fits = {by: fitted_people(20_000, by) for by in (("one",), ("sex",), ("sex", "age"))}
    ks = [explained(one, settings).loc["k_adjusted", "value"] for one in fits.values()]
    assert ks[0] >= ks[1] >= ks[2]
    table = compared({" ".join(by): one for by, one in fits.items()}, settings)
    np.testing.assert_allclose(table["k"], ks)
    assert table["k_observed"].is_monotonic_decreasing
    assert (table["people_low"] < table["people_high"]).all()


@pytest.mark.integration
def test_too_many_cells_or_no_cost_are_refused(fitted):
    table = pd.concat([fitted.cells.table] * (MOST_CELLS // len(fitted.cells.table) + 1))
    with pytest.raises(InputError, match="cells are more than"):
        fit_cells(replace(fitted.cells, table=table), {})
    none = fitted.cells.table.assign(n_positive=0)
    with pytest.raises(InputError, match="nothing to fit"):
        fit_cells(replace(fitted.cells, table=none), {})


@pytest.mark.integration
def test_weights_stand_for_people():
    """Everybody twice is the same population, known as well as before."""
    people = people_in_bands(10_000, seed=5).assign(weight=2.0)
    once = fit_cells(risk_cells(people, ["sex"], "cost"), {})
    twice = fit_cells(risk_cells(people, ["sex"], "cost", weight="weight"), {})
    settings = default_settings()
    pd.testing.assert_frame_equal(explained(once, settings), explained(twice, settings), rtol=1e-6)


@pytest.mark.slow
def test_a_million_people_are_fitted_in_seconds():
    cells = risk_cells(people_in_bands(1_000_000), ["age", "sex"], "cost")
    fit_cells(cells, {})  # what the book's populations say is read once
    begun = time.process_time()
    assert fit_cells(cells, {}).costs(1000.0).draws == 2_000
    assert time.process_time() - begun < 5


# ---- size and cover ------------------------------------------------------------------------


@pytest.mark.integration
def test_minimum_size_is_that_of_the_books_functions(fitted):
    settings = replace(default_settings(), lasting=0.004)
    found = sizes(fitted, settings).set_index("case")
    k = np.median(variation(fitted.costs(settings.maximum), adjusted=True))
    normal = size_with_persistent_differences(k, 0.0, settings.tolerance, settings.probability)
    assert found.loc["adjusted", "people"] == pytest.approx(float(normal), rel=0.1)
    assert found.loc["adjusted", "low"] < found.loc["adjusted", "people"]
    assert found.loc["lasting", "people"] > found.loc["adjusted", "people"]
    share = np.median(explained_share(fitted.costs(settings.maximum)))
    ratio = found.loc["adjusted", "people"] / found.loc["unadjusted", "people"]
    assert ratio == pytest.approx(1 - share, abs=0.02)
    assert tolerance_of_any_size(replace(settings, lasting=0.027)) == pytest.approx(
        0.0444, abs=1e-4
    )


@pytest.mark.integration
def test_cover_lowers_size_and_costs_more_the_lower_it_begins(fitted):
    table = stop_loss_table(fitted, default_settings(), (5, 50), (0.0, 0.5))
    full, half = (table[table["share_kept"] == share] for share in (0.0, 0.5))
    assert full["premium"].is_monotonic_decreasing
    assert full["people"].is_monotonic_increasing
    assert half["premium"].to_numpy() == pytest.approx(full["premium"].to_numpy() / 2)
    assert (half["people"].to_numpy() > full["people"].to_numpy()).all()
    with pytest.raises(InputError, match="above 0"):
        stop_loss_table(fitted, default_settings(), (0.0,))
    with pytest.raises(InputError, match="below 100 percent"):
        stop_loss_table(fitted, default_settings(), (5.0,), (1.0,))


# ---- what the costs themselves show --------------------------------------------------------


@pytest.mark.integration
def test_what_is_seen_is_that_of_the_people():
    people = people_in_bands(20_000, seed=9)
    cells, cost = risk_cells(people, ["age", "sex"], "cost"), people["cost"]
    assert observed_k(cells) == pytest.approx(cost.std(ddof=0) / cost.mean(), rel=1e-6)
    by_cell = people.groupby(["age", "sex"])["cost"]
    within = np.sqrt((by_cell.var(ddof=0) * by_cell.size()).sum() / len(people)) / cost.mean()
    assert observed_k_within(cells) == pytest.approx(within, rel=1e-6)
    np.testing.assert_allclose(observed_costs(cells), by_cell.mean())
    above = shares_above(cells)
    wanted = [(cost > amount).mean() for amount in above["cost"]]
    np.testing.assert_allclose(above["observed"], wanted)


@pytest.mark.integration
def test_a_withheld_sum_is_shared_out_so_that_all_people_add_up(fitted):
    table = fitted.cells.table.copy()
    hidden = ["n_tail", "sum_cost", "sum_cost_squared"]
    table.loc[[0, 3], hidden] = np.nan
    cells = replace(fitted.cells, table=table)
    n = table["n"].to_numpy()
    everything = observed_costs(fitted.cells) @ n
    assert observed_costs(cells) @ n == pytest.approx(everything, rel=0.01)
    assert observed_k(cells) == pytest.approx(observed_k(fitted.cells), rel=0.05)
    assert observed_k_within(cells) == pytest.approx(observed_k_within(fitted.cells), rel=0.05)


@pytest.mark.integration
def test_model_and_costs_agree(fitted):
    found = observed_variation(fitted, default_settings())
    assert ((found["low"] <= found["observed"]) & (found["observed"] <= found["high"])).all()
    groups = mean_costs(fitted, default_settings())
    assert len(groups) == 10
    apart = (groups["observed"] - groups["model"]).abs()
    assert (apart < 2 * (groups["high"] - groups["low"])).all()


# ---- how much few people matter ------------------------------------------------------------


@pytest.mark.integration
def test_the_costliest_bin_is_that_of_the_costliest_people(fitted):
    resting = resting_on_few(fitted, default_settings())["value"]
    number = int(resting["costliest_people"])
    squares = np.sort(people_in_bands(40_000)["cost"].to_numpy() ** 2)[::-1]
    assert resting["costliest"] == pytest.approx(squares[:number].sum() / squares.sum(), rel=0.01)
    assert resting["costliest_each"] == pytest.approx(resting["costliest"] / number)
    assert 0 <= resting["beyond"] < 0.5


@pytest.mark.integration
def test_without_the_costliest_people_the_rest_is_as_it_was(fitted):
    cells, without = fitted.cells, without_costliest(fitted.cells)
    gone = cells.costs["n"].iloc[-1]
    assert without.table["n"].sum() == pytest.approx(cells.table["n"].sum() - gone)
    assert without.table["n_tail"].sum() == pytest.approx(cells.table["n_tail"].sum() - gone)
    assert len(without.costs) == len(cells.costs) - 1
    settings = default_settings()
    answer = answer_without(fitted, settings)
    assert answer.loc["k", "value"] < explained(fitted, settings).loc["k_adjusted", "value"]
    assert answer.loc["people", "low"] < answer.loc["people", "high"]


@pytest.mark.integration
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("told", [True, False])
def test_the_costliest_person_is_between_the_ends(seed, told):
    """Whether every cell tells its sums or none does."""
    people = people_in_bands(4_000, seed)
    cells = risk_cells(people, ["sex"], "cost")
    if not told:
        hidden = cells.table.assign(sum_cost=np.nan, sum_cost_squared=np.nan)
        cells = replace(cells, table=hidden)
    cost = people["cost"].to_numpy()
    value, least, most = costliest_person(cells)
    slack = 1.0 if told else 1.1  # sums from logarithms are those of a lognormal
    assert least / slack <= cost.max() * (1 + 1e-6) and cost.max() <= most * (1 + 1e-6)
    assert value == pytest.approx(cost.max(), rel=0.6)
    share, low, high = share_of_one(cells)
    assert low <= share <= high
    assert high >= cost.max() ** 2 / (cost**2).sum() / slack


@pytest.mark.integration
def test_without_one_person_the_rest_is_as_it_was(fitted):
    cells, left = fitted.cells, without_one(fitted.cells)
    assert left.table["n"].sum() == pytest.approx(cells.table["n"].sum() - 1)
    assert left.costs["n"].sum() == pytest.approx(cells.costs["n"].sum() - 1)
    top, rest = cells.costs.iloc[-1], left.costs.iloc[-1]
    cost = np.log(costliest_person(cells)[0])
    for moment in (
        lambda row: row["mean_log"],
        lambda row: row["variance_log"] + row["mean_log"] ** 2,
    ):
        gone = top["n"] * moment(top) - rest["n"] * moment(rest)
        assert gone == pytest.approx(cost if moment(top) == top["mean_log"] else cost**2, rel=1e-6)
    settings = default_settings()
    one, all_of_them = (
        answer_without(fitted, settings, leave).loc["k", "value"]
        for leave in (without_one, without_costliest)
    )
    assert all_of_them < one < explained(fitted, settings).loc["k_adjusted", "value"]


@pytest.mark.integration
def test_a_sentence_stands_where_much_rests_on_few(fitted):
    resting = resting_on_few(fitted, default_settings())
    resting["value"] = [0.01, 0.02, 0.001, 12]
    assert cautions(resting) == []
    resting["value"] = [0.4, 0.6, 0.05, 12]
    said = " ".join(cautions(resting))
    assert "40%" in said and "12 costliest people brings about 5.0%" in said
    assert "not use" not in said


# ---- other populations ---------------------------------------------------------------------


@pytest.mark.integration
def test_ages_are_told_by_labels(fitted):
    table = fitted.cells.table
    young = cells_of_ages(fitted.cells, 0, 65)
    assert set(table["age"][young]) == {"00-17", "18-44", "45-64"}
    assert set(table["age"][cells_of_ages(fitted.cells, 65, np.inf)]) == {"65-74", "75+"}
    straddling = cells_of_ages(fitted.cells, 0, 50)
    assert set(table["age"][straddling]) == {"00-17", "18-44"}
    labels = table.assign(age=table["age"].replace({"75+": "(merged)"}))
    merged = cells_of_ages(replace(fitted.cells, table=labels), 65, np.inf)
    assert set(table["age"][merged]) == {"65-74"}
    assert cells_of_ages(fitted.cells.with_factors(("sex",)), 0, 65) is None


@pytest.mark.integration
def test_the_costs_of_some_cells_are_those_of_their_people(fitted):
    costs = fitted.costs(1000.0, draws=50)
    all_of_them = SomeCells.of(costs, np.ones(len(costs.share), bool))
    np.testing.assert_allclose(
        variation(all_of_them, adjusted=False), variation(costs, adjusted=False)
    )
    member = cells_of_ages(fitted.cells, 0, 65)
    some = SomeCells.of(costs, member)
    np.testing.assert_allclose(some.mean(), costs.mean()[:, member])
    assert some_draws(some, np.arange(7)).variance().shape == (7, member.sum())


@pytest.mark.integration
def test_like_ages_are_compared_with_like(fitted, monkeypatch):
    other = fitted.costs(1000.0, draws=100)
    others = (
        comparison.Population("Elsewhere", comparison.EVERYBODY, lambda: other),
        comparison.Population("Elsewhere", comparison.UNDER_65, lambda: other),
    )
    monkeypatch.setattr(comparison, "POPULATIONS", others)
    settings = default_settings()
    beside = comparison.beside_others(fitted, settings)
    assert list(beside["ages"]) == ["all ages", "all ages", "under 65", "under 65"]
    assert beside["share"].iloc[2] == pytest.approx(0.82, abs=0.02)
    # The same costs, for other people: those of all ages vary less than those under 65.
    assert beside["k"].iloc[1] == pytest.approx(beside["k"].iloc[0], rel=0.02)
    assert beside["k"].iloc[2] > beside["k"].iloc[3]
    said = " ".join(comparison.comparison_sentences(beside))
    assert "All ages: k is" in said and "Under 65: k is" in said and "like with like" not in said
    assert set(beside["scope"]) == {""} and comparison.scope_sentence(beside) == ""
    untold = replace(fitted, cells=fitted.cells.with_factors(("sex",)))
    said = " ".join(comparison.comparison_sentences(comparison.beside_others(untold, settings)))
    assert "All ages: k is" in said and "Under 65" not in said and "like with like" in said


@pytest.mark.integration
def test_the_books_populations_stand_beside(fitted):
    beside = comparison.beside_others(fitted, default_settings()).set_index(["population", "ages"])
    meps = beside.loc[comparison.MEPS]
    said = comparison.scope_sentence(beside.reset_index())
    assert said.count("all care but that of dentists") == said.count("without long-term") == 1
    assert set(meps.index) == {"all ages", "under 65", "65 and over"}
    dutch = beside.loc[comparison.NETHERLANDS]
    assert set(dutch.index) == set(meps.index)
    for population in (meps, dutch):
        assert population.loc["65 and over", "k"] < population.loc["under 65", "k"]
    # At one tolerance the size goes with squared k, whoever the people are.
    for ages in dutch.index:
        ratio = (dutch.loc[ages, "k"] / meps.loc[ages, "k"]) ** 2
        assert dutch.loc[ages, "people"] / meps.loc[ages, "people"] == pytest.approx(
            ratio, rel=0.05
        )
    assert (beside["people_low"] < beside["people_high"]).all()


# ---- a group's own years -------------------------------------------------------------------


@pytest.mark.integration
def test_own_years_weigh_more_the_more_people_and_years_they_have(fitted):
    settings = replace(default_settings(), lasting=0.03)
    k = np.median(variation(fitted.costs(settings.maximum), adjusted=True))
    one, three = (
        own_years_credibility(fitted, settings, OwnYears(4_000, years))["value"] for years in (1, 3)
    )
    for found, years in ((one, 1), (three, 3)):
        chance = k**2 / (4_000 * years)
        assert found["buhlmann"] == pytest.approx(0.03**2 / (0.03**2 + chance), rel=1e-6)
        full = (1.6448536 / 0.05) ** 2 * k**2
        assert found["full"] == pytest.approx(full, rel=1e-6)
        fluctuation = min(1.0, np.sqrt(4_000 * years / full))
        assert found["limited_fluctuation"] == pytest.approx(fluctuation, rel=1e-6)
    alike = replace(settings, lasting=0.0)
    assert own_years_credibility(fitted, alike, OwnYears(4_000, 3)).loc["buhlmann", "high"] == 0


# ---- limits and settings -------------------------------------------------------------------


@pytest.mark.integration
def test_what_the_data_cannot_tell_follows_the_factors(fitted):
    by_sex = replace(fitted, cells=fitted.cells.with_factors(("sex",)))
    said = " ".join(cannot_tell(by_sex, default_settings()))
    for words in ("last year's cost", "named like health", "named like age", "2.6%", "1,000 times"):
        assert words in said
    assert "not use" not in said
    knows = replace(
        fitted,
        cells=replace(
            fitted.cells,
            table=fitted.cells.table.rename(columns={"sex": "prior_cost"}),
            factors=("prior_cost", "age"),
        ),
    )
    said = " ".join(cannot_tell(knows, default_settings()))
    assert "last year's cost" not in said and "named like age" not in said


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "value"), [("tolerance", 0.0), ("probability", 0.6), ("lasting", -0.1), ("maximum", 1)]
)
@pytest.mark.integration
def test_settings_outside_their_range_are_refused(name, value):
    with pytest.raises(InputError, match=f"{name} .*give"):
        Settings(**(vars(default_settings()) | {name: value}))


@pytest.mark.integration
def test_part_years_and_unequal_weights_are_told_in_the_answer():
    people = people_in_bands(10_000, seed=5)
    cover = np.resize([0.25, 0.75, 1.0, 1.0], len(people))
    cells = risk_cells(people.assign(cover=cover), ["sex"], "cost", exposure="cover")
    whole, settings = risk_cells(people, ["sex"], "cost"), default_settings()
    plain, part, weighted = (
        explained(fit_cells(table, manifest), settings)
        for table, manifest in ((whole, {}), (cells, {}), (whole, {"weight_effect": 4.0}))
    )
    pd.testing.assert_frame_equal(part.loc[plain.index], plain)
    assert part.loc["mean_cost_year", "value"] == pytest.approx(
        plain.loc["mean_cost", "value"] / 0.75
    )
    assert part.loc["k_adjusted_year", "value"] ** 2 == pytest.approx(
        0.75 * plain.loc["k_adjusted", "value"] ** 2
    )
    width = [
        frame.loc["mean_cost", "high"] - frame.loc["mean_cost", "low"]
        for frame in (plain, weighted)
    ]
    assert width[1] == pytest.approx(2 * width[0], rel=0.25)
