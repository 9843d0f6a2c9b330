"""Diagnostics: the limits stop publication, and nothing undefined slips through."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from analysis.inference.diagnostics import ConvergenceError, Diagnostics, diagnose

pytestmark = pytest.mark.unit

GOOD = Diagnostics("toy", 1.002, 900.0, 800.0, 0, 4000)


def tree(values, divergences=0, **others):
    """Draws as the sampler returns them, from arrays of shape (chain, draw)."""
    diverging = np.zeros(values.shape, bool)
    diverging.flat[:divergences] = True
    return xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset(
                {name: (("chain", "draw"), v) for name, v in {"centre": values, **others}.items()}
            ),
            "sample_stats": xr.Dataset({"diverging": (("chain", "draw"), diverging)}),
        }
    )


def normal(seed=15):
    return np.random.default_rng(seed).normal(size=(4, 1000))


def test_a_good_fit_may_be_published():
    assert GOOD.misses() == []
    GOOD.require()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"max_rhat": 1.02}, "R-hat 1.0200 is above 1.01"),
        ({"min_ess_bulk": 399.0}, "bulk ESS 399 is below 400"),
        ({"min_ess_tail": 10.0}, "tail ESS 10 is below 400"),
        ({"divergences": 1}, "1 divergent transitions"),
        ({"max_rhat": float("nan")}, "R-hat nan"),
        ({"min_ess_bulk": float("nan")}, "bulk ESS nan"),
        ({"min_ess_tail": float("nan")}, "tail ESS nan"),
    ],
)
def test_each_limit_that_is_missed_is_named_and_stops_publication(changes, sentence):
    missed = replace(GOOD, **changes)
    assert len(missed.misses()) == 1
    with pytest.raises(ConvergenceError, match=f"fit toy must not be published: {sentence}"):
        missed.require()


def test_all_misses_are_told_together():
    bad = replace(GOOD, max_rhat=1.5, divergences=3)
    with pytest.raises(ConvergenceError, match="R-hat 1.5000 .*; 3 divergent"):
        bad.require()


def test_independent_draws_pass():
    found = diagnose("toy", tree(normal()), ["centre"])
    assert found.misses() == []
    assert found.draws == 4000


def test_chains_at_different_places_fail():
    shifted = normal() + np.array([0, 0, 0, 3])[:, None]
    found = diagnose("toy", tree(shifted), ["centre"])
    assert found.max_rhat > 1.2
    assert found.misses()


def test_slow_chains_fail_by_effective_size():
    slow = np.cumsum(normal(), axis=1)
    assert diagnose("toy", tree(slow), ["centre"]).min_ess_bulk < 100


def test_divergences_are_counted_over_chains():
    assert diagnose("toy", tree(normal(), divergences=7), ["centre"]).divergences == 7


def test_a_parameter_that_never_moved_fails():
    found = diagnose("toy", tree(np.ones((4, 1000))), ["centre"])
    assert found.misses()


def test_the_worst_parameter_counts():
    draws = tree(normal(), stuck=np.cumsum(normal(16), axis=1))
    assert diagnose("toy", draws, ["centre"]).misses() == []
    assert diagnose("toy", draws, ["centre", "stuck"]).misses()
