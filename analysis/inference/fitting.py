"""From a model to draws: compile once, sample, diagnose, keep.

PyMC and nutpie are imported where a fit is sampled: who reads a fit from the cache needs neither.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis.inference.builders import Builder
from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import Diagnostics, diagnose
from analysis.inference.digests import digest, key_parts
from analysis.seeds import seed_for

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.sample import CompiledModel

log = logging.getLogger(__name__)

_ATTEMPTS = ((1, 0.0), (2, 0.97), (4, 0.99))
"""So many times as long, in steps at least as small as this acceptance asks for."""


@dataclass(frozen=True)
class Sampler:
    """Settings of the No-U-Turn sampler (nutpie).

    Attributes
    ----------
    chains, tune, draws : int
        Chains; warm-up steps and kept draws of each chain.
    target_accept : float
        Between 0 and 1; higher takes smaller steps.
    cores : int
        Chains that run at the same time. It does not change a draw.
    thin : int
        Of so many draws one is kept, and as many more are made. For a model whose draws follow each
        other slowly: how many of them count must not hang on the last bits of a sum, which
        follow the compiler and the number of threads.
    """

    chains: int = 4
    tune: int = 800
    draws: int = 1250
    target_accept: float = 0.9
    cores: int = 2
    thin: int = 1

    def attempts(self) -> "Iterator[tuple[Sampler, int]]":
        """Yield these settings, then longer and more careful ones for a fit that misses a limit.

        Some seeds meet a hard corner of a posterior that others pass by; a fit that is published
        under any seed needs a second try, under the same limits. Choosing the first run that passes
        favours runs that kept out of that corner: smaller steps make this small, and nothing
        rules it out.

        Yields
        ------
        sampler : Sampler
        longer : int
            How many times as long. Only one draw in so many is kept, so that each attempt gives as
            many as the first.
        """
        for longer, acceptance in _ATTEMPTS:
            yield (
                replace(
                    self,
                    tune=self.tune * longer,
                    draws=self.draws * longer,
                    target_accept=max(acceptance, self.target_accept),
                ),
                longer,
            )


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    posterior : xarray.Dataset
        Draws, dims ``chain, draw`` and those of the model.
    key : str
        Digest of everything the draws depend on.
    """

    name: str
    posterior: xr.Dataset
    diagnostics: Diagnostics
    key: str

    def thinned(self, draws: int) -> xr.Dataset:
        """Return evenly spaced draws of every chain, at most `draws` in all.

        For measures that are too costly for every draw; the chains stay apart, so that the Monte
        Carlo error of what is measured can still be told.

        Parameters
        ----------
        draws : int
            At least the number of chains.
        """
        sizes = self.posterior.sizes
        step = max(1, int(np.ceil(sizes["chain"] * sizes["draw"] / draws)))
        return self.posterior.isel(draw=slice(None, None, step))


_compiled: dict[str, "CompiledModel"] = {}


def _compile(
    model: "pm.Model", builder: Callable[..., "pm.Model"], priors: object
) -> "CompiledModel":
    """Compile a model, or give new data to one of the same shape compiled in this process."""
    import nutpie

    data = {variable.name: variable.get_value() for variable in model.data_vars}
    shapes = {name: list(value.shape) for name, value in data.items()}
    coords = {name: [str(v) for v in values] for name, values in model.coords.items() if values}
    source = key_parts(builder, priors=priors, shapes=shapes, coords=coords)
    identity = digest(source)
    if identity not in _compiled:
        _compiled[identity] = nutpie.compile_pymc_model(model)
    return _compiled[identity].with_data(**data)


def _sample(
    name: str, model: "pm.Model", compiled: "CompiledModel", sampler: Sampler
) -> tuple[xr.Dataset, Diagnostics]:
    import nutpie

    draws = nutpie.sample(
        compiled,
        draws=sampler.draws * sampler.thin,
        tune=sampler.tune,
        chains=sampler.chains,
        cores=sampler.cores,
        seed=seed_for(name),
        target_accept=sampler.target_accept,
        save_warmup=False,
        progress_bar=sys.stderr.isatty(),
    )
    parameters = [variable.name for variable in model.free_RVs]
    kept = draws["posterior"].to_dataset().isel(draw=slice(None, None, sampler.thin))
    return kept, diagnose(name, draws, parameters)


def _sample_soundly(
    name: str, model: "pm.Model", compiled: "CompiledModel", sampler: Sampler
) -> tuple[xr.Dataset, Diagnostics]:
    for settings, longer in sampler.attempts():
        posterior, diagnostics = _sample(name, model, compiled, settings)
        thinned = posterior.isel(draw=slice(None, None, longer))
        if not diagnostics.misses():
            break
        log.info("fit %s missed a limit: %s", name, "; ".join(diagnostics.misses()))
    return thinned, diagnostics


def _from_cache(
    cache: FitCache, name: str, key: str, publish: bool
) -> tuple[xr.Dataset, Diagnostics] | None:
    """Return the fit that the cache holds, unless it cannot be published and should be."""
    entry = cache.load(name, key)
    if entry is None:
        return None
    posterior, manifest = entry
    diagnostics = Diagnostics(**manifest["diagnostics"])
    return None if publish and diagnostics.misses() else (posterior, diagnostics)


def fit[Data, Priors](
    name: str,
    builder: Builder | Callable[[Data, Priors], "pm.Model"],
    data: Data,
    priors: Priors,
    sampler: Sampler = Sampler(),
    *,
    cache: FitCache | None = None,
    publish: bool = True,
) -> Fit:
    """Fit a model, or load the same fit from the cache.

    Parameters
    ----------
    name : str
        Name of the fit: its seed and its place in the cache come from it.
    builder : Builder or callable
        ``builder(data, priors)`` returns a PyMC model whose data are all `pm.Data`.
    data, priors : dataclass
        Digested into the key of the fit.
    cache : FitCache, optional
        By default the one in the build folder.
    publish : bool
        If true, a fit that misses a limit of `analysis.inference.diagnostics` is sampled again,
        longer (`Sampler.attempts`), and raises if it misses one still.

    Raises
    ------
    ConvergenceError
        If `publish` and the fit missed a limit.
    """
    cache = cache or FitCache()
    settings = {k: v for k, v in vars(sampler).items() if k != "cores"}
    parts = key_parts(builder, data=data, priors=priors, sampler=settings, seed=seed_for(name))
    key = digest(parts)
    with cache.lock(name, key):
        sampled = _from_cache(cache, name, key, publish)
        if sampled is None:
            changed = cache.changed_parts(name, parts)
            log.info("fitting %s%s", name, f" (changed: {', '.join(changed)})" if changed else "")
            model = builder(data, priors)
            sample = _sample_soundly if publish else _sample
            sampled = sample(name, model, _compile(model, builder, priors), sampler)
            manifest = {"name": name, "parts": parts, "diagnostics": sampled[1].as_dict()}
            cache.store(name, key, sampled[0], manifest)
    posterior, diagnostics = sampled
    if publish:
        diagnostics.require()
    return Fit(name=name, posterior=posterior, diagnostics=diagnostics, key=key)
