"""The book's cost model on a user's released cells: fitted, kept, written and read again."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from analysis.errors import InputError
from analysis.fits.rand_costs import rand_priors
from analysis.inference.builders import Builder
from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import ConvergenceError, Diagnostics
from analysis.inference.digests import digest, key_parts, sources
from analysis.inference.fitting import Sampler
from analysis.models.contrasts import Contrasts, contrasts
from analysis.models.hurdle.data import HurdleData, hurdle_data
from analysis.models.hurdle.priors import HurdlePriors
from analysis.own.people.own_fit import OwnFit
from analysis.population.risk_cells import RiskCells

log = logging.getLogger(__name__)

NAME = "own-data"
"""Name of the fit in the cache."""

MOST_CROSSED = 60
"""The first two factors act together if they have at most so many combinations."""

MOST_CELLS = 2_000
"""Cells beyond which a fit would take many minutes and more memory than an ordinary machine has."""


SAMPLER = Sampler(tune=250, draws=900)
"""A short warm-up: in its own frame the posterior is nearly a standard normal."""

_SAMPLING = Builder("analysis.inference.sampling_functions", "sample_part")
_DENSITIES = Builder("analysis.models.hurdle.independent_parts", "posterior_parts")

type Sampled = tuple[xr.Dataset, list[Diagnostics]]
"""Draws of the cell quantities, and the diagnostics of each part of the posterior."""


def fit_cells(
    cells: RiskCells,
    manifest: dict[str, Any],
    *,
    priors: HurdlePriors | None = None,
    sampler: Sampler = SAMPLER,
    cache: FitCache | None = None,
    progress: Callable[[str], None] = lambda part: None,
) -> OwnFit:
    """Fit the hurdle model of the book to released cells, or load the same fit from the cache.

    The model, priors and sampler are those of `analysis.models.hurdle.model` and
    `analysis.inference`; the posterior is sampled in its four independent parts
    (`analysis.models.hurdle.independent_parts`).

    Parameters
    ----------
    manifest : dict
        From `analysis.population.cell_files.read_cells`.
    priors : HurdlePriors, optional
        The book's by default: in multiples of the threshold, so of no currency.
    cache : FitCache, optional
        By default the one in the build folder; where it cannot be written, none.
    progress : callable
        Told the name of the part that is being sampled.

    Raises
    ------
    InputError
        If there are too many cells, or nobody has a cost.
    ConvergenceError
        If a part misses a limit of convergence however long it is sampled.
    """
    _check(cells)
    priors, cache = priors or rand_priors(), cache or FitCache()
    together, crossed = crossed_cells(cells)
    data, design = released_data(together), contrasts_of(together)
    settings = {name: value for name, value in vars(sampler).items() if name != "cores"}
    parts = key_parts(
        _SAMPLING,
        densities=sources(_DENSITIES),
        data=data,
        design=design,
        priors=priors,
        sampler=settings,
    )
    sampled = _from_cache(cache, parts)
    if sampled is None:
        sampled = _sampled(data, design, priors, sampler, progress)
        _to_cache(cache, parts, *sampled)
    return OwnFit(cells, manifest, crossed, *sampled)


def _sampled(
    data: HurdleData,
    design: Contrasts,
    priors: HurdlePriors,
    sampler: Sampler,
    progress: Callable[[str], None],
) -> Sampled:
    # Only here: a fit that is read again needs no sampler, and those take seconds to import.
    from analysis.inference.sampling_functions import posterior_draws, sample_part
    from analysis.models.hurdle.independent_parts import posterior_parts

    drawn, diagnostics = {}, []
    for part in posterior_parts(data, design, priors):
        progress(part.name)
        vectors, diagnosed = sample_part(part, NAME, sampler)
        _require(diagnosed)
        drawn[part.name] = part, vectors
        diagnostics.append(diagnosed)
    return posterior_draws(drawn), diagnostics


def _check(cells: RiskCells) -> None:
    if len(cells.table) > MOST_CELLS:
        raise InputError(
            f"{len(cells.table):,} cells are more than the {MOST_CELLS:,} that can be fitted; make "
            "cells with fewer factors or wider groups"
        )
    if not cells.table["n_positive"].sum():
        raise InputError("nobody in these cells has a cost; there is nothing to fit")


def _require(diagnosed: Diagnostics) -> None:
    misses = diagnosed.misses()
    if misses:
        raise ConvergenceError(
            f"the model does not settle on these cells ({diagnosed.fit}: {'; '.join(misses)}); "
            "make cells with fewer factors or wider groups"
        )


def crossed_cells(cells: RiskCells) -> tuple[RiskCells, bool]:
    """Put the first two factors together, as the book does with age and sex, if few enough.

    Returns
    -------
    cells : RiskCells
    crossed : bool
        Whether they were put together.
    """
    if len(cells.factors) < 2:
        return cells, False
    first, second, *others = cells.factors
    both = cells.table[first].astype(str) + " · " + cells.table[second].astype(str)
    if both.nunique() > MOST_CROSSED:
        return cells, False
    name = f"{first} · {second}"
    table = cells.table.assign(**{name: both})
    return replace(cells, table=table, factors=(name, *others)), True


def contrasts_of(cells: RiskCells) -> Contrasts:
    """Return the contrasts of the factors that have levels to contrast.

    Parameters
    ----------
    cells : RiskCells
        From `crossed_cells`.
    """
    data = hurdle_data(cells)
    several = {name: levels for name, levels in data.level_names.items() if len(levels) > 1}
    if not several:
        nothing = np.zeros((0, 0))
        return Contrasts(np.zeros((len(data.n), 0)), nothing, np.zeros(0, bool))
    return contrasts({name: data.levels[name] for name in several}, several, data.n)


def released_data(cells: RiskCells) -> HurdleData:
    """Return what the model needs of cells whose tail bins may have been joined.

    Returns
    -------
    HurdleData
        Each entry of the tail ends where its bin does, beyond the bins that joined it.
    """
    data = hurdle_data(cells)
    cell, bin_ = np.nonzero(cells.tail_counts)
    upper = data.tail_upper.copy()
    # A finite end stands for none: beyond it lies nothing.
    upper[: len(cell)] = np.minimum(cells.tail_upper()[cell, bin_] / cells.threshold - 1, 1e30)
    return replace(data, tail_upper=upper)


def _from_cache(cache: FitCache, parts: Mapping[str, str]) -> Sampled | None:
    try:
        with cache.lock(NAME, digest(parts)):
            entry = cache.load(NAME, digest(parts))
    except OSError:
        return None
    if entry is None:
        return None
    draws, record = entry
    return draws, [Diagnostics(**fields) for fields in record["diagnostics"]["parts"]]


def _to_cache(
    cache: FitCache, parts: Mapping[str, str], draws: xr.Dataset, diagnostics: list[Diagnostics]
) -> None:
    by_part = {"parts": [diagnosed.as_dict() for diagnosed in diagnostics]}
    record = {"name": NAME, "parts": dict(parts), "diagnostics": by_part}
    try:
        with cache.lock(NAME, digest(parts)):
            cache.store(NAME, digest(parts), draws, record)
    except OSError as error:
        # The answer is there; keeping it for next time is only a convenience.
        log.warning("the fit could not be kept for next time: %s", error)
