"""Fits: kept, trusted only when whole, made again when anything they depend on changed."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import nutpie
import pytest
import xarray as xr

from analysis.inference import fitting
from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import ConvergenceError
from analysis.inference.fitting import Sampler, fit
from analysis.seeds import seed_for
from analysis.settings import ROOT
from tests.inference import toy

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")

pytestmark = pytest.mark.integration

LIGHT = Sampler(chains=2, tune=100, draws=100)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """One fit of the toy model and its folder; tests that damage it work on a copy."""
    folder = tmp_path_factory.mktemp("fits")
    return folder, toy.fit_toy(folder)


@pytest.fixture
def copied(fitted, tmp_path):
    for path in fitted[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def samplings(monkeypatch):
    """Count how often something is sampled."""
    names, sample = [], fitting._sample

    def counted(name, *arguments):
        names.append(name)
        return sample(name, *arguments)

    monkeypatch.setattr(fitting, "_sample", counted)
    return names


def entry(folder, suffix):
    (path,) = folder.glob(f"toy-*.{suffix}")
    return path


def test_the_posterior_is_the_one_of_theory(fitted):
    """Normal mean with known spread 2 and prior normal(0, 10): conjugate."""
    observed = toy.toy_data().observed
    precision = len(observed) / 4 + 1 / 100
    centre = fitted[1].posterior["centre"]
    error = 1 / np.sqrt(precision * 200)
    assert float(centre.mean()) == pytest.approx(observed.sum() / 4 / precision, abs=4 * error)
    assert float(centre.std()) == pytest.approx(1 / np.sqrt(precision), rel=0.15)


def test_a_kept_fit_is_loaded_and_not_sampled_again(fitted, samplings):
    again = toy.fit_toy(fitted[0])
    assert samplings == []
    xr.testing.assert_equal(again.posterior, fitted[1].posterior)
    assert again.diagnostics == fitted[1].diagnostics
    assert again.key == fitted[1].key


def test_the_cache_holds_netcdf_and_json_and_nothing_else(fitted):
    assert {path.suffix for path in fitted[0].iterdir()} <= {".nc", ".json", ".lock"}
    assert entry(fitted[0], "nc").read_bytes()[1:4] == b"HDF"
    json.loads(entry(fitted[0], "json").read_text())


DAMAGE = {
    "draws cut short": lambda f: entry(f, "nc").write_bytes(entry(f, "nc").read_bytes()[:500]),
    "one byte of the draws changed": lambda f: entry(f, "nc").write_bytes(
        bytes([entry(f, "nc").read_bytes()[0] ^ 1]) + entry(f, "nc").read_bytes()[1:]
    ),
    "draws replaced by text": lambda f: entry(f, "nc").write_text("draws"),
    "draws gone": lambda f: entry(f, "nc").unlink(),
    "manifest cut short": lambda f: entry(f, "json").write_text(entry(f, "json").read_text()[:40]),
    "manifest empty": lambda f: entry(f, "json").write_text(""),
    "manifest not text": lambda f: entry(f, "json").write_bytes(b"\xff\xfe\x00"),
    "manifest a list": lambda f: entry(f, "json").write_text("[]"),
    "manifest null": lambda f: entry(f, "json").write_text("null"),
    "manifest without diagnostics": lambda f: entry(f, "json").write_text(
        json.dumps({"parts": {}, "draws_sha256": ""})
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_named_and_made_again(damage, copied, fitted, samplings, caplog):
    DAMAGE[damage](copied)
    with caplog.at_level(logging.WARNING):
        again = toy.fit_toy(copied)
    assert samplings == ["toy"]
    (message,) = [record.getMessage() for record in caplog.records]
    assert entry(copied, "json").stem in message
    assert "damaged" in message
    xr.testing.assert_equal(again.posterior, fitted[1].posterior)
    toy.fit_toy(copied)
    assert samplings == ["toy"], "the repaired entry is kept"


def test_draws_without_a_manifest_do_not_count(copied, fitted, samplings):
    """A process killed between the two files leaves the draws alone: the manifest is last."""
    entry(copied, "json").unlink()
    again = toy.fit_toy(copied)
    assert samplings == ["toy"]
    xr.testing.assert_equal(again.posterior, fitted[1].posterior)


def test_a_failed_write_leaves_no_entry(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", full)
    with pytest.raises(OSError, match="no space"):
        toy.fit_toy(tmp_path, sampler=LIGHT)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".lock"}


class TestKeys:
    def test_what_changed_is_named_and_fitted_anew(self, copied, samplings, caplog):
        with caplog.at_level(logging.INFO):
            toy.fit_toy(copied, shift=1.0)
        assert samplings == ["toy"]
        assert "fitting toy (changed: data)" in caplog.text

    @pytest.mark.parametrize(
        ("change", "part"),
        [
            ({"sampler": replace(toy.SAMPLER, draws=410)}, "sampler"),
            ({"priors": toy.ToyPriors((0.0, 5.0))}, "priors"),
            ({"builder": fit}, "model source"),
        ],
    )
    def test_every_part_counts(self, change, part, fitted):
        cache = FitCache(fitted[0])
        settings = {k: v for k, v in vars(change.get("sampler", toy.SAMPLER)).items()}
        parts = fitting.key_parts(
            change.get("builder", toy.toy_model),
            data=toy.toy_data(),
            priors=change.get("priors", toy.ToyPriors()),
            sampler={k: v for k, v in settings.items() if k != "cores"},
            seed=seed_for("toy"),
        )
        assert cache.changed_parts("toy", parts) == [part]

    def test_the_number_of_cores_is_not_part_of_the_key(self, fitted, samplings):
        toy.fit_toy(fitted[0], sampler=replace(toy.SAMPLER, cores=1))
        assert samplings == []

    def test_a_fit_whose_name_begins_the_same_is_another(self, tmp_path):
        cache = FitCache(tmp_path)
        draws = xr.Dataset({"x": ("draw", [1.0])})
        manifest = {"parts": {"data": "1"}, "diagnostics": {}}
        cache.store("toy-fold-1", "a" * 64, draws, manifest)
        assert cache.changed_parts("toy", {"data": "2"}) == []
        assert cache.changed_parts("toy-fold-1", {"data": "2"}) == ["data"]

    def test_a_dot_in_a_name_does_not_cut_off_the_key(self, tmp_path):
        cache = FitCache(tmp_path)
        for key, value in (("a" * 64, 1.0), ("b" * 64, 2.0)):
            manifest = {"parts": {}, "diagnostics": {}}
            cache.store("limit-1.5", key, xr.Dataset({"x": ("draw", [value])}), manifest)
        assert cache.load("limit-1.5", "a" * 64)[0]["x"].item() == 1.0
        assert cache.load("limit-1.5", "b" * 64)[0]["x"].item() == 2.0
        assert cache.load("limit-1.5", "c" * 64) is None


class TestDraws:
    def test_new_data_in_a_compiled_model_equal_a_fresh_compile(self, tmp_path, fitted):
        reused = toy.fit_toy(tmp_path, shift=1.0)
        model = toy.toy_model(toy.toy_data(1.0), toy.ToyPriors())
        fresh, _ = fitting._sample("toy", model, nutpie.compile_pymc_model(model), toy.SAMPLER)
        xr.testing.assert_equal(reused.posterior, fresh)
        assert float(reused.posterior["centre"].mean()) > float(
            fitted[1].posterior["centre"].mean()
        )

    def test_one_core_gives_the_draws_of_two(self, tmp_path, fitted):
        alone = toy.fit_toy(tmp_path, sampler=replace(toy.SAMPLER, cores=1))
        xr.testing.assert_equal(alone.posterior, fitted[1].posterior)

    def test_another_name_gives_other_draws(self, tmp_path, fitted):
        other = toy.fit_toy(tmp_path, name="other")
        assert toy.draws_digest(other) != toy.draws_digest(fitted[1])

    def test_thinning_keeps_chains_apart_and_at_most_the_number_asked_for(self, fitted):
        thinned = fitted[1].thinned(150)
        assert thinned.sizes["chain"] == 2
        assert thinned.sizes["chain"] * thinned.sizes["draw"] <= 150
        assert fitted[1].thinned(10_000).sizes == fitted[1].posterior.sizes

    def test_a_fit_that_misses_a_limit_is_sampled_longer(self, tmp_path, samplings):
        """380 draws of one parameter are worth less than 400; more of them are enough."""
        short = replace(LIGHT, draws=190)
        found = publish(tmp_path, short)
        assert len(samplings) > 1
        assert found.diagnostics.misses() == []
        assert found.diagnostics.draws > 380
        assert dict(found.posterior.sizes) == {"chain": 2, "draw": 190}, "as many as asked for"
        publish(tmp_path, short)
        assert len(samplings) <= 3, "the sound fit is kept"

    def test_too_few_draws_may_not_be_published(self, tmp_path, samplings):
        hopeless = replace(LIGHT, draws=10)
        for times in (3, 6):
            with pytest.raises(ConvergenceError, match="fit toy must not be published"):
                publish(tmp_path, hopeless)
            assert samplings == ["toy"] * times, "a fit from the cache meets the same limits"

    def test_a_fit_kept_for_tests_is_made_again_to_be_published(self, tmp_path, samplings):
        short = replace(LIGHT, draws=190)
        assert toy.fit_toy(tmp_path, sampler=short).diagnostics.misses()
        assert publish(tmp_path, short).diagnostics.misses() == []
        assert len(samplings) > 2


def publish(folder, sampler):
    return fit(
        "toy", toy.toy_model, toy.toy_data(), toy.ToyPriors(), sampler, cache=FitCache(folder)
    )


def in_two_processes(folder):
    """Fit the toy model in two processes at once, with other hash seeds and more threads."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.inference.toy", str(folder)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed} | dict.fromkeys(THREADS, seed),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in ("2", "3")
    ]
    results = [process.communicate(timeout=180) for process in running]
    assert [process.returncode for process in running] == [0, 0], results
    return [out.split() for out, _ in results]


def test_of_two_processes_one_samples_the_other_waits_and_both_agree_with_this_one(
    tmp_path, fitted
):
    """Key and every byte of every draw, whatever Python's hash seed and the number of threads."""
    told = in_two_processes(tmp_path)
    expected = [fitted[1].key, toy.draws_digest(fitted[1])]
    assert [one[:2] for one in told] == [expected, expected]
    assert sorted(one[2] for one in told) == ["loaded", "sampled"]
