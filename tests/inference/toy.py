"""A small model that compiles fast; as a program it fits it and prints a digest of the draws."""

import hashlib
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymc as pm

from analysis.inference import fitting
from analysis.inference.cache import FitCache
from analysis.inference.fitting import Fit, Sampler, fit

SAMPLER = Sampler(chains=2, tune=300, draws=400)


@dataclass(frozen=True)
class ToyData:
    """Observations of a normal variable, shape (observation,)."""

    observed: np.ndarray


@dataclass(frozen=True)
class ToyPriors:
    """Normal prior of the mean: mean and standard deviation."""

    centre: tuple[float, float] = (0.0, 10.0)


def toy_model(data: ToyData, priors: ToyPriors) -> pm.Model:
    """Return a model of a normal mean with known spread."""
    with pm.Model(coords={"observation": range(len(data.observed))}) as model:
        observed = pm.Data("observed", data.observed, dims="observation")
        centre = pm.Normal("centre", *priors.centre)
        pm.Potential("likelihood", pm.logp(pm.Normal.dist(centre, 2.0), observed).sum())
    return model


def other_model(data: ToyData, priors: ToyPriors) -> pm.Model:
    """Build the same model through a function of another name in the same module."""
    return toy_model(data, priors)


def toy_data(shift: float = 0.0) -> ToyData:
    """Return forty fixed observations around 3 + `shift`."""
    return ToyData(3 + shift + 2 * np.random.default_rng(14).normal(size=40))


def fit_toy(folder: Path, name: str = "toy", shift: float = 0.0, sampler: Sampler = SAMPLER) -> Fit:
    """Fit the toy model with a cache in a folder of the caller's."""
    return fit(
        name, toy_model, toy_data(shift), ToyPriors(), sampler,
        cache=FitCache(folder), publish=False,
    )  # fmt: skip


def draws_digest(fitted: Fit) -> str:
    """Return the SHA-256 of the bytes of all draws, variables in order of name."""
    hasher = hashlib.sha256()
    for name in sorted(fitted.posterior.data_vars):
        hasher.update(np.ascontiguousarray(fitted.posterior[name].to_numpy()).tobytes())
    return hasher.hexdigest()


def main() -> None:
    """Fit in the folder given; print key, digest and whether this process sampled."""
    sampled = []
    sample = fitting._sample
    fitting._sample = lambda *arguments: (sampled.append(1), sample(*arguments))[1]
    result = fit_toy(Path(sys.argv[1]))
    print(result.key, draws_digest(result), "sampled" if sampled else "loaded")


if __name__ == "__main__":
    # Under its own name: the key of a fit names the modules of its model.
    importlib.import_module("tests.inference.toy").main()
