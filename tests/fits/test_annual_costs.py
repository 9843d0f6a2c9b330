"""The cost of one person from cells: against the people themselves, weights, seeds, divisions."""

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.fits.annual_costs import fit_annual_costs
from analysis.models.annual_cost.largest_costs import SHAPES
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws

pytestmark = pytest.mark.integration

FLAT = NewShape(np.full(len(SHAPES), -np.log(len(SHAPES))))
PEOPLE = 20_000


@pytest.fixture(scope="module")
def people():
    """People whose costs differ by age and sex: a Pareto tail, a fifth without cost."""
    generator = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": generator.choice(list("abcdef"), PEOPLE),
            "sex": generator.choice(["f", "m"], PEOPLE),
        }
    )
    level = frame["age"].map(dict(zip("abcdef", (0.4, 0.6, 0.8, 1.0, 1.4, 2.0), strict=True)))
    level = level * frame["sex"].map({"f": 1.2, "m": 0.8})
    cost = level * 200 * (generator.pareto(3.0, PEOPLE) + 0.05 * generator.gamma(1.0, 2.0, PEOPLE))
    return frame.assign(annual_cost_usd=np.where(generator.random(PEOPLE) < 0.2, 0.0, cost))


@pytest.fixture(scope="module")
def cells(people):
    return risk_cells(people, ["age", "sex"])


def fitted(cells, effects=DesignEffects(), draws=600):
    return fit_annual_costs(cells, FLAT, 1_000.0, effects, draws)


@pytest.fixture(scope="module")
def costs(cells):
    return fitted(cells)


class TestAgainstThePeople:
    @pytest.mark.parametrize("share_above", [0.5, 0.1, 0.02, 0.006])
    def test_limited_moments_and_survival_are_those_of_the_people(self, people, costs, share_above):
        cost = people["annual_cost_usd"].to_numpy()
        amount = float(np.quantile(cost, 1 - share_above))
        for order, found in ((1, costs.limited_mean(amount)), (2, costs.limited_square(amount))):
            draws, known = found @ costs.share, np.minimum(cost, amount) ** order
            assert draws.mean() == pytest.approx(known.mean(), rel=0.005)
            # The bootstrap of independent people: the spread of a sample mean.
            assert draws.std() == pytest.approx(known.std() / np.sqrt(PEOPLE), rel=0.15)
        survival = costs.survival(amount)
        assert survival.mean() == pytest.approx((cost > amount).mean(), rel=0.03)
        spread = np.sqrt(share_above * (1 - share_above) / PEOPLE)
        assert survival.std() == pytest.approx(spread, rel=0.15)

    def test_means_of_cells_are_those_of_the_people(self, people, cells, costs):
        known = cells.table["sum_cost"] / cells.table["n"]
        draws = costs.mean()
        away = (draws.mean(axis=0) - known.to_numpy()) / draws.std(axis=0)
        assert np.abs(away).max() < 2.5
        assert draws.mean(axis=0) == pytest.approx(known, rel=0.12)

    def test_people_with_a_cost_are_those_of_the_cell(self, cells, costs):
        known = (cells.table["n_positive"] / cells.table["n"]).to_numpy()
        assert costs.survival_by_cell(0.0).mean(axis=0) == pytest.approx(known, abs=0.02)

    def test_k_lies_by_that_of_the_people(self, people, costs):
        cost = people["annual_cost_usd"].to_numpy()
        low, high = np.quantile(variation(costs, adjusted=False), [0.01, 0.99])
        assert low < cost.std() / cost.mean() < high

    def test_the_largest_possible_cost_is_beyond_the_costliest_people(self, people, cells, costs):
        """The table tells the costliest ten together, so in some draws one of them lies beyond."""
        largest = people["annual_cost_usd"].nlargest(10)
        assert (costs.limit > largest.mean()).all()
        assert (costs.limit > largest.max()).mean() > 0.8
        assert costs.limit.max() <= 1_000 * cells.mean_cost() * (1 + 1e-9)


