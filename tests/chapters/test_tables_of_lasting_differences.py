"""Tables of the chapter on lasting differences: curves by size, what a formula explains."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.lasting_differences.tables import explained_between, spread_curve

pytestmark = pytest.mark.unit


def test_a_curve_says_where_groups_were_seen_and_its_parts_meet():
    curve = spread_curve(
        "here", [1_000.0, 1e4, 1e6], lambda n: np.full(9, 1 / np.sqrt(n)), (5_000.0, 1e5)
    )
    by_part = curve.groupby("part")["people"].agg(list).to_dict()
    assert by_part == {"below": [1e3, 5e3], "seen": [5e3, 1e4, 1e5], "above": [1e5, 1e6]}
    np.testing.assert_allclose(curve["value"], 100 / np.sqrt(curve["people"]))


def test_a_formula_that_is_right_explains_all_and_one_that_is_blind_nothing():
    people = pd.Series([1_000.0, 3_000.0, 9_000.0])
    cost = people * pd.Series([1.1, 0.9, 1.3])
    blind = people * 2.0
    assert explained_between(people, cost, cost) == pytest.approx(1.0)
    assert explained_between(people, cost, 3 * cost) == pytest.approx(1.0)
    assert explained_between(people, cost, blind) == pytest.approx(0.0)
