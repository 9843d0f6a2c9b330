"""The synthetic Medicare cells: made again from the raw files, with the traps of those files."""

import gzip
import runpy
from pathlib import Path

import pandas as pd
import pytest

from analysis import settings
from analysis.evidence.catalogue import path
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import write_package
from analysis.population.cell_files import read_cells

FOLDER = settings.DATA / "desynpuf"
SCRIPT = runpy.run_path(str(FOLDER / "derive.py"))
CONDITIONS = [
    "ALZHDMTA",
    "CHF",
    "CHRNKIDN",
    "CNCR",
    "COPD",
    "DEPRESSN",
    "DIABETES",
    "ISCHMCHT",
    "OSTEOPRS",
    "RA_OA",
    "STRKETIA",
]


@pytest.mark.integration
def test_the_cells_are_derived_again(raw_folder, tmp_path):
    folder = raw_folder / "desynpuf_10k"
    if not folder.is_dir():
        pytest.skip("no folder desynpuf_10k beside the raw files")
    made = SCRIPT["derive"](folder)
    for name, file in made.items():
        again, kept = tmp_path / f"{name}.parquet", path("desynpuf", name)
        again.write_bytes(file.content)
        (cells, said), (frozen, stated) = read_cells(again), read_cells(kept)
        pd.testing.assert_frame_equal(cells.table, frozen.table, check_exact=True)
        pd.testing.assert_frame_equal(cells.costs, frozen.costs, check_exact=True)
        # The version is that of the program that made the file.
        assert said | {"version": ""} == stated | {"version": ""}


@pytest.mark.unit
def test_what_is_kept_are_released_cells_of_the_same_people():
    manifests = [read_cells(path("desynpuf", name))[1] for name in SCRIPT["COMMANDS"]]
    assert len({said["source_sha256"] for said in manifests}) == 1
    assert {said["people"] for said in manifests} == {5587}
    assert {said["fewest_people"] for said in manifests} == {10}


# ---- people.sql, on rows made up for this test ---------------------------------------------


def row(person: str, **changes: object) -> dict[str, str]:
    """A row of a beneficiary file: covered all year, well, without payments."""
    months = {f"BENE_{kind}_CVRAGE_TOT_MONS": 12 for kind in ("HI", "SMI")}
    paid = dict.fromkeys(["MEDREIMB_IP", "MEDREIMB_OP", "MEDREIMB_CAR"], "0.00")
    others = {"BENRES_IP": "1000.00", "PPPYMT_IP": "5000.00", "BENE_HMO_CVRAGE_TOT_MONS": 0}
    usual = {
        "DESYNPUF_ID": person,
        "BENE_BIRTH_DT": "19400101",
        "BENE_DEATH_DT": "",
        "BENE_SEX_IDENT_CD": "2",
        "SP_STATE_CODE": "1",
        **months,
        **others,
        **{f"SP_{name}": 2 for name in CONDITIONS},
        **paid,
    }
    return {key: str(value) for key, value in (usual | changes).items()}


@pytest.fixture
def people(tmp_path):
    """Run people.sql on made-up rows, and give the people it makes."""

    def prepared(before: list[dict], later: list[dict], packed: bool = False) -> pd.DataFrame:
        for year, rows in ((2008, before), (2009, later), (2010, later)):
            name = SCRIPT["FILES"].format(year=year) + (".csv.gz" if packed else ".csv")
            opener = gzip.open if packed else open
            with opener(tmp_path / name, "wt", encoding="utf-8") as file:
                pd.DataFrame(rows).to_csv(file, index=False, quoting=2)
        SCRIPT["prepare_people"](tmp_path)
        return pd.read_csv(tmp_path / "people.csv", index_col="person")

    return prepared


@pytest.mark.integration
@pytest.mark.parametrize("packed", [False, True])
def test_cost_is_added_up_and_conditions_are_of_the_year_before(people, packed):
    paid = {"MEDREIMB_IP": "1000.00", "MEDREIMB_OP": "-90.00", "MEDREIMB_CAR": "400.00"}
    found = people(
        [row("A", SP_CHF=1, SP_RA_OA=1, MEDREIMB_CAR="70.00"), row("B", BENE_BIRTH_DT="19831201")],
        [row("A", **paid, SP_CNCR=1), row("B", BENE_BIRTH_DT="19831201", MEDREIMB_OP="-20.00")],
        packed,
    )
    assert found.loc["A"].to_dict() == {
        "age": 68,
        "sex": "female",
        "conditions": 2,
        "prior_cost": 70.0,
        "cost": 1310.0,
    }
    assert found.loc["B", ["age", "conditions", "cost"]].tolist() == [25, 0, 0.0]


@pytest.mark.integration
def test_only_people_covered_all_along_or_until_death_are_kept(people):
    part = {"BENE_SMI_CVRAGE_TOT_MONS": 7}
    dead = {"BENE_DEATH_DT": "20090701"}
    before = [row(name) for name in "ABCDEF"] + [row("G", **part), row("H")]
    later = [
        row("A"),
        row("B", **part),
        row("C", BENE_HMO_CVRAGE_TOT_MONS=1),
        row("D", **part, **dead),
        row("E", BENE_HI_CVRAGE_TOT_MONS=6, **dead),
        row("G"),
        row("F", **dead),
        row("I"),
    ]
    assert sorted(people(before, later).index) == ["A", "D", "F"]


# ---- what is wrong with the folder, or the files -------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(("raw", "says"), [(None, "Name the folder"), ("empty", "is not in the")])
def test_a_folder_without_the_files_is_named(raw, says, tmp_path):
    with pytest.raises(EvidenceError, match=says):
        SCRIPT["derive"](tmp_path if raw else None)


@pytest.mark.unit
def test_a_file_that_says_more_than_its_rows_is_kept_as_it_is(tmp_path):
    kept = SCRIPT["TableFile"]
    frames = {n: kept(pd.read_parquet(path("desynpuf", n)), b"made") for n in SCRIPT["COMMANDS"]}
    write_package(FOLDER, frames, tmp_path)
    assert (tmp_path / "cells.parquet").read_bytes() == b"made"


@pytest.mark.unit
def test_the_tutorial_shows_what_the_script_runs():
    page = Path(settings.ROOT, "notebooks", "your-own-data.md").read_text(encoding="utf-8")
    shown = " ".join(page.replace("\\\n", " ").split())
    for line in SCRIPT["COMMANDS"].values():
        assert f"python -m analysis {line}" in shown
