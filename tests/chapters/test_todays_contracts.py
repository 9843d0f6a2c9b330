"""What size does to a contract, and what its terms say."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import gamma, norm

from analysis import settings
from analysis.chapters.strength_of_incentives.shared_savings import SharedSavings
from analysis.chapters.todays_contracts.figures import borne_by_contract
from analysis.chapters.todays_contracts.finder_tables import PEOPLE, overspend_table, spread_table
from analysis.chapters.todays_contracts.measures import at_size, over_with_cover
from analysis.chapters.todays_contracts.tables import GLANCE, at_a_glance, terms_table
from analysis.evidence.contracts import contracts, terms
from analysis.risk.bearable_overspend import (
    bearable_by_size,
    bearable_overspend,
    over_with_differences,
)
from analysis.risk.minimum_size import largest_k
from analysis.risk.stop_loss import stop_loss
from tests.risk.costs import exponential

pytestmark = pytest.mark.unit

TOLERANCES = np.array([0.01, 0.02])
LIMIT = 0.05
ENGLISH_AND_AMERICAN = ["England", "United States"]
PAGE = Path(settings.ROOT, "notebooks", "todays-contracts.md")


def exponential_group(people):
    """Costs with k = 1."""
    return at_size(exponential(), people, TOLERANCES, LIMIT)


class TestSize:
    def test_exponential_costs_add_up_to_a_gamma(self):
        people = 40_000
        group = exponential_group(people)
        total = gamma(people, scale=1 / people)
        assert group.k == pytest.approx(1, rel=1e-3)
        assert group.over[0] == pytest.approx(total.sf(1 + TOLERANCES), rel=0.01)
        assert group.borne[0] == pytest.approx(total.isf(LIMIT) - 1, rel=0.01)

    def test_chance_falls_with_size_without_end(self):
        over = [exponential_group(people).over[0, 0] for people in (2_000, 20_000, 200_000)]
        assert over[0] > over[1] > over[2]
        assert over[2] < 1e-5

    def test_the_largest_k_is_that_at_which_the_overspend_is_borne(self):
        people = 40_000
        k = largest_k(people, 0.02, LIMIT)
        assert norm.ppf(0.95) * k / np.sqrt(people) == pytest.approx(0.02)


class TestDifferences:
    def test_what_must_be_borne_is_exceeded_as_often_as_it_may_be(self):
        k, spread = np.full(20, 3.0), np.linspace(0, 0.03, 20)
        borne = bearable_overspend(k, spread, 50_000, LIMIT)
        over = [over_with_differences(k, spread, 50_000, each)[i] for i, each in enumerate(borne)]
        assert over == pytest.approx([LIMIT] * 20)


class TestRewardForLuck:
    @staticmethod
    def paid(people, share, minimum_rate=0.0):
        terms = SharedSavings(share, minimum_rate=minimum_rate)
        return terms.expected(0.0, exponential_group(people).noise)[0]

    def test_without_a_minimum_it_is_the_mean_of_the_positive_half_of_noise(self):
        noise = np.random.default_rng(1).normal(0, 1 / 200, 400_000)
        paid = 0.4 * np.maximum(noise, 0).mean()
        assert self.paid(40_000, 0.4) == pytest.approx(paid, rel=0.01)

    def test_a_minimum_rate_leaves_what_lies_beyond_it_from_the_first_pound(self):
        noise = np.random.default_rng(2).normal(0, 1 / 200, 400_000)
        paid = 0.4 * np.where(noise > 0.006, noise, 0).mean()
        assert self.paid(40_000, 0.4, 0.006) == pytest.approx(paid, rel=0.02)

    def test_an_endless_minimum_pays_nothing(self):
        assert self.paid(40_000, 0.5, 1.0) == pytest.approx(0, abs=1e-12)


class TestCover:
    def test_cover_from_an_endless_amount_changes_nothing(self):
        people = 10_000
        bare = stop_loss(exponential(), 1e6)
        assert over_with_cover(bare, people, 0.02) == pytest.approx(
            exponential_group(people).over[:, 1], rel=1e-3
        )

    def test_a_lower_amount_covers_more_chance(self):
        over = [
            over_with_cover(stop_loss(exponential(), point), 10_000, 0.02)[0]
            for point in (1.0, 2.0, 4.0)
        ]
        assert over[0] < over[1] < over[2] < exponential_group(10_000).over[0, 1]


class TestTerms:
    def test_every_contract_has_every_term_with_a_source_or_is_unknown(self):
        told = terms()
        assert set(told["contract"]) == set(contracts().index)
        found = told[told["status"] != "unknown"]
        assert found["says"].notna().all()
        assert found["citation"].notna().all()
        assert told.loc[told["status"] == "unknown", "says"].isna().all()

    def test_what_was_read_or_reported_has_an_address(self):
        told = terms()
        seen = told[told["status"].isin(["read", "reported by"])]
        assert seen["url"].str.startswith("https://").all()

    def test_the_size_of_a_number_lies_between_the_sizes_of_its_contract(self):
        sizes = contracts().astype({"people": "Float64"})
        assert (sizes["people"] >= sizes["people_low"]).fillna(True).all()
        assert (sizes["people"] <= sizes["people_high"]).fillna(True).all()

    def test_a_glance_says_of_each_contract_what_is_unknown(self):
        shown = at_a_glance()
        assert list(shown.columns) == ["Contract", *(term.capitalize() for term in GLANCE)]
        assert list(shown["Contract"]) == list(contracts()["name"])
        assert shown.notna().all(axis=None)
        english = shown.set_index("Contract").loc["Single neighbourhood provider"]
        assert english["Share of losses"] == "unknown"

    @pytest.mark.parametrize("system", ENGLISH_AND_AMERICAN)
    def test_the_table_of_terms_says_how_each_was_known(self, system):
        shown = terms_table(system)
        known = shown[shown["What it says"] != "unknown"]
        status = r"\((?:read|reported by|secondary knowledge)\)$"
        assert known["Source"].str.contains(status).all()
        unknown = shown[shown["What it says"] == "unknown"]
        assert unknown["Source"].str.fullmatch(r"(Looked for: .+)?").all()


class TestPage:
    def test_each_contract_has_a_line_for_each_suggestion(self):
        text = PAGE.read_text(encoding="utf-8")
        body = text.partition("## What each suggestion says")[2].partition("\n## ")[0]
        for section in body.split("\n### ")[1:]:
            lines = re.findall(r"^(\d+)\. \*\*\[[^\]]+\]\(\.\./notebooks/", section, re.MULTILINE)
            assert lines == [str(number) for number in range(1, 11)], section[:40]

    def test_all_contracts_have_a_section(self):
        text = PAGE.read_text(encoding="utf-8")
        for word in ("Single neighbourhood", "Multi-neighbourhood", "Integrated health", "LEAD"):
            assert f"### {word}" in text
        assert "### Integrated care boards and clusters" in text
        assert "### Medicare Shared Savings Program: BASIC and ENHANCED" in text


class TestFinderTables:
    def test_the_spread_is_what_was_asked(self):
        table = spread_table(lambda people: np.full(100, 1 / np.sqrt(people)))
        assert table.at(1e4) == pytest.approx([0.01] * 3)
        assert table.at(PEOPLE[0] * 1.5) == pytest.approx([(1.5 * PEOPLE[0]) ** -0.5] * 3, rel=1e-6)

    def test_without_differences_the_overspend_is_that_of_chance(self):
        table = overspend_table(np.full(50, 3.0), lambda people: np.zeros(50))
        assert table.at(1e4, 0.05) == pytest.approx([norm.ppf(0.95) * 3 / 100] * 3, rel=1e-6)


class TestFigure:
    def test_each_contract_stands_on_both_curves(self):
        curves = bearable_by_size(
            np.full(50, 3.0), lambda people: np.full(50, 0.02), np.geomspace(8e3, 3e6, 30), LIMIT
        )
        fig, ax = borne_by_contract(curves, {"Small": 5e4, "Large": 5e5})
        points = [line for line in ax.lines if line.get_marker() == "o"]
        assert len(points) == 2
        for line, people in zip(points, (5e4, 5e5), strict=True):
            x, y = (np.asarray(values, float) for values in line.get_data())
            assert x == pytest.approx([people, people])
            chance = 100 * norm.ppf(0.95) * 3 / np.sqrt(people)
            assert y[0] == pytest.approx(chance, rel=0.12)
            assert y[1] > y[0]
        words = {text.get_text() for text in ax.texts}
        assert {"Small", "Large", "chance alone", "if groups also differ"} <= words
        fig.clear()
