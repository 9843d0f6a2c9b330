"""The single door: names, bytes, dtypes and the record of what was read."""

import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analysis import settings
from analysis.evidence.catalogue import digest, path, reads, table
from analysis.evidence.errors import EvidenceError


@pytest.fixture
def copy_of_claims(tmp_path, monkeypatch):
    """A data folder that holds only a copy of one package."""
    shutil.copytree(settings.DATA / "claims", tmp_path / "claims")
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return tmp_path / "claims"


@pytest.mark.unit
def test_unknown_package_lists_near_matches():
    with pytest.raises(EvidenceError, match=r"no data package named 'rand_hei'.*rand_hie"):
        table("rand_hei", "person_years")


@pytest.mark.unit
def test_unknown_table_lists_near_matches():
    with pytest.raises(EvidenceError, match=r"no table in rand_hie named 'person'.*person_years"):
        path("rand_hie", "person")


@pytest.mark.unit
def test_altered_table_is_refused_with_the_fix(copy_of_claims):
    file = copy_of_claims / "claims.csv"
    file.write_bytes(file.read_bytes() + b"S999,x,y,,z,1,,,,\n")
    with pytest.raises(EvidenceError, match=r"claims/claims\.csv has sha256.*altered.*derive\.py"):
        table("claims", "claims")


@pytest.mark.unit
def test_missing_table_is_refused_with_the_fix(copy_of_claims):
    (copy_of_claims / "claims.csv").unlink()
    with pytest.raises(EvidenceError, match=r"claims\.csv is missing.*derive\.py"):
        digest("claims")


@pytest.mark.unit
def test_digest_changes_with_the_descriptor(copy_of_claims, monkeypatch):
    changed = json.loads((copy_of_claims / "datapackage.json").read_text())
    changed["title"] = "Another title"
    (copy_of_claims / "datapackage.json").write_text(json.dumps(changed))
    here = digest("claims")
    monkeypatch.undo()
    assert here != digest("claims")


@pytest.mark.unit
def test_a_caller_cannot_change_the_next_callers_table():
    mine = table("claims", "claims")
    mine.loc[:, "claim"] = "changed"
    assert table("claims", "claims")["claim"].ne("changed").all()


@pytest.mark.unit
def test_dtypes_follow_the_schema():
    claims = table("claims", "claims").dtypes
    assert str(claims["suggestion"]) == "Int64"
    assert str(claims["value"]) == "float64"
    people = table("rand_hie", "person_years").dtypes
    assert str(people["female"]) == "bool"
    assert str(people["person"]) == "int64"
    assert isinstance(people["self_rated_health"], pd.CategoricalDtype)
    assert people["self_rated_health"].ordered


@pytest.mark.integration
def test_reads_names_exactly_what_a_process_opened():
    code = (
        "from analysis.evidence import catalogue as e; e.digest('mssp'); assert e.reads() == {};"
        "e.table('claims', 'claims'); e.path('soa_1991', 'exceedances'); print(*e.reads())"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=settings.ROOT)
    assert done.stdout.split() == ["claims", "soa_1991"]


@pytest.mark.unit
def test_reads_gives_the_digest():
    table("claims", "claims")
    assert reads()["claims"] == digest("claims")
