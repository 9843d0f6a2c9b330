"""A cache that cannot be written costs time and nothing else; a full disk is an error."""

import errno
import logging
import os
import subprocess
import sys

import pytest
import xarray as xr

from analysis.inference.cache import FitCache
from analysis.settings import ROOT
from tests.inference import toy

pytestmark = pytest.mark.integration


class ReadOnly(FitCache):
    """A cache on a read-only file system: what Python asks of it fails as the system would fail."""

    def _path(self, name, key, suffix):
        path = super()._path(name, key, suffix)
        if suffix.startswith("partial"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fits")
    return folder, toy.fit_toy(folder)


@pytest.fixture
def locks_refused(monkeypatch):
    """Refuse every lock file, as a read-only folder does; chmod would not bind root."""

    def refuse(self, *_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), self.lock_file)

    monkeypatch.setattr("analysis.inference.cache.FileLock.acquire", refuse)


def fit_in(cache):
    from analysis.inference.fitting import fit

    return fit(
        "toy", toy.toy_model, toy.toy_data(), toy.ToyPriors(), toy.SAMPLER,
        cache=cache, publish=False,
    )  # fmt: skip


def test_a_read_only_cache_is_read(fitted, locks_refused, monkeypatch):
    folder, before = fitted
    monkeypatch.setattr("analysis.inference.fitting._sample", None)
    xr.testing.assert_equal(fit_in(ReadOnly(folder)).posterior, before.posterior)


def test_what_a_read_only_cache_lacks_is_sampled_and_not_kept(
    fitted, tmp_path, locks_refused, caplog
):
    with caplog.at_level(logging.WARNING):
        again = fit_in(ReadOnly(tmp_path))
    xr.testing.assert_equal(again.posterior, fitted[1].posterior)
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith("fit toy is not kept: the cache is read-only")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_cache_is_an_error(tmp_path):
    place = tmp_path / "fits"
    place.write_text("not a folder")
    with pytest.raises(FileExistsError, match="fits"), FitCache(place).lock("toy", "a" * 64):
        pass
    assert place.read_text() == "not a folder"


FULL = """
import resource, signal, sys
from pathlib import Path
from analysis.inference.cache import FitCache
from tests.faults.scenarios import DRAWS, KEY
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    FitCache(Path(sys.argv[1])).store("toy", KEY, DRAWS, {"parts": {}, "diagnostics": {}})
except OSError as error:
    print(type(error).__name__)
"""


def test_a_disk_that_ends_in_the_middle_of_the_draws(tmp_path):
    """The limit is the system's own; the HDF5 library would crash at it."""
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "OSError", run.stderr
    assert list(tmp_path.iterdir()) == []
