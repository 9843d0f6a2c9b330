"""Draws from a posterior that is given as a plain function, with the book's own sampler.

The vector is first moved to the mode and scaled by the curvature there, so that the sampler meets
a density that is nearly a standard normal. That changes no draw's distribution: an affine map has
a constant Jacobian.
"""

from collections.abc import Callable, Mapping

import numpy as np
import nutpie
import xarray as xr
from nutpie.compiled_pyfunc import from_pyfunc
from nutpie.sample import CompiledModel

from analysis.inference.diagnostics import Diagnostics, diagnose
from analysis.inference.fitting import Sampler
from analysis.inference.whitening import Whitening, whitening_of
from analysis.models.hurdle.independent_parts import PosteriorPart
from analysis.seeds import seed_for

SAMPLER = Sampler(tune=250, draws=900)
"""A short warm-up: in its own frame the posterior is nearly a standard normal."""


def sample_part(
    block: PosteriorPart, name: str, sampler: Sampler = SAMPLER
) -> tuple[np.ndarray, Diagnostics]:
    """Draw from one part of the posterior, again and longer if it misses a limit of convergence.

    Parameters
    ----------
    block : Block
    name : str
        Of the fit: its seed comes from it and from the name of the part.
    sampler : Sampler

    Returns
    -------
    draws : ndarray, shape (chain, draw, size)
        Unconstrained vectors.
    diagnostics : Diagnostics
    """
    frame, whole = whitening_of(block), f"{name}-{block.name}"
    for settings, longer in sampler.attempts():
        found, diagnostics = _sampled(block, frame, whole, settings)
        kept = found[:, ::longer]
        if not diagnostics.misses():
            break
    return kept, diagnostics


def _sampled(
    block: PosteriorPart, frame: Whitening, name: str, sampler: Sampler
) -> tuple[np.ndarray, Diagnostics]:
    draws = nutpie.sample(
        _compiled(block, frame),
        draws=sampler.draws,
        tune=sampler.tune,
        chains=sampler.chains,
        cores=1,  # Python functions share one lock
        seed=seed_for(name),
        target_accept=sampler.target_accept,
        save_warmup=False,
        progress_bar=False,
    )
    diagnostics = diagnose(name, draws, ["position"])
    positions = draws["posterior"]["position"].transpose("chain", "draw", ...).to_numpy()
    return frame.middle + positions @ frame.root.T, diagnostics


def _compiled(block: PosteriorPart, frame: Whitening) -> CompiledModel:
    def density(position: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = block.log_density(frame.middle + frame.root @ position)
        return value, slope @ frame.root

    def make_density() -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        return density

    def make_expand(*_: object) -> Callable[[np.ndarray], Mapping[str, np.ndarray]]:
        return lambda position: {"position": position.copy()}

    return from_pyfunc(
        block.size,
        make_density,
        make_expand,
        [np.dtype(np.float64)],
        [(block.size,)],
        ["position"],
        dims={"position": ("element",)},
        coords={"element": np.arange(block.size)},
    )


def posterior_draws(parts: Mapping[str, tuple[PosteriorPart, np.ndarray]]) -> xr.Dataset:
    """Return the draws of all parts together, as the measures of risk read them.

    Parameters
    ----------
    parts : mapping of str to (Block, ndarray of shape (chain, draw, size))
        By the name of the part. They are independent, so draws may be put side by side.

    Returns
    -------
    xarray.Dataset
        Cell quantities with dims ``chain, draw, cell``, and ``tail_shape``.
    """
    found: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    for block, draws in parts.values():
        values = np.array([[block.by_cell(v) for v in chain] for chain in draws])
        for index, quantity in enumerate(block.quantities):
            found[quantity] = (("chain", "draw", "cell"), values[:, :, index])
    block, draws = parts["tail"]
    shapes = np.array([[block.shape(v) for v in chain] for chain in draws])
    return xr.Dataset(found | {"tail_shape": (("chain", "draw"), shapes)})
