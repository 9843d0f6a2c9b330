"""What a result depends on: the code that was imported, the data that was read, the version.

A published number carries these digests, and the build re-executes a notebook when one of them
has changed.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module, metadata
from pathlib import Path

import grimp

from analysis.source_code import code_of, module_file, named_modules

DIGEST_LENGTH = 16
"""Hexadecimal characters kept of a SHA-256: 64 bits, plenty to tell versions apart."""


def digest(content: bytes) -> str:
    """Return the shortened SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


def code_digest(file: Path) -> str:
    """Return the digest of a Python file's code: docstrings, comments and layout do not count."""
    return digest(code_of(file.read_text("utf-8")).encode())


def digest_mapping(parts: Mapping[str, str]) -> str:
    """Return one digest for a mapping of names to digests, whatever its order."""
    return digest(json.dumps(dict(parts), sort_keys=True).encode())


def _package_folder(package: str) -> Path:
    """Return the folder that holds a package of the project."""
    return Path(str(import_module(package).__file__)).parents[1]


@cache
def _import_graph(package: str) -> grimp.ImportGraph:
    """The imports of a package, and among them the modules that others name in a string.

    A model that is built by its name (`analysis.inference.builders.Builder`) appears in no import
    statement, yet who names it depends on it.
    """
    graph = grimp.build_graph(package, cache_dir=None)
    folder = _package_folder(package)
    modules = frozenset(graph.modules)
    for importer in modules:
        file = module_file(folder, importer)
        text = file.read_text("utf-8") if file is not None else ""
        if f'"{package}.' in text:
            for imported in named_modules(text) & modules - {importer}:
                graph.add_import(importer=importer, imported=imported)
    return graph


@cache
def _with_upstream(package: str, loaded: frozenset[str]) -> frozenset[str]:
    """Some modules of a package and all that they build on: asked anew for every number."""
    graph = _import_graph(package)
    names = loaded & graph.modules
    return names.union(*(graph.find_upstream_modules(name) for name in names))


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
        Module name to `code_digest` of its file, sorted by name.
    """
    digests: dict[str, str] = {}
    for package in packages:
        if package not in sys.modules:
            continue
        folder = _package_folder(package)
        loaded = frozenset(name for name in sys.modules if name.partition(".")[0] == package)
        for name in sorted(_with_upstream(package, loaded)):
            file = module_file(folder, name)
            if file is not None:
                digests[name] = code_digest(file)
    return dict(sorted(digests.items()))


def code_digest_upstream(module: str) -> str:
    """Return one digest of a module's code and of all of the project's code that it builds on."""
    package = module.partition(".")[0]
    graph = _import_graph(package)
    folder = _package_folder(package)
    files = {
        name: module_file(folder, name) for name in {module, *graph.find_upstream_modules(module)}
    }
    return digest_mapping({name: code_digest(file) for name, file in files.items() if file})


def data_digests() -> dict[str, str]:
    """Return the digest of every data package this process has read, by package name."""
    catalogue = sys.modules.get("analysis.evidence.catalogue")
    # A notebook that read nothing has not imported the catalogue either.
    return dict(sorted(catalogue.reads().items())) if catalogue is not None else {}


def package_version() -> str:
    """Return the version of this project, as declared in pyproject.toml."""
    return metadata.version("tensuggestions")
