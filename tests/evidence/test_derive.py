"""Every frozen table can be made again, byte for byte, and bad input is refused by name."""

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import settings
from analysis.evidence.catalogue import resources, table
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import csv_bytes, write_atomically, write_package

RAW = {
    "av_2026": "cms_av_2026",
    "claims": "../facts",
    "published": "../facts",
    "england": ".",
    "meps": "meps_2012_2015",
    "mssp": ".",
    "organisations": ".",
    "soa_1991": "soa_large_claims_1991",
    "vektis": "vektis_2015",
}


def run(package: str, *arguments: object) -> subprocess.CompletedProcess:
    script = settings.DATA / package / "derive.py"
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def frozen(package: str) -> dict[str, bytes]:
    kinds = {".csv", ".parquet", ".json"}
    files = (settings.DATA / package).iterdir()
    return {file.name: file.read_bytes() for file in files if file.suffix in kinds}


@pytest.fixture
def derive(monkeypatch):
    """Run a deriving script in this process, and give the files it writes."""

    def run_here(package: str, raw: Path | None, out: Path) -> dict[str, bytes]:
        source = settings.DATA / package
        monkeypatch.syspath_prepend(str(source))
        tables = runpy.run_path(str(source / "derive.py"))["derive"](raw)
        write_package(source, tables, out)
        return {file.name: file.read_bytes() for file in out.iterdir()}

    return run_here


@pytest.mark.integration
@pytest.mark.parametrize("package", sorted(RAW))
def test_tables_are_derived_again_byte_for_byte(package, derive, raw_folder, tmp_path):
    folder = raw_folder / RAW[package]
    if not folder.is_dir():
        pytest.skip(f"no folder {RAW[package]} beside the raw files")
    assert derive(package, folder, tmp_path) == frozen(package)


@pytest.mark.integration
def test_rand_is_derived_again_from_the_installed_package(derive, tmp_path):
    derive("rand_hie", None, tmp_path)
    again = pd.read_parquet(tmp_path / "person_years.parquet")
    # Parquet bytes depend on the Arrow version that wrote them, so the frames are compared.
    again = again.astype(table("rand_hie", "person_years").dtypes)
    pd.testing.assert_frame_equal(again, table("rand_hie", "person_years"), check_exact=True)


@pytest.mark.integration
def test_rand_is_the_same_from_the_raw_file(derive, raw_folder, tmp_path):
    from_package = derive("rand_hie", None, tmp_path / "package")
    assert derive("rand_hie", raw_folder / "rand_hie", tmp_path / "raw") == from_package


@pytest.mark.integration
def test_published_without_raw_files_keeps_the_frozen_figures(derive, tmp_path):
    assert derive("published", None, tmp_path) == frozen("published")


@pytest.mark.unit
@pytest.mark.parametrize("package", sorted([*RAW, "rand_hie"]))
def test_a_folder_without_the_file_is_named(package, derive, tmp_path):
    with pytest.raises(EvidenceError, match="is not in the raw folder"):
        derive(package, tmp_path, tmp_path / "out")


@pytest.mark.unit
@pytest.mark.parametrize("package", ["av_2026", "england", "meps", "mssp", "soa_1991", "vektis"])
def test_a_raw_folder_is_asked_for(package, derive, tmp_path):
    with pytest.raises(EvidenceError, match="Name the folder"):
        derive(package, None, tmp_path / "out")


@pytest.mark.integration
def test_the_command_reports_a_problem_in_one_line(tmp_path):
    done = run("claims", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("derive claims: seed_claims.csv is not in the raw folder")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.integration
def test_the_command_writes_where_it_is_told(tmp_path):
    done = run("published", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "facts.csv").read_bytes() == frozen("published")["facts.csv"]


@pytest.mark.unit
def test_a_missing_column_is_named(derive, tmp_path):
    (tmp_path / "seed_claims.csv").write_text("id,seed_file\nS1,000_addf97e361eb031b.txt\n")
    with pytest.raises(EvidenceError, match=r"seed_claims\.csv has no column suggestion_no"):
        derive("claims", tmp_path, tmp_path / "out")


@pytest.mark.unit
def test_nothing_is_written_when_a_column_does_not_match(tmp_path):
    tables = {name: table("claims", name) for name in resources("claims")}
    tables["claims"] = tables["claims"].rename(columns={"page": "pages"})
    with pytest.raises(EvidenceError, match=r"claims/claims\.csv: the descriptor declares.*pages"):
        write_package(settings.DATA / "claims", tables, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.unit
def test_nothing_is_written_when_a_table_is_missing(tmp_path):
    with pytest.raises(EvidenceError, match="names the tables"):
        write_package(settings.DATA / "mssp", {"cells": table("mssp", "cells")}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.unit
def test_a_failed_rename_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "table.csv"
    write_atomically(file, b"old")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"


@pytest.mark.unit
def test_csv_does_not_depend_on_the_last_digits_of_a_sum():
    nearly = pd.DataFrame({"sum": [0.1 + 0.2, np.nan], "flag": [True, False]})
    exact = pd.DataFrame({"sum": [0.3, np.nan], "flag": [True, False]})
    assert csv_bytes(nearly) == csv_bytes(exact) == b"sum,flag\n0.3,true\n,false\n"


@pytest.mark.unit
@pytest.mark.parametrize("package", sorted([*RAW, "rand_hie"]))
def test_every_package_has_its_script(package):
    assert (settings.DATA / package / "derive.py").is_file()
    assert resources(package)
