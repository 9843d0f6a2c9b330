"""The book's cost model on a user's released cells: fitted, kept, written and read again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from analysis.errors import InputError
from analysis.evidence.large_claims import large_claims
from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import ConvergenceError, Diagnostics
from analysis.inference.digests import digest, key_parts
from analysis.inference.fitting import Sampler
from analysis.inference.sampling_functions import SAMPLER, posterior_draws, sample_part
from analysis.models.hurdle.independent_parts import posterior_parts
from analysis.models.hurdle.model import HurdleData, hurdle_data
from analysis.models.hurdle.partial_pooling import Contrasts, contrasts
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.hurdle.tail_prior import tail_shape_prior
from analysis.population.cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution, cost_distribution

log = logging.getLogger(__name__)

NAME = "own-data"
"""Name of the fit in the cache."""

MOST_CROSSED = 60
"""The first two factors act together if they have at most so many combinations."""

MOST_CELLS = 2_000
"""Cells beyond which a fit would take many minutes and more memory than an ordinary machine has."""


@dataclass(frozen=True)
class OwnFit:
    """A cost model fitted to a user's cells.

    Attributes
    ----------
    cells : RiskCells
        As released.
    manifest : dict
        Of the cells: where they came from and what was done to them.
    crossed : bool
        Whether the first two factors act together, as age and sex do in the book.
    posterior : xarray.Dataset
        Draws of the cell quantities, dims ``chain, draw, cell``, and of ``tail_shape``.
    diagnostics : list of Diagnostics
        One for each part of the posterior.
    """

    cells: RiskCells
    manifest: dict[str, Any]
    crossed: bool
    posterior: xr.Dataset
    diagnostics: list[Diagnostics]

    def costs(self, maximum_multiple: float, draws: int | None = None) -> CostDistribution:
        """Return the distribution of one person's annual cost.

        Parameters
        ----------
        maximum_multiple : float
            Largest possible annual cost of a person, in multiples of the mean.
        draws : int, optional
            At most so many draws, evenly spaced; all by default.

        Returns
        -------
        CostDistribution
            In the currency of the costs.
        """
        whole = self.posterior.sizes["chain"] * self.posterior.sizes["draw"]
        step = -(-whole // (draws or whole))
        chosen = self.posterior.isel(draw=slice(None, None, step))
        return cost_distribution(chosen, self.cells.threshold, self.cells.share, maximum_multiple)


def own_priors() -> HurdlePriors:
    """Return the priors of the book: in multiples of the threshold, so of no currency.

    Returns
    -------
    HurdlePriors
        The tail's shape is informed by the large claims of 1991.
    """
    return HurdlePriors(tail_shape=tail_shape_prior(large_claims()))


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
        `own_priors` by default.
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
    priors = own_priors() if priors is None else priors
    together, crossed = crossed_cells(cells)
    data, design = released_data(together), contrasts_of(together)
    settings = {name: value for name, value in vars(sampler).items() if name != "cores"}
    given = {"data": data, "design": design, "priors": priors, "sampler": settings}
    parts = key_parts(sample_part, **given)
    found = _from_cache(cache or FitCache(), parts)
    if found is None:
        sampled = {}
        for block in posterior_parts(data, design, priors):
            progress(block.name)
            sampled[block.name] = (block, *sample_part(block, NAME, sampler))
        draws = posterior_draws({name: (b, drawn) for name, (b, drawn, _) in sampled.items()})
        found = draws, [diagnosed for _, _, diagnosed in sampled.values()]
        for diagnosed in found[1]:
            _require(diagnosed)
        _to_cache(cache or FitCache(), parts, *found)
    return OwnFit(cells, manifest, crossed, *found)


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


def _from_cache(
    cache: FitCache, parts: dict[str, str]
) -> tuple[xr.Dataset, list[Diagnostics]] | None:
    try:
        with cache.lock(NAME, digest(parts)):
            found = cache.load(NAME, digest(parts))
    except OSError:
        return None
    if found is None:
        return None
    return found[0], [Diagnostics(**one) for one in found[1]["diagnostics"]["parts"]]


def _to_cache(
    cache: FitCache, parts: dict[str, str], draws: xr.Dataset, diagnosed: list[Diagnostics]
) -> None:
    said = {"parts": [one.as_dict() for one in diagnosed]}
    try:
        with cache.lock(NAME, digest(parts)):
            cache.store(
                NAME, digest(parts), draws, {"name": NAME, "parts": parts, "diagnostics": said}
            )
    except OSError as error:
        # The answer is there; keeping it for next time is only a convenience.
        log.warning("the fit could not be kept for next time: %s", error)
