"""Content digests of anything a fit depends on."""

import dataclasses
import hashlib
import importlib.metadata
import platform
from collections.abc import Callable, Collection, Mapping

import numpy as np

from analysis.inference.builders import module_of
from analysis.source_code import code_of, importable_file, named_modules

KEY_PACKAGES = ("pymc", "pytensor", "nutpie", "numba", "numpy", "scipy")
"""Packages whose version can change a draw."""


def _feed(hasher: "hashlib._Hash", value: object) -> None:
    # Every part says its kind and length or ends in a zero byte: otherwise (1, 23) and (12, 3)
    # would feed the same bytes.
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        _feed_array(hasher, value)
    elif isinstance(value, Mapping):
        hasher.update(f"mapping {len(value)}\0".encode())
        for key in sorted(value):
            hasher.update(f"key {key!r}\0".encode())
            _feed(hasher, value[key])
    elif isinstance(value, list | tuple):
        hasher.update(f"sequence {len(value)}\0".encode())
        for item in value:
            _feed(hasher, item)
    elif isinstance(value, str | int | float | bool | None):
        hasher.update(f"{value!r}\0".encode())
    else:
        raise TypeError(f"cannot digest a {type(value).__name__}; give arrays, text or numbers")


def _feed_array(hasher: "hashlib._Hash", value: np.ndarray) -> None:
    # Of an object the bytes of an array hold only the address, which differs by process.
    if value.dtype.hasobject:
        raise TypeError("cannot digest an array of Python objects; give numbers, or a list")
    hasher.update(f"array {value.dtype} {value.shape}\0".encode())
    hasher.update(np.ascontiguousarray(value).tobytes())


def digest(value: object) -> str:
    """Return the SHA-256 of a nested value of dataclasses, mappings, sequences and arrays.

    Raises
    ------
    TypeError
        If something inside has no defined content (an open file, a function, an array of
        objects).
    """
    hasher = hashlib.sha256()
    _feed(hasher, value)
    return hasher.hexdigest()


def sources(*parts: object, rooms: Collection[str] = ()) -> dict[str, str]:
    """Return the code of the modules of some functions and classes, and of those they build on.

    Only modules of the same room are followed: a model's own helpers can change its draws, what
    prepares its data cannot, because the data are digested themselves. Modules are read as text and
    none is imported.

    Parameters
    ----------
    *parts : Builder, function or class
    rooms : collection of str
        Further packages whose modules are followed, such as ``"analysis.risk"``.

    Returns
    -------
    dict of str to str
        Module name to code without docstrings and comments, sorted by name; empty for what has no
        source.
    """
    code: dict[str, str] = {}
    waiting = [module for part in parts if (module := module_of(part))]
    while waiting:
        module = waiting.pop()
        file = importable_file(module)
        if module in code or file is None:
            continue
        text = file.read_text("utf-8")
        code[module] = code_of(text)
        room = ".".join(module.split(".")[:2])
        followed = tuple(f"{name}." for name in (room, *rooms))
        waiting += [name for name in named_modules(text) if name.startswith(followed)]
    return dict(sorted(code.items()))


def package_versions() -> dict[str, str]:
    """Return the versions, of `KEY_PACKAGES` and of Python, that can change a draw."""
    versions = {name: importlib.metadata.version(name) for name in KEY_PACKAGES}
    return {**versions, "python": platform.python_version()}


def key_parts(builder: Callable[..., object], **parts: object) -> dict[str, str]:
    """Return what identifies a fit: the digest of each thing that could change its draws.

    Parameters
    ----------
    builder : Builder or callable
        The model function; the code of its module counts, and of the modules it builds on.
    **parts : object
        Data, priors, sampler settings, seed.

    Returns
    -------
    dict of str to str
        Part name to digest, with ``model source`` and ``package versions``.
    """
    return {
        "model source": digest(sources(builder)),
        "package versions": digest(package_versions()),
        **{name.replace("_", " "): digest(value) for name, value in parts.items()},
    }
