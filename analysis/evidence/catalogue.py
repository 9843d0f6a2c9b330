"""The single door to the frozen data.

Every table is read through here, so that its bytes are checked against the descriptor before use
and the build can ask which packages a notebook has read.
"""

import difflib
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import settings
from analysis.evidence.errors import EvidenceError

DESCRIPTOR = "datapackage.json"
"""Name of the descriptor in every package folder."""

_NUMPY_TYPES = {"integer": "int64", "number": "float64", "boolean": "bool", "string": "str"}
_NULLABLE_TYPES = {**_NUMPY_TYPES, "integer": "Int64", "boolean": "boolean"}

_reads: dict[str, str] = {}


def packages() -> list[str]:
    """Return the names of all frozen packages: folders under `data/` that hold a descriptor.

    Examples
    --------
    >>> "rand_hie" in packages()
    True
    """
    return sorted(file.parent.name for file in settings.DATA.glob(f"*/{DESCRIPTOR}"))


def resources(package: str) -> list[str]:
    """Return the names of the tables in one package, in the order of its descriptor."""
    return [resource["name"] for resource in descriptor(package)["resources"]]


def descriptor(package: str) -> dict[str, Any]:
    """Return the descriptor of one package: sources, licences, and a unit for every field.

    An unknown package raises EvidenceError, which lists near matches.
    """
    return json.loads(_descriptor_bytes(_folder(package)))


def path(package: str, resource: str) -> Path:
    """Return the path of one frozen table, after its sha256 has been checked.

    Raises
    ------
    EvidenceError
        If a name is unknown, or the file is absent or altered.
    """
    _reads[package] = digest(package)
    return _checked_path(_folder(package), resource)


def table(package: str, resource: str) -> pd.DataFrame:
    """Return a copy of one frozen table, with the dtypes its schema declares.

    Integer and boolean columns become nullable dtypes only where the schema allows missing values.
    A field with `categories` becomes a categorical, ordered when `categoriesOrdered` is true.
    Errors are those of `path`.
    """
    _reads[package] = digest(package)
    return _read_table(_folder(package), resource).copy()


def digest(package: str) -> str:
    """Return a package's fingerprint: sha256 over its descriptor and the bytes of its tables.

    Errors are those of `path`.
    """
    return _digest(_folder(package))


def reads() -> dict[str, str]:
    """Return the packages opened so far in this process, with their digests, sorted by name.

    The build stores this beside each executed notebook, to know what the notebook depends on.
    """
    return dict(sorted(_reads.items()))


def _folder(package: str) -> Path:
    names = packages()
    if package not in names:
        raise EvidenceError(_unknown("data package", package, names))
    return settings.DATA / package


def _unknown(kind: str, name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names
    return f"There is no {kind} named {name!r}. Did you mean one of: {', '.join(near)}?"


@cache
def _descriptor_bytes(folder: Path) -> bytes:
    return (folder / DESCRIPTOR).read_bytes()


@cache
def _digest(folder: Path) -> str:
    fingerprint = hashlib.sha256(_descriptor_bytes(folder))
    for resource in json.loads(_descriptor_bytes(folder))["resources"]:
        fingerprint.update(_checked_path(folder, resource["name"]).read_bytes())
    return fingerprint.hexdigest()


def _resource(folder: Path, name: str) -> dict[str, Any]:
    entries = {entry["name"]: entry for entry in json.loads(_descriptor_bytes(folder))["resources"]}
    if name not in entries:
        raise EvidenceError(_unknown(f"table in {folder.name}", name, list(entries)))
    return entries[name]


@cache
def _checked_path(folder: Path, name: str) -> Path:
    entry = _resource(folder, name)
    file = folder / entry["path"]
    fix = f"Restore the file, or rerun `python data/{folder.name}/derive.py`."
    if not file.exists():
        raise EvidenceError(f"data/{folder.name}/{entry['path']} is missing. {fix}")
    digest_of_file = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    if digest_of_file != entry["hash"]:
        raise EvidenceError(
            f"data/{folder.name}/{entry['path']} has {digest_of_file}, but its descriptor says "
            f"{entry['hash']}: the file was altered. {fix}"
        )
    return file


@cache
def _read_table(folder: Path, name: str) -> pd.DataFrame:
    entry = _resource(folder, name)
    file = _checked_path(folder, name)
    dtypes = {field["name"]: _dtype(field) for field in entry["schema"]["fields"]}
    if entry["format"] == "parquet":
        return pd.read_parquet(file).astype(dtypes)
    # Only an empty cell is missing: a text such as "NA" stays a text.
    return pd.read_csv(file, dtype=dtypes, keep_default_na=False, na_values=[""])


def _dtype(field: dict[str, Any]) -> Any:  # noqa: ANN401  (pandas accepts names and dtype objects)
    if "categories" in field:
        return pd.CategoricalDtype(field["categories"], ordered=field["categoriesOrdered"])
    required = field.get("constraints", {}).get("required", False)
    return (_NUMPY_TYPES if required else _NULLABLE_TYPES)[field["type"]]
