"""Whether an executed notebook still stands: what it depends on, and what has changed since.

A notebook's identity is its own code, the code of every project module its kernel depended on,
every data package it read, the pinned packages, the project's version and seed; docstrings and
comments of modules do not count. Jupyter Book's own cache looks at the text alone, and would
republish old results after a change in `analysis/` or `data/`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis import settings
from analysis.publish.errors import BuildError
from analysis.publish.project import Project
from analysis.publish.sources import code_digest
from analysis.report import provenance
from analysis.source_code import module_file

SIDECAR = "identity.json"
"""File beside an executed notebook that holds what it depended on."""

EXECUTED = "notebook.ipynb"
"""The executed notebook, in its outcome's folder."""

RECORDS = "records"
"""Folder of the numbers it recorded, in its outcome's folder."""


@dataclass(frozen=True)
class Identity:
    """What the outcome of a notebook depends on, as digests."""

    source: str
    lock: str
    version: str
    code: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    # Outcomes from before the seed was noted had the published one.
    seed: int = settings.PUBLISHED_SEED

    def changes(self, now: "Identity") -> list[str]:
        """Return what differs in `now`, in words: empty when the outcome still stands."""
        differences = [
            words
            for words, before, after in (
                ("code cells changed", self.source, now.source),
                ("pinned packages changed", self.lock, now.lock),
                ("version changed", self.version, now.version),
                ("seed changed", self.seed, now.seed),
            )
            if before != after
        ]
        differences += [f"module {name} changed" for name in _differing(self.code, now.code)]
        differences += [f"data package {name} changed" for name in _differing(self.data, now.data)]
        return differences


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [name for name in before if after.get(name) != before[name]]


@dataclass(frozen=True)
class Sidecar:
    """An identity, and how the run went."""

    identity: Identity
    seconds: float
    cells: int

    def to_json(self) -> str:
        """Return the sidecar as JSON text."""
        return json.dumps(asdict(self), sort_keys=True, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Sidecar":
        """Read a sidecar back from `to_json`."""
        fields: dict[str, Any] = json.loads(text)
        return cls(Identity(**fields["identity"]), fields["seconds"], fields["cells"])


def _file_digest(file: Path) -> str:
    return provenance.digest(file.read_bytes()) if file.is_file() else "absent"


def package_digest(package: str) -> str:
    """Return the digest of a data package as it stands now.

    Raises
    ------
    BuildError
        When a file of the package is damaged; the catalogue's message is passed on.
    """
    from analysis.evidence import catalogue

    try:
        return catalogue.digest(package) if package in catalogue.packages() else "absent"
    except ValueError as error:
        raise BuildError(str(error)) from error


def current_identity(
    project: Project,
    notebook: Path,
    code: Iterable[str] = (),
    data: Iterable[str] = (),
    digest_of_package: Callable[[str], str] = package_digest,
) -> Identity:
    """Return the identity of a notebook as the files stand now.

    Parameters
    ----------
    code, data : iterable of str
        Modules and data packages it is known to depend on.
    digest_of_package : callable
        From the name of a data package to its present digest.
    """
    return Identity(
        source=code_digest(notebook),
        lock=_file_digest(project.lock),
        version=provenance.package_version(),
        code={name: _module_digest(project, name) for name in code},
        data={name: digest_of_package(name) for name in data},
        seed=project.seed,
    )


def _module_digest(project: Project, module: str) -> str:
    folder = project.packages.get(module.split(".")[0])
    file = module_file(folder, module) if folder else None
    return provenance.code_digest(file) if file else "absent"


def read_sidecar(outcome: Path) -> Sidecar | None:
    """Return the sidecar of an outcome, or None when there is none that can be read."""
    file = outcome / SIDECAR
    try:
        return Sidecar.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        # Whatever the reason, the remedy is the same: execute the notebook again.
        return None


def reasons_to_execute(project: Project, notebook: Path) -> list[str]:
    """Return why a notebook must be executed, in words: empty when its outcome still stands."""
    outcome = project.executed / notebook.stem
    sidecar = read_sidecar(outcome)
    if sidecar is None or not (outcome / EXECUTED).is_file():
        return ["not executed yet"]
    before = sidecar.identity
    return before.changes(current_identity(project, notebook, before.code, before.data))
