"""Draws from a posterior that is given as a plain function, with the book's own sampler.

The vector is first moved to the mode and scaled by the curvature there, so that the sampler meets
a density that is nearly a standard normal. That changes no draw's distribution: an affine map has
a constant Jacobian.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis.inference.diagnostics import Diagnostics, diagnose
from analysis.inference.fitting import Sampler
from analysis.inference.whitening import Whitening, whitening_of
from analysis.models.hurdle.independent_parts import PosteriorPart
from analysis.seeds import seed_for

if TYPE_CHECKING:
    from nutpie.sample import CompiledModel


def sample_part(
    block: PosteriorPart, name: str, sampler: Sampler
) -> tuple[np.ndarray, Diagnostics]:
    """Draw from one part of the posterior, again and longer if it misses a limit of convergence.

    Parameters
    ----------
    name : str
        Of the fit: its seed comes from it and from the name of the part.

    Returns
    -------
    draws : ndarray, shape (chain, draw, size)
        Unconstrained vectors.
    diagnostics : Diagnostics
    """
    frame, full_name = whitening_of(block), f"{name}-{block.name}"
    for settings, longer in sampler.attempts():
        draws, diagnostics = _sampled(block, frame, full_name, settings)
        thinned = draws[:, ::longer]
        if not diagnostics.misses():
            break
    return thinned, diagnostics


def _sampled(
    block: PosteriorPart, frame: Whitening, name: str, sampler: Sampler
) -> tuple[np.ndarray, Diagnostics]:
    import nutpie

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


def _compiled(block: PosteriorPart, frame: Whitening) -> "CompiledModel":
    from nutpie.compiled_pyfunc import from_pyfunc

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
    parts : mapping of str to (PosteriorPart, ndarray of shape (chain, draw, size))
        By the name of the part. They are independent, so draws may be put side by side.

    Returns
    -------
    xarray.Dataset
        Cell quantities with dims ``chain, draw, cell``, and ``tail_shape``.
    """
    quantities: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    for block, draws in parts.values():
        values = np.array([[block.by_cell(v) for v in chain] for chain in draws])
        for index, quantity in enumerate(block.quantities):
            quantities[quantity] = (("chain", "draw", "cell"), values[:, :, index])
    block, draws = parts["tail"]
    shapes = np.array([[block.shape(v) for v in chain] for chain in draws])
    return xr.Dataset(quantities | {"tail_shape": (("chain", "draw"), shapes)})
