"""The tail of the large claims: recovered from simulation, and what the source gives."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import genpareto

from analysis.evidence.large_claims import large_claims
from analysis.models.annual_cost.claims_tail import THRESHOLDS_USD, grouped_pareto, tail_shapes

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("scale", "shape"), [(20_000.0, 0.2), (20_000.0, 0.5), (60_000.0, 0.35)])
def test_a_simulated_tail_is_recovered(scale, shape):
    size = 50_000
    excess = genpareto.rvs(shape, scale=scale, size=size, random_state=np.random.default_rng(6))
    edges = 25_000 * 10 ** (np.arange(30) / 10)
    counts, _ = np.histogram(25_000 + excess, np.append(edges, np.inf))
    found_scale, found_shape = grouped_pareto(edges, counts)
    # Four standard errors (Smith 1987); bins cost little.
    assert abs(found_shape - shape) < 4 * (1 + shape) / np.sqrt(size)
    assert abs(found_scale / scale - 1) < 4 * np.sqrt(2 * (1 + shape) / size)


def test_exact_probabilities_give_the_exact_parameters():
    edges = 25_000 * 10 ** (np.arange(30) / 10)
    survival = genpareto.sf(np.append(edges, np.inf) - 25_000, 0.4, scale=30_000)
    assert grouped_pareto(edges, -np.diff(survival)) == pytest.approx((30_000, 0.4), rel=1e-4)


def test_a_generalised_pareto_keeps_its_shape_above_any_threshold():
    """Threshold stability: above a higher threshold the shape is the same."""
    edges = 25_000 * 10 ** (np.arange(40) / 20)
    survival = genpareto.sf(np.append(edges, np.inf) - 25_000, 0.4, scale=30_000)
    claims = pd.DataFrame({"cost_low_usd": edges, "n_claims": 1e7 * -np.diff(survival)})
    shapes = tail_shapes(claims, (25_000, 50_000, 100_000))
    assert shapes["shape"].to_numpy() == pytest.approx([0.4] * 3, abs=1e-3)


def test_the_shape_of_the_source_falls_with_the_threshold():
    """No single generalised Pareto fits the whole tail."""
    table = tail_shapes(large_claims())
    assert len(table) == len(THRESHOLDS_USD)
    assert table["claims"].iloc[0] == 75_789
    assert table["claims"].is_monotonic_decreasing
    assert table["shape"].iloc[-1] < table["shape"].iloc[0] < 0.95
