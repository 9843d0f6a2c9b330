"""Which sources say how far one person's cost varies in England, and as what."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.evidence.facts import fact
from analysis.fits.england_costs import SURVEY_AGES, england_costs_with_maximum, english_groups
from analysis.fits.england_variation import (
    ENGLAND,
    at_england_ages,
    england_k,
    england_person_variation,
    evidence,
)
from analysis.models.person_variation import NOBODY
from analysis.population.england.cells import england_cells
from analysis.risk.adjustment import variation

pytestmark = pytest.mark.integration


def test_the_published_figure_is_one_that_may_enter_a_model():
    assert fact("B-PBRA-1-val", purpose="model").role == "calibration"


def test_two_groups_of_ages_make_the_whole():
    """Against the variance of a list of cells, each with the k of its age."""
    cells = england_cells()
    k = np.where(cells.age_low >= 65, 1.8, 3.7)
    # Within each of the two groups the k given is that of all its people together.
    old = cells.age_low >= 65
    total = cells.average(cells.total)
    variance = sum(
        cells.share[part].sum()
        * (k_of * np.average(cells.total[part], weights=cells.share[part])) ** 2
        for part, k_of in ((old, 1.8), (~old, 3.7))
    )
    found = at_england_ages(np.array([3.7]), np.array([1.8]))
    assert found == pytest.approx(np.sqrt(variance) / total)
    assert k.min() < found < k.max()


def test_every_source_says_whose_costs_and_of_what_ages():
    for source in evidence():
        assert source.name and source.scope and source.ages
        assert np.isfinite(source.standardised).all() and (source.standardised > 1).all()


def test_england_lies_among_its_sources():
    middles = [np.median(source.corrected()) for source in evidence()]
    assert min(middles) < np.median(england_k()) < max(middles)


def test_what_is_published_is_the_prediction_and_not_the_mean_of_the_sources():
    found = england_person_variation()
    assert (england_k() == found.of(NOBODY)).all()
    assert np.log(found.of(NOBODY)).std() > np.log(found.of(ENGLAND)).std()


def test_without_english_sources_england_is_a_population_not_measured():
    english = tuple(s.name for s in evidence() if s.measured.population == ENGLAND)
    found = england_person_variation(english)
    assert (found.of(ENGLAND) == found.of(NOBODY)).all()


def test_an_unknown_source_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="Netherlands"):
        england_person_variation(("Holland",))


def test_english_groups_are_all_of_england_and_each_has_a_spread():
    groups, cells = english_groups(), england_cells()
    assert groups.share.sum() == pytest.approx(1)
    assert groups.share @ groups.mean == pytest.approx(cells.average(cells.total))
    assert len(groups.labels) == 2 * len(SURVEY_AGES)
    assert len(set(groups.cell)) == len(groups.cell)


def test_another_largest_cost_leaves_the_variation_and_moves_the_tail():
    """Nobody costs more than the maximum; the draws of k stay those of England."""
    mean = float(english_groups().share @ english_groups().mean)
    low, usual = (england_costs_with_maximum(multiple, 20) for multiple in (300.0, 1_000.0))
    for costs, multiple in ((low, 300.0), (usual, 1_000.0)):
        assert costs.draws == 20
        assert costs.limit == pytest.approx(multiple * mean)
        assert costs.population_mean() == pytest.approx(mean, rel=5e-3)
        assert variation(costs, adjusted=True) == pytest.approx(england_k()[::200], rel=1e-2)
    assert low.survival(301 * mean) == pytest.approx(0.0, abs=0)
