"""The content-addressed cache of fits: NetCDF and JSON, never pickle.

An entry is two files named by the fit and the digest of everything that could change it: draws
(`.nc`) and a manifest (`.json`) with the parts of the key, the diagnostics and the SHA-256 of the
draws. The manifest is written last, so an entry without one was cut short and does not count.
"""

import errno
import glob
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import xarray as xr
from filelock import FileLock

from analysis.settings import BUILD

log = logging.getLogger(__name__)

KEY_DIGITS = 16
"""Hexadecimal digits of the key in a file name: 64 bits."""

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
"""How the system says that a folder cannot be written."""


class FitCache:
    """A folder of fits.

    Parameters
    ----------
    folder : Path, optional
        Where entries live; by default ``cache/fits`` in the build folder.

    Attributes
    ----------
    stored : list of str
        Names of the entries that this process has written, in order.
    """

    stored: ClassVar[list[str]] = []

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder) if folder else BUILD / "cache" / "fits"

    @contextmanager
    def lock(self, name: str, key: str) -> Iterator[None]:
        """Hold the lock of one entry: of two processes that need a fit, one samples it.

        In a folder that cannot be written nothing is locked: what is there is used, what is not
        there is sampled and not kept.

        Parameters
        ----------
        key : str
            Digest of everything that the entry depends on.
        """
        lock = FileLock(self._path(name, key, "lock"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            if error.errno not in READ_ONLY:
                raise
        try:
            yield
        finally:
            lock.release()

    def load(self, name: str, key: str) -> tuple[xr.Dataset, dict] | None:
        """Return draws and manifest of an entry, or None if there is none that can be trusted.

        An entry whose bytes do not match its manifest is named in a warning and removed.
        """
        manifest_path, draws_path = self._path(name, key, "json"), self._path(name, key, "nc")
        if not manifest_path.exists():
            return None
        try:
            manifest = _manifest(manifest_path)
            content = draws_path.read_bytes()
            if hashlib.sha256(content).hexdigest() != manifest["draws_sha256"]:
                raise ValueError("the draws do not match their digest")
            with xr.open_dataset(draws_path, engine="h5netcdf") as stored:
                return stored.load(), manifest
        except (OSError, ValueError, KeyError) as error:
            log.warning(
                "cache entry %s is damaged (%s); it is made again", manifest_path.stem, error
            )
            with suppress(OSError):  # where nothing can be written, it is passed over
                manifest_path.unlink(missing_ok=True)
                draws_path.unlink(missing_ok=True)
            return None

    def store(self, name: str, key: str, draws: xr.Dataset, manifest: Mapping) -> None:
        """Write an entry; whoever looks sees all of it or nothing.

        A folder that cannot be written is told in a warning: the draws are at hand all the same.

        Parameters
        ----------
        manifest : mapping
            With ``name``, ``parts`` and ``diagnostics``; what JSON can hold.
        """
        try:
            self._store(name, key, draws, manifest)
        except OSError as error:
            if error.errno not in READ_ONLY:
                raise
            log.warning("fit %s is not kept: the cache is read-only (%s)", name, error.strerror)

    def _store(self, name: str, key: str, draws: xr.Dataset, manifest: Mapping) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # A process that was killed while it wrote this entry; the lock says that none writes now.
        for left in self.folder.glob(f"{glob.escape(self._stem(name, key))}.partial-*"):
            left.unlink(missing_ok=True)
        # In memory first: the HDF5 library ends the process when a disk is full.
        content = draws.to_netcdf(None, engine="h5netcdf")
        sha256 = hashlib.sha256(content).hexdigest()
        partial = self._path(name, key, f"partial-{os.getpid()}")
        try:
            partial.write_bytes(content)
            partial.replace(self._path(name, key, "nc"))
            text = json.dumps({**manifest, "draws_sha256": sha256}, indent=1, sort_keys=True)
            partial.write_text(text + "\n", "utf-8")
            partial.replace(self._path(name, key, "json"))
            self.stored.append(name)
        finally:
            partial.unlink(missing_ok=True)

    def changed_parts(self, name: str, parts: Mapping[str, str]) -> list[str]:
        """Return which parts of the key differ from the newest entry of the same name.

        Parameters
        ----------
        parts : mapping of str to str
            See `analysis.inference.digests.key_parts`.
        """
        # Exactly the digits of a key: fits whose names begin with this one are others.
        manifests = self.folder.glob(f"{glob.escape(name)}-{'[0-9a-f]' * KEY_DIGITS}.json")
        entries = sorted(manifests, key=lambda path: path.stat().st_mtime)
        if not entries:
            return []
        try:
            previous = _manifest(entries[-1])["parts"]
        except (OSError, ValueError, KeyError):
            return []
        return [part for part, value in parts.items() if previous.get(part) != value]

    def _path(self, name: str, key: str, suffix: str) -> Path:
        # Not with_suffix(), which would cut the key off a name with a dot in it.
        return self.folder / f"{self._stem(name, key)}.{suffix}"

    @staticmethod
    def _stem(name: str, key: str) -> str:
        return f"{name}-{key[:KEY_DIGITS]}"


def _manifest(path: Path) -> dict:
    """Read a manifest; anything but a mapping that says what the fit was is a ValueError."""
    manifest = json.loads(path.read_text("utf-8"))
    if not isinstance(manifest, dict) or {"parts", "diagnostics"} - manifest.keys():
        raise ValueError("the manifest does not describe a fit")
    return manifest
