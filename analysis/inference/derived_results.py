"""Dear results that follow from fits and data without chance, kept in the store of fits."""

from collections.abc import Callable, Collection, Mapping

import xarray as xr

from analysis.inference.cache import FitCache
from analysis.inference.digests import digest, package_versions, sources


def derived_result(
    name: str,
    function: Callable[..., object],
    inputs: Mapping[str, object],
    make: Callable[[], xr.Dataset],
    *,
    rooms: Collection[str] = ("analysis.risk", "analysis.population"),
    cache: FitCache | None = None,
) -> xr.Dataset:
    """Return a result from the store, or make it and keep it there.

    Parameters
    ----------
    name : str
        Of the entry in the store.
    function : callable
        What computes the result: the code of its module counts, and of what that builds on in its
        own room and in `rooms`.
    inputs : mapping of str to object
        Everything else that the result follows from, draws of fits among it; each is digested.
    make : callable
        Called when the store has no such result.
    cache : FitCache, optional
        By default the one in the build folder.
    """
    cache = cache or FitCache()
    parts = {
        "code": digest(sources(function, rooms=rooms)),
        "package versions": digest(package_versions()),
        **{part: digest(value) for part, value in inputs.items()},
    }
    key = digest(parts)
    with cache.lock(name, key):
        entry = cache.load(name, key)
        if entry is not None:
            return entry[0]
        result = make()
        # A result has no convergence of its own: that of its fits was judged with them.
        cache.store(name, key, result, {"name": name, "parts": parts, "diagnostics": {}})
        return result