class TestDivisions:
    def test_the_whole_is_the_same_in_every_draw_however_it_is_divided(self, cells, costs):
        for factors in ((), ("sex",), ("age",)):
            coarse = fitted(cells.with_factors(factors))
            for amount in (50.0, 400.0, 3_000.0):
                whole = costs.limited_square(amount) @ costs.share
                assert coarse.limited_square(amount) @ coarse.share == pytest.approx(whole)
            assert variation(coarse, adjusted=False) == pytest.approx(
                variation(costs, adjusted=False)
            )

    def test_a_finer_division_never_raises_k_within_cells(self, cells, costs):
        ladder = [fitted(cells.with_factors(f)) for f in ((), ("sex",), ("age",))]
        none, sex, age = (variation(coarse, adjusted=True) for coarse in ladder)
        both = variation(costs, adjusted=True)
        assert (sex <= none * (1 + 1e-12)).all()
        assert (age <= none * (1 + 1e-12)).all()
        assert np.median(both) < np.median(age) < np.median(none)

    def test_a_factor_with_one_level_changes_nothing(self, people, cells, costs):
        more = risk_cells(people.assign(country="here"), ["age", "sex", "country"])
        assert fitted(more).mean() == pytest.approx(costs.mean(), rel=1e-6)

    def test_an_empty_cell_has_a_cost_like_its_factors(self, people):
        """Old women of the south are not seen; old women of the north and other people are."""
        region = np.where(np.arange(PEOPLE) % 2, "north", "south")
        divided = people.assign(region=region)
        by = ["age", "sex", "region"]
        absent = (divided["age"] == "f") & (divided["sex"] == "f") & (region == "south")
        some = risk_cells(divided[~absent], by).aligned_with(risk_cells(divided, by))
        costs = fitted(some)
        empty = int(np.flatnonzero(some.table["n"] == 0)[0])
        mean = np.median(costs.mean(), axis=0)
        assert costs.share[empty] < 1e-8
        assert some.table["region"].iloc[empty - 1] == "north"
        assert mean[empty] == pytest.approx(mean[empty - 1], rel=0.2)


class TestEvidence:
    def test_design_effects_widen_what_they_are_of(self, cells, costs):
        body = fitted(cells, DesignEffects(body=4.0))
        ratio = (body.limited_mean(60.0) @ body.share).std() / (
            costs.limited_mean(60.0) @ costs.share
        ).std()
        assert ratio == pytest.approx(2, rel=0.15)
        exceed = fitted(cells, DesignEffects(exceed=4.0))
        at = cells.threshold
        assert exceed.survival(at).std() == pytest.approx(2 * costs.survival(at).std(), rel=0.15)
        tail = fitted(cells, DesignEffects(tail=4.0))
        assert tail.tail.shape.std() > 1.3 * costs.tail.shape.std()

    def test_the_same_seeds_give_the_same_bytes(self, cells):
        def digest(costs):
            parts = (costs.body, costs.tilt, costs.exceed, costs.upper, costs.tail.largest)
            return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()

        assert digest(fitted(cells)) == digest(fitted(cells))
        other = fit_annual_costs(cells, FLAT, 1_000.0, draws=600, seed_name="another")
        assert digest(other) != digest(fitted(cells))

    def test_every_part_of_the_draws_has_every_threshold(self, costs):
        starts = np.unique(costs.tail.start)
        assert len(starts) > 1
        for part in np.array_split(np.arange(costs.draws), 4):
            found, count = np.unique(some_draws(costs, part).tail.start, return_counts=True)
            assert found == pytest.approx(starts)
            assert count.min() > 0.2 * len(part)


class TestWeights:
    def weighted(self, people, weight):
        return risk_cells(people.assign(weight=weight), ["age", "sex"], weight="weight")

    def test_weights_of_one_change_nothing(self, people, costs):
        assert fitted(self.weighted(people, 1.0)).mean() == pytest.approx(costs.mean())

    def test_doubling_all_weights_changes_nothing(self, people):
        weight = np.random.default_rng(2).choice([1.0, 3.0], PEOPLE)
        once, twice = (fitted(self.weighted(people, at * weight)) for at in (1.0, 2.0))
        assert twice.mean() == pytest.approx(once.mean(), rel=1e-5)
        assert variation(twice, adjusted=True) == pytest.approx(
            variation(once, adjusted=True), rel=1e-5
        )

    def test_a_weighted_population_is_the_repeated_one(self, people):
        """As an estimate: repeated rows pretend to more evidence, and that is all they add."""
        weight = np.where(people["age"] == "a", 3.0, 1.0)
        weighted = fitted(self.weighted(people, weight))
        rows = people.loc[people.index.repeat(weight.astype(int))].reset_index(drop=True)
        repeated = fitted(risk_cells(rows, ["age", "sex"]))
        assert weighted.share == pytest.approx(repeated.share)
        assert np.median(weighted.mean(), axis=0) == pytest.approx(
            np.median(repeated.mean(), axis=0), rel=0.03
        )
        k = [np.median(variation(costs, adjusted=True)) for costs in (weighted, repeated)]
        assert k[0] == pytest.approx(k[1], rel=0.03)
        above = [costs.survival(500.0) for costs in (weighted, repeated)]
        assert above[0].mean() == pytest.approx(above[1].mean(), rel=0.02)
        assert above[0].std() > 1.1 * above[1].std()


def test_people_above_the_threshold_that_were_withheld_are_shared_out_by_cost(cells, costs):
    """A released cell may not tell few people; the pooled table knows how many there are."""
    table = cells.table.copy()
    table.loc[:, ["n_tail", "sum_cost", "sum_cost_squared"]] = np.nan
    hidden = fitted(replace(cells, table=table))
    assert hidden.survival(cells.threshold).mean() == pytest.approx(
        costs.survival(cells.threshold).mean(), rel=1e-3
    )
    assert np.median(hidden.mean(), axis=0) == pytest.approx(
        np.median(costs.mean(), axis=0), rel=0.2
    )
