"""Scores by hand, folds of people, and predictions that never saw whom they predict."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.chapters.risk_adjustment.holdout import (
    classical_predictions,
    flat_predictions,
    held_out_costs,
)
from analysis.fits import held_out_people
from analysis.fits.annual_costs import fit_annual_costs
from analysis.fits.held_out_people import person_folds
from analysis.models.annual_cost.tail_shapes import shape_of_new_population
from analysis.population.cells import risk_cells
from analysis.risk.scores import (
    equal_groups,
    prediction_scores,
    predictive_ratios,
    ratios_with_interval,
    resampled_predictive_ratio,
    resampled_r_squared,
)
from analysis.settings import INTERVAL
from tests.models.simulator import simulate_people

pytestmark = pytest.mark.unit

OBSERVED = np.array([0.0, 100.0, 200.0, 700.0])


def test_perfect_predictions():
    scores = prediction_scores(OBSERVED, OBSERVED, OBSERVED.mean())
    assert (scores.r_squared, scores.cumming, scores.predictive_ratio) == (1, 1, 1)
    assert scores.mean_absolute_error == 0


def test_predicting_the_mean_explains_nothing():
    mean = np.full(4, OBSERVED.mean())
    scores = prediction_scores(OBSERVED, mean, OBSERVED.mean())
    assert (scores.r_squared, scores.cumming, scores.predictive_ratio) == (0, 0, 1)


def test_four_people_by_hand():
    """Errors 50, 0, 100, 200; deviations from the mean of 250: 250, 150, 50, 450."""
    predicted = np.array([50.0, 100.0, 100.0, 500.0])
    scores = prediction_scores(OBSERVED, predicted, 250.0)
    assert scores.cumming == pytest.approx(1 - 350 / 900)
    squares = 50**2 + 100**2 + 200**2, 250**2 + 150**2 + 50**2 + 450**2
    assert scores.r_squared == pytest.approx(1 - squares[0] / squares[1])
    assert scores.mean_absolute_error == pytest.approx(87.5)
    assert scores.predictive_ratio == pytest.approx(0.75)


def test_on_a_fitted_line_r_squared_is_that_of_least_squares_and_the_squared_correlation():
    generator = np.random.default_rng(11)
    factor = generator.normal(size=500)
    observed = 300 + 50 * factor + generator.gamma(1, 100, 500)
    line = sm.OLS(observed, sm.add_constant(factor)).fit()
    scores = prediction_scores(observed, line.fittedvalues, observed.mean())
    assert scores.r_squared == pytest.approx(line.rsquared)
    correlation = np.corrcoef(observed, line.fittedvalues)[0, 1]
    assert scores.r_squared == pytest.approx(correlation**2)


def test_ratios_by_group():
    table = predictive_ratios(OBSERVED, np.array([50.0, 50.0, 450.0, 450.0]), list("aabb"))
    assert table["people"].tolist() == [2, 2]
    assert table["predictive_ratio"].tolist() == [1.0, 1.0]
    assert predictive_ratios(OBSERVED, OBSERVED, list("aabb"))["predictive_ratio"].eq(1).all()


def test_intervals_by_group_are_those_of_each_group_alone():
    generator = np.random.default_rng(4)
    observed, predicted = generator.gamma(1, 100, 600), generator.gamma(4, 25, 600)
    groups, person = np.repeat(["a", "b"], 300), np.arange(600) // 3
    table = ratios_with_interval(observed, predicted, groups, person, seed=1)
    both = predictive_ratios(observed, predicted, groups)
    assert (table["predictive_ratio"] == both["predictive_ratio"]).all()
    first = groups == "a"
    draws = resampled_predictive_ratio(observed[first], predicted[first], person[first], seed=2)
    # Other resamples, of the group alone: the same interval up to its Monte Carlo error.
    width = table.loc["a", "high"] - table.loc["a", "low"]
    ends = np.quantile(draws, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    assert table.loc["a", ["low", "high"]].to_numpy(float) == pytest.approx(ends, abs=width / 5)


class TestResamples:
    def test_they_centre_on_the_score_and_repeat_with_the_seed(self):
        generator = np.random.default_rng(12)
        signal = generator.normal(size=4000)
        observed = signal + generator.normal(size=4000)
        person = np.arange(4000) // 4
        once = resampled_r_squared(observed, signal, person, seed=1, resamples=200)
        again = resampled_r_squared(observed, signal, person, seed=1, resamples=200)
        assert (once == again).all()
        score = prediction_scores(observed, signal, observed.mean()).r_squared
        assert once.mean() == pytest.approx(score, abs=0.005)

    def test_identical_rows_of_a_person_widen_the_spread(self):
        """Four copies of each person count as one person, not as four."""
        generator = np.random.default_rng(13)
        signal = np.repeat(generator.normal(size=1000), 4)
        observed = signal + np.repeat(generator.normal(size=1000), 4)
        as_people = resampled_r_squared(observed, signal, np.arange(4000) // 4, 1, 300).std()
        as_rows = resampled_r_squared(observed, signal, np.arange(4000), 1, 300).std()
        assert as_people / as_rows == pytest.approx(2, rel=0.2)


class TestFolds:
    person = pd.Series(np.repeat(np.arange(103), 3)).sample(frac=1, random_state=1)

    def test_all_years_of_a_person_are_in_one_fold(self):
        folds = pd.Series(person_folds(self.person), index=self.person.index)
        assert folds.groupby(self.person).nunique().eq(1).all()

    def test_folds_are_of_nearly_equal_size_and_the_same_at_every_call(self):
        folds = person_folds(self.person)
        assert (folds == person_folds(self.person)).all()
        sizes = np.bincount(folds) / 3
        assert set(sizes) <= {20, 21}

    def test_folds_are_not_the_order_of_identifiers(self):
        ordered = person_folds(pd.Series(np.arange(100)))
        assert (ordered != np.arange(100) % 5).any()


def with_spike(people, fold):
    """Give the people of one fold a cost that anyone who saw it would learn."""
    chosen = person_folds(people["person"]) == fold
    return people.assign(annual_cost_usd=people["annual_cost_usd"].where(~chosen, 50_000.0)), chosen


def test_classical_predictions_do_not_see_the_people_they_predict():
    people = simulate_people(1500, seed=2)
    before = classical_predictions(people, ["level"])
    changed, chosen = with_spike(people, fold=3)
    after = classical_predictions(changed, ["level"])
    for name, values in before.items():
        assert after[name][chosen] == pytest.approx(values[chosen]), name
        assert (after[name][~chosen] > values[~chosen] + 1000).all(), name


def test_least_squares_predicts_the_cell_means_of_the_other_folds():
    people = simulate_people(1500, seed=2)
    folds = person_folds(people["person"])
    predicted = classical_predictions(people, ["level"])["OLS"]
    for fold in range(held_out_people.FOLDS):
        means = people[folds != fold].groupby("level")["annual_cost_usd"].mean()
        out = people["level"][folds == fold].map(means)
        assert predicted[folds == fold] == pytest.approx(out.to_numpy())


def test_the_flat_budget_is_the_mean_of_the_other_folds():
    people = simulate_people(1500, seed=2)
    folds = person_folds(people["person"])
    predicted = flat_predictions(people)
    for fold in range(held_out_people.FOLDS):
        mean = people.loc[folds != fold, "annual_cost_usd"].mean()
        assert predicted[folds == fold] == pytest.approx(mean)


class TestHeldOutCosts:
    @pytest.fixture
    def seen(self):
        return []

    def predict(self, people, seen):
        def fit(training, everyone):
            seen.append(training)
            cells = risk_cells(training, ["level"]).aligned_with(everyone)
            return fit_annual_costs(cells, shape_of_new_population([]), 300, draws=30)

        return held_out_costs(people, risk_cells(people, ["level"]), fit)

    def test_each_fold_is_fitted_to_the_people_of_the_others(self, seen):
        people = simulate_people(1500, seed=2)
        self.predict(people, seen)
        folds = person_folds(people["person"])
        assert len(seen) == held_out_people.FOLDS
        for fold, training in enumerate(seen):
            assert set(training["person"]) == set(people["person"][folds != fold])

    def test_held_out_costs_do_not_move_their_own_predictions(self, seen):
        people = simulate_people(1500, seed=2)
        before = self.predict(people, seen).mean
        changed, chosen = with_spike(people, fold=3)
        after = self.predict(changed, seen).mean
        assert after[chosen] == pytest.approx(before[chosen])
        assert (after[~chosen] > before[~chosen]).all()

    def test_everyone_is_given_the_mean_of_their_own_cell(self, seen):
        people = simulate_people(6000, seed=2).sample(frac=1, random_state=3)
        predicted = pd.Series(self.predict(people, seen).mean, index=people.index)
        means = predicted.groupby(people["level"]).mean()
        assert means["a"] < means["b"] < means["c"]
        assert predicted.groupby(people["level"]).nunique().le(5).all()

    def test_survival_falls_with_the_cost_that_came(self, seen):
        people = simulate_people(3000, seed=2)
        survival = self.predict(people, seen).survival
        one = (people["level"] == "a") & (person_folds(people["person"]) == 0)
        ordered = survival[one.to_numpy()][np.argsort(people["annual_cost_usd"][one])]
        assert (np.diff(ordered) <= 1e-12).all()
        assert ((survival >= 0) & (survival <= 1)).all()

    def test_log_scores_are_those_of_the_people_in_the_order_of_identifiers(self, seen):
        """A cost that nobody else has is foretold worse than any other."""
        people = simulate_people(1500, seed=2).sample(frac=1, random_state=3)
        people.loc[people["person"] == 700, "annual_cost_usd"] = 1e6
        scores = self.predict(people, seen).log_score
        assert len(scores) == 1500
        assert scores.argmin() == 700


def test_equal_groups_are_equal_and_ordered():
    ranking = np.random.default_rng(1).normal(size=1003)
    groups = equal_groups(ranking)
    assert set(np.bincount(groups)[1:]) <= {100, 101}
    assert ranking[groups == 1].max() <= ranking[groups == 2].min()


def test_ties_are_broken_by_lot():
    """By order, groups of equal predictions would be the people at the head of the file."""
    groups = equal_groups(np.zeros(1000))
    assert np.bincount(groups)[1:].tolist() == [100] * 10
    assert abs(np.corrcoef(groups, np.arange(1000))[0, 1]) < 0.1
    assert equal_groups(np.zeros(1000)).tolist() == groups.tolist()
