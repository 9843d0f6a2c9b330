"""What a result depends on: the code that was imported, the data that was read, the version.

A published number carries these digests, and the build re-executes a notebook when one of them
has changed.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import grimp

DIGEST_LENGTH = 16
"""Hexadecimal characters kept of a SHA-256: 64 bits, plenty to tell versions apart."""


def digest(content: bytes) -> str:
    """Return the shortened SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


def digest_mapping(parts: Mapping[str, str]) -> str:
    """Return one digest for a mapping of names to digests, whatever its order."""
    return digest(json.dumps(dict(parts), sort_keys=True).encode())


@cache
def _import_graph(package: str) -> grimp.ImportGraph:
    return grimp.build_graph(package, cache_dir=None)


def module_file(folder: Path, module: str) -> Path | None:
    """Return the file that defines a module, or None when there is none.

    Parameters
    ----------
    folder : Path
        Folder that holds the module's top-level package.
    module : str
        Dotted name.

    Returns
    -------
    Path or None
    """
    place = folder.joinpath(*module.split("."))
    return next((f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()), None)


def code_digests(packages: Iterable[str] = ("analysis",)) -> dict[str, str]:
    """Return the digest of every project module this process depends on.

    The modules found in `sys.modules`, and whatever those import anywhere in their text. The
    second part matters: a fit taken from the cache never runs the lazy import that a fresh fit
    would, yet depends on it just the same.

    Parameters
    ----------
    packages : iterable of str
        Top-level packages that count as the project's own.

    Returns
    -------
    dict of str to str
        Module name to digest of its source, sorted by name.
    """
    found: dict[str, str] = {}
    for package in packages:
        if package not in sys.modules:
            continue
        folder = Path(str(sys.modules[package].__file__)).parents[1]
        graph = _import_graph(package)
        loaded = {name for name in sys.modules if name in graph.modules}
        names = loaded.union(*(graph.find_upstream_modules(name) for name in loaded))
        for name in sorted(names):
            file = module_file(folder, name)
            if file is not None:
                found[name] = digest(file.read_bytes())
    return dict(sorted(found.items()))


def data_digests() -> dict[str, str]:
    """Return the digest of every data package this process has read, by package name."""
    catalogue = sys.modules.get("analysis.evidence.catalogue")
    # A notebook that read nothing has not imported the catalogue either.
    return dict(sorted(catalogue.reads().items())) if catalogue is not None else {}


def package_version() -> str:
    """Return the version of this project, as declared in pyproject.toml."""
    return metadata.version("tensuggestions")
