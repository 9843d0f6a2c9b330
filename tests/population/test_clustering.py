"""Design effects: one where rows are independent, the known value where they repeat."""

import numpy as np
import pandas as pd
import pytest

from analysis.population.clustering import design_effects

pytestmark = pytest.mark.unit

PARTS = ("body", "exceed", "tail")


def people(rows=20_000, seed=3):
    generator = np.random.default_rng(seed)
    cost = np.exp(generator.normal(4.5, 1.6, rows)) * (generator.random(rows) < 0.8)
    return pd.DataFrame(
        {
            "group": generator.choice(["a", "b"], rows),
            "annual_cost_usd": cost,
            "person": np.arange(rows),
        }
    )


def repeated(frame, times):
    return pd.concat([frame] * times, ignore_index=True)


def test_one_row_a_person_has_no_effect():
    effects = design_effects(people(), ["group"], 501)
    assert [getattr(effects, part) for part in PARTS] == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("times", [2, 5])
def test_identical_years_count_once(times):
    """The same row m times over carries the information of one: the effect is m."""
    effects = design_effects(repeated(people(2000), times), ["group"], 501)
    assert [getattr(effects, part) for part in PARTS] == pytest.approx([times] * 3)


def test_independent_years_of_a_person_have_an_effect_near_one():
    frame = people().assign(person=lambda f: f["person"] // 4)
    effects = design_effects(frame, ["group"], 501)
    # Sampling error of the ratio with 5,000 people of 4 years is about 0.03.
    assert [getattr(effects, part) for part in PARTS] == pytest.approx([1] * 3, abs=0.12)
    assert min(getattr(effects, part) for part in PARTS) >= 1


def test_correlated_years_have_the_effect_of_theory():
    """Years of correlation r, m a person: 1 + (m - 1) r (Kish 1965, section 5.4)."""
    generator = np.random.default_rng(4)
    persons, years, correlation = 20_000, 4, 0.3
    shared = np.repeat(generator.normal(size=persons), years)
    own = generator.normal(size=persons * years)
    score = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
    frame = pd.DataFrame(
        {
            "group": "a",
            "annual_cost_usd": np.exp(3 + score),
            "person": np.repeat(np.arange(persons), years),
        }
    )
    effects = design_effects(frame, ["group"], threshold=1e6)
    # Costs are lognormal, and less correlated than their logs.
    of_costs = np.expm1(correlation) / np.expm1(1)
    assert effects.body == pytest.approx(1 + (years - 1) * of_costs, rel=0.05)


def test_what_cells_explain_is_not_counted_as_clustering():
    """People differ only by group, so years of one person are independent given the group."""
    frame = people().assign(person=lambda f: f["person"] // 4)
    frame["group"] = np.where(frame["person"] % 2, "a", "b")
    frame.loc[frame["group"] == "a", "annual_cost_usd"] *= 0.2
    assert design_effects(frame, ["group"], 501).body == pytest.approx(1, abs=0.12)
    assert design_effects(frame.assign(group="all"), ["group"], 501).body > 1.2


def test_labels_that_read_the_same_when_joined_stay_apart():
    frame = people(2000).assign(person=lambda f: f["person"] // 4)
    half = np.arange(2000) % 8 < 4
    frame["one"] = np.where(half, "a b", "a")
    frame["two"] = np.where(half, "c", "b c")
    frame.loc[half, "annual_cost_usd"] *= 0.05
    apart = design_effects(frame, ["one", "two"], 501)
    known = design_effects(frame.assign(cell=half), ["cell"], 501)
    assert apart == known


def test_unequal_weights_have_the_effect_of_theory():
    """Weights that go with nothing: 1 + cv² (Kish 1965, section 11.7)."""
    generator = np.random.default_rng(6)
    frame = people(40_000).assign(weight=generator.gamma(2.0, size=40_000))
    assert design_effects(frame, ["group"], 501, weight="weight").body == pytest.approx(
        1.5, rel=0.05
    )


def test_a_tail_with_larger_weights_does_not_count_for_more_than_its_rows():
    frame = people(40_000)
    heavier = frame.assign(weight=np.where(frame["annual_cost_usd"] > 501, 3.0, 1.0))
    effects = design_effects(heavier, ["group"], 501, weight="weight")
    each = len(heavier) / heavier["weight"].sum()
    assert effects.tail == pytest.approx(3 * each, rel=0.01)
