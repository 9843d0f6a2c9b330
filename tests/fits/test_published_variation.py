"""Which published figures enter the synthesis, and as what."""

import numpy as np
import pytest
from scipy.special import ndtri

from analysis.errors import InputError
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.fits.published_variation import SOURCES, _statistics, k_by_scope, synthesis_inputs
from analysis.models.evidence_synthesis.data import SCOPES
from analysis.settings import INTERVAL

pytestmark = pytest.mark.unit

Z = ndtri((1 + INTERVAL) / 2)


def test_only_calibration_figures_enter():
    names = [name for source in SOURCES for name in source.facts]
    assert all(fact(name, purpose="model").role == "calibration" for name in names)


def test_estimates_that_are_compared_with_the_synthesis_do_not_enter_it():
    """RAND, the programme's results, and the minimum savings rates, which validate."""
    names = [name for source in SOURCES for name in source.facts]
    assert not [name for name in names if name.startswith(("B-HIE", "A-PUF", "A-MSR"))]


def test_every_scope_has_a_source():
    assert {source.scope for source in SOURCES} == set(SCOPES)


def test_a_stated_range_is_the_interval_of_the_error():
    rows = _statistics(()).set_index("statistic")
    stated = fact("A-DELIA-k")
    assert rows.loc["A-DELIA-k", "high"] / rows.loc["A-DELIA-k", "low"] == pytest.approx(
        stated.high / stated.low
    )


def test_figures_of_one_source_are_pooled_by_their_precision():
    data, _ = synthesis_inputs()
    at = data.sources.index("A-CRUMP")
    published = [fact(f"A-CRUMP-{n}-k").value for n in (9000, 24000, 179400)]
    error = assumption("published_k_relative_error").value
    assert data.log_k[at] == pytest.approx(np.log(published).mean())
    assert data.error[at] == pytest.approx(error / np.sqrt(3))


def test_the_range_of_a_bias_is_its_interval():
    data, priors = synthesis_inputs()
    at = data.sources.index("B-PBRA")
    ratio = assumption("published_k_secondary_care_ratio")
    assert data.bias[at] == pytest.approx(np.log(ratio.value))
    assert np.exp(2 * Z * data.bias_sd[at]) == pytest.approx(ratio.high / ratio.low)
    assert priors.between == assumption("published_k_between_sources").value


def test_the_error_without_a_range_is_that_of_a_hundred_simulated_years():
    """Crump and others (1991): the standard deviation of 100 normal totals."""
    years = 100
    generator = np.random.default_rng(80)
    simulated = np.log(generator.normal(size=(20_000, years)).std(axis=1, ddof=1)).std()
    assert assumption("published_k_relative_error").value == pytest.approx(simulated, abs=0.002)


def test_the_ratio_of_cut_to_uncut_cost_is_that_of_a_lognormal():
    """Its range comes from k of 5 and 2.5; checked by quadrature over 200,000 quantiles."""
    z = ndtri((np.arange(200_000) + 0.5) / 200_000)
    ratio = assumption("truncated_k_ratio")
    for k, expected in ((2.5, ratio.high), (5.0, ratio.low)):
        sigma = np.sqrt(np.log1p(k**2))
        cost = np.exp(sigma * z - sigma**2 / 2)
        cut = np.minimum(cost, np.quantile(cost, 0.99))
        assert cut.std() / cut.mean() / k == pytest.approx(expected, abs=0.01)


def test_leaving_out_marks_the_statistics():
    rows = _statistics(("A-DELIA", "A-CRUMP-9000"))
    left = rows[~rows["included"]]["statistic"].tolist()
    assert left == ["A-DELIA-k", "A-CRUMP-9000-k"]
    data, _ = synthesis_inputs(("A-DELIA", "A-CRUMP-9000"))
    assert dict(zip(data.sources, data.included, strict=True)) == {
        "B-PBRA": 1.0, "A-DELIA": 0.0, "A-CRUMP": 1.0,
    }  # fmt: skip


def test_an_unknown_prefix_is_refused():
    with pytest.raises(InputError, match="A-DELYA"):
        k_by_scope(("A-DELYA",))


def test_a_figure_that_never_enters_may_be_left_out():
    assert synthesis_inputs(("A-MSR",))[0].included.all()
