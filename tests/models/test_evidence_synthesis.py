"""Synthesis of published k: equal to the closed form of a linear normal model; sources left out."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.cache import FitCache
from analysis.inference.fitting import Sampler, fit
from analysis.models.evidence_synthesis.data import PublishedVariation, SynthesisPriors
from analysis.models.evidence_synthesis.model import evidence_synthesis_model

pytestmark = pytest.mark.integration

DATA = PublishedVariation(
    log_k=np.log([3.7, 2.1, 7.5, 3.1]),
    error=np.array([0.1, 0.05, 0.04, 0.2]),
    bias=np.log([1.15, 1.1, 1.0, 1.0]),
    bias_sd=np.array([0.08, 0.06, 0.0, 0.1]),
    included=np.ones(4),
    scope_idx=np.array([0, 1, 2, 0]),
    sources=["A", "B", "C", "D"],
)
# A spread between sources so small that everything else is linear and normal.
PRIORS = SynthesisPriors(truncation=(np.log(0.57), 0.12), between=1e-4)


def closed_form(data: PublishedVariation, priors: SynthesisPriors):
    """Return mean and standard deviation of log k by scope, by Bayes' rule for normals."""
    # Unknowns: log k of all care, log ratio of truncated care, log k of narrow services.
    mean = np.array([priors.all_care[0], priors.truncation[0], priors.narrow[0]])
    precision = np.diag(
        1 / np.array([priors.all_care[1], priors.truncation[1], priors.narrow[1]]) ** 2
    )
    scopes = np.array([[1.0, 0, 0], [1, 1, 0], [0, 0, 1]])
    design = scopes[data.scope_idx]
    weight = data.included / (data.error**2 + data.bias_sd**2)
    after = precision + (design.T * weight) @ design
    covariance = np.linalg.inv(after)
    centre = covariance @ (precision @ mean + (design.T * weight) @ (data.log_k - data.bias))
    return scopes @ centre, np.sqrt(np.diag(scopes @ covariance @ scopes.T))


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    cache = FitCache(tmp_path_factory.mktemp("fits"))
    sampler = Sampler(chains=2, tune=500, draws=2_000, target_accept=0.95)
    cases = {
        "all": (DATA, PRIORS),
        "without B": (replace(DATA, included=np.array([1.0, 0, 1, 1])), PRIORS),
        "nothing": (replace(DATA, included=np.zeros(4)), PRIORS),
        "sources differ": (DATA, replace(PRIORS, between=0.5)),
    }
    return {
        name: fit("synthesis", evidence_synthesis_model, data, priors, sampler, cache=cache,
                  publish=False).posterior
        for name, (data, priors) in cases.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("case", "data"),
    [
        ("all", DATA),
        ("without B", replace(DATA, included=np.array([1.0, 0, 1, 1]))),
        ("nothing", replace(DATA, included=np.zeros(4))),
    ],
)
def test_the_posterior_is_that_of_a_linear_normal_model(fitted, case, data):
    mean, sd = closed_form(data, PRIORS)
    log_k = np.log(fitted[case]["k"])
    np.testing.assert_allclose(log_k.mean(("chain", "draw")), mean, atol=0.025)
    np.testing.assert_allclose(log_k.std(("chain", "draw")), sd, rtol=0.08)


def test_sources_that_may_differ_say_less(fitted):
    narrow, wide = (
        np.log(fitted[case]["k"]).std(("chain", "draw")) for case in ("all", "sources differ")
    )
    assert (wide > narrow).all()


def test_a_source_that_is_left_out_does_not_count(fitted):
    truncated = [
        float(fitted[case]["k"].sel(scope="truncated_p99").median())
        for case in ("all", "without B")
    ]
    assert truncated[0] != pytest.approx(truncated[1], rel=0.01)
