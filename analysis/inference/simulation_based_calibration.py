"""Simulation-based calibration: whether a fit finds what its own model put into the data.

Draw parameters from the prior, simulate data from them, fit, and count how many posterior draws
lie below the truth. Over many repetitions this rank is uniform for every quantity when simulator,
likelihood and sampler agree, whatever the model (Talts, Betancourt, Simpson, Vehtari & Gelman
2018, arXiv:1804.06788, theorem 1). Ranks of parameters alone miss a posterior that ignores part of
the data; the rank of the log-likelihood, which depends on parameters and data, does not (Modrák
and others 2023, Bayesian Analysis, doi 10.1214/23-BA1404, section 3).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from pymc.model.transform.conditioning import remove_value_transforms
from pytensor.graph.traversal import explicit_graph_inputs

from analysis.inference.builders import module_of
from analysis.inference.cache import FitCache
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.seeds import seed_for

RANKED_DRAWS = 100
"""Most posterior draws that a truth is ranked among: thinned, so that they are nearly
independent, as the theorem asks."""

LONGER = 3
"""How many times as long a fit is repeated whose draws are too few."""

LOG_LIKELIHOOD = "log_likelihood"

Quantities = Callable[[xr.Dataset], Mapping[str, np.ndarray]]
"""From draws (dims ``chain, draw`` and the model's) to test quantities, each one value a draw."""


@dataclass(frozen=True)
class CalibrationCase[Data, Priors]:
    """A model to be calibrated, with how its data are simulated.

    Attributes
    ----------
    name : str
        Name of the case; its seeds come from it.
    builder : callable
        ``builder(data, priors)`` returns the PyMC model, whose data are all `pm.Data`.
    priors : dataclass
        From which the truths are drawn.
    template : dataclass
        Any data of the right shape: the prior does not depend on them.
    simulate : callable
        ``simulate(truth, generator)`` returns data of the same shape; `truth` maps every variable
        of the model to its value.
    quantities : callable
        Test quantities of draws; the log-likelihood is added to them.
    """

    name: str
    builder: Callable[[Data, Priors], pm.Model]
    priors: Priors
    template: Data
    simulate: Callable[[Mapping[str, np.ndarray], np.random.Generator], Data]
    quantities: Quantities
    sampler: Sampler


@dataclass(frozen=True)
class Calibration:
    """Outcome of a calibration.

    Attributes
    ----------
    replications : DataFrame, one row a replication and quantity
        ``replication``, ``quantity``, ``truth``, ``posterior_mean``, ``posterior_sd`` and
        ``rank``: posterior draws below the truth, from 0 to `ranked_draws`.
    fits : DataFrame, one row a replication
        ``replication``, ``max_rhat``, ``min_ess_bulk`` and ``divergences``.
    """

    replications: pd.DataFrame
    fits: pd.DataFrame
    ranked_draws: int


def calibrate(
    case: CalibrationCase,
    replications: int,
    cache: FitCache,
    progress: Callable[[Iterable[int]], Iterable[int]] = lambda numbers: numbers,
) -> Calibration:
    """Simulate from the prior and refit, many times.

    Parameters
    ----------
    replications : int
        At least 2.
    cache : FitCache
        Fits that are already there are not made again, so a killed calibration resumes.
    progress : callable
        Wraps the replication numbers, for example in a progress bar.

    Returns
    -------
    Calibration
    """
    model = case.builder(case.template, case.priors)
    truths = prior_draws(model, replications, seed_for(f"calibration-{case.name}-prior"))
    likelihood = LogLikelihood(model)
    rows, fits = [], []
    for number in progress(range(replications)):
        truth = truths.isel(replication=number)
        generator = np.random.default_rng([seed_for(f"calibration-{case.name}"), number])
        data = case.simulate({str(k): v.to_numpy() for k, v in truth.items()}, generator)
        name = f"calibration-{case.name}-{number:04d}"
        remember = _Remembering(case.builder)
        fitted = _fit(name, replace(case, builder=remember), data, cache)
        likelihood.set_data(remember.built or case.builder(data, case.priors))
        rows += _replication_rows(number, truth, fitted, case.quantities, likelihood, generator)
        fits.append(_fit_row(number, fitted))
    ranked = case.sampler.chains * fitted.thinned(RANKED_DRAWS).sizes["draw"]
    return Calibration(pd.DataFrame(rows), pd.DataFrame(fits), ranked)


def _fit(name: str, case: CalibrationCase, data: object, cache: FitCache) -> Fit:
    """Fit one simulated data set, again and longer if its draws are too few to rank among.

    Some truths leave data that hardly tell them, and the posterior is then hard to sample. A
    longer run of the same sampler is no other method, so the theorem still holds.
    """
    samplers = (case.sampler, _longer(case.sampler))
    for sampler in samplers:
        fitted = fit(name, case.builder, data, case.priors, sampler, cache=cache, publish=False)
        if fitted.diagnostics.min_ess_bulk >= RANKED_DRAWS:
            break
    return fitted


def _longer(sampler: Sampler) -> Sampler:
    return replace(sampler, tune=LONGER * sampler.tune, draws=LONGER * sampler.draws)


class _Remembering[Data, Priors]:
    """A builder that keeps the model it built: building takes as long as a tenth of a fit."""

    def __init__(self, builder: Callable[[Data, Priors], pm.Model]) -> None:
        self._builder = builder
        self.built: pm.Model | None = None
        # The key of a fit holds the source of the builder's module: the model's, not this one.
        self.__module__ = module_of(builder) or type(self).__module__

    def __call__(self, data: Data, priors: Priors) -> pm.Model:
        self.built = self._builder(data, priors)
        return self.built


def prior_draws(model: pm.Model, draws: int, seed: int) -> xr.Dataset:
    """Draw all variables of a model from its prior.

    Potentials are left out: here they hold the likelihood.

    Parameters
    ----------
    draws : int
        At least 2.

    Returns
    -------
    xarray.Dataset
        Dims ``replication`` and those of the model.
    """
    variables = [*model.free_RVs, *model.deterministics]
    values = pm.draw(variables, draws=draws, random_seed=seed, mode="FAST_COMPILE")
    dims = {v.name: model.named_vars_to_dims.get(v.name, ()) for v in variables}
    return xr.Dataset(
        {
            variable.name: (("replication", *dims[variable.name]), value)
            for variable, value in zip(variables, values, strict=True)
        }
    )


class LogLikelihood:
    """Log-likelihood of a model as a function of its unobserved variables.

    Parameters
    ----------
    model : pymc.Model
        With its likelihood in observed variables, potentials or both.
    """

    def __init__(self, model: pm.Model) -> None:
        # On the scale of the variables themselves, so that draws can be put in as they are.
        self._model = remove_value_transforms(model)
        terms = [*self._model.observed_RVs, *self._model.potentials]
        # One evaluation takes a fraction of a millisecond in C or Python alike, and compiling for
        # Numba would take longer than all of them.
        total = self._model.logp(vars=terms, jacobian=False)
        self._function = self._model.compile_fn(total, mode="FAST_COMPILE")
        self._inputs = [variable.name for variable in explicit_graph_inputs(total)]

    def set_data(self, other: pm.Model) -> None:
        """Take the data of another model of the same form."""
        for variable in other.data_vars:
            self._model[variable.name].set_value(variable.get_value())

    def __call__(self, draws: xr.Dataset) -> np.ndarray:
        """Return the log-likelihood of every draw.

        Parameters
        ----------
        draws : xarray.Dataset
            Dims ``chain, draw`` and those of the model.

        Returns
        -------
        ndarray, shape (chain * draw,)
        """
        samples = draws.sizes["chain"] * draws.sizes["draw"]
        flat = {}
        for name in self._inputs:
            values = draws[name].transpose("chain", "draw", ...).to_numpy()
            flat[name] = values.reshape(samples, *values.shape[2:])
        points = ({name: values[i] for name, values in flat.items()} for i in range(samples))
        return np.array([float(self._function(point)) for point in points])


def _replication_rows(
    number: int,
    truth: xr.Dataset,
    fitted: Fit,
    quantities: Quantities,
    likelihood: LogLikelihood,
    generator: np.random.Generator,
) -> list[dict[str, float | int | str]]:
    """Rank the truth of every quantity among the thinned draws of one fit."""
    known = truth.expand_dims(["chain", "draw"])
    draws = fitted.thinned(RANKED_DRAWS)
    at_truth = {**quantities(known), LOG_LIKELIHOOD: likelihood(known)}
    at_draws = {**quantities(draws), LOG_LIKELIHOOD: likelihood(draws)}
    return [
        {
            "replication": number,
            "quantity": name,
            "truth": (value := float(np.squeeze(at_truth[name]))),
            "posterior_mean": float(np.mean(at_draws[name])),
            "posterior_sd": float(np.std(at_draws[name])),
            "rank": rank_among(value, at_draws[name], generator),
        }
        for name in at_truth
    ]


def rank_among(truth: float, draws: np.ndarray, generator: np.random.Generator) -> int:
    """Return how many draws lie below a truth; ties are broken at random.

    Returns
    -------
    int
        From 0 to the number of draws.
    """
    ties = int((draws == truth).sum())
    return int((draws < truth).sum() + generator.integers(0, ties + 1))


def _fit_row(number: int, fitted: Fit) -> dict[str, float | int]:
    found = fitted.diagnostics
    return {
        "replication": number,
        "max_rhat": found.max_rhat,
        "min_ess_bulk": found.min_ess_bulk,
        "divergences": found.divergences,
    }
