"""From a generated set of claims to people, and to what commands on cells make of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.own.claims.example import YEARS
from analysis.own.people.from_people import cells_of_people

pytestmark = pytest.mark.integration

PEOPLE = 3000
CASES = Path(__file__).parents[3] / "shared" / "cases"


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def insurer(tmp_path_factory):
    """The folder of generated tables, what is true of them, and both files of people."""
    folder = tmp_path_factory.mktemp("insurer")
    truth = json.loads(
        run("example", folder, "--kind", "claims", "--people", PEOPLE, "--json").stdout
    )
    said = []
    for name, more in (("both", ()), ("one", ("--year", YEARS[1]))):
        result = run(
            "people", folder / "claims.csv", "--members", folder / "members.csv", "--cover",
            folder / "months.csv", *more, "--out", folder / f"{name}.parquet", "--json",
        )  # fmt: skip
        assert (result.exit_code, result.stderr) == (0, "")
        said.append(json.loads(result.stdout))
    return folder, truth, said


def test_people_of_generated_claims_are_those_that_were_generated(insurer):
    folder, truth, (said, _) = insurer
    assert said["lines"] == truth["lines"]
    assert {row["year"] for row in said["years"]} == set(YEARS)
    for row in said["years"]:
        assert row["people"] == truth[f"people_{row['year']}"]
        assert row["member_years"] == pytest.approx(truth[f"member_years_{row['year']}"])
        assert row["cost"] == truth[f"cost_{row['year']}"]
    left = sum(reason["money"] for reason in said["left_out"].values())
    assert said["money"] == pytest.approx(left + said["cost"])
    people = pd.read_parquet(folder / "both.parquet")
    assert people["cost"].sum() == pytest.approx(said["cost"])
    assert not people.duplicated(["person", "year"]).any()
    assert people["exposure"].between(0, 1, inclusive="right").all()


def test_people_of_one_year_become_cells_by_the_rules_of_release(insurer):
    folder, truth, _ = insurer
    cells, manifest = cells_of_people(folder / "one.parquet")
    assert (manifest["by"], manifest["exposure"]) == (["age", "sex"], "exposure")
    assert cells.people == truth[f"people_{YEARS[1]}"]
    assert cells.table["n"].min() >= manifest["fewest_people"]


def test_weights_of_a_survey_count_in_its_cells(insurer, tmp_path):
    """One row in two stands for three people, the others for one: Kish's effect is 1.25."""
    folder, *_ = insurer
    people = pq.read_table(folder / "one.parquet")
    weights = np.where(np.arange(len(people)) % 2, 3.0, 1.0)
    survey = people.append_column("weight", pa.array(weights))
    pq.write_table(survey, tmp_path / "survey.parquet")
    cells, manifest = cells_of_people(tmp_path / "survey.parquet")
    assert manifest["weight"] == "weight"
    assert cells.table["n"].sum() == pytest.approx(weights.sum())
    assert manifest["weight_effect"] == pytest.approx(1.25, abs=0.01)


def test_several_years_make_no_report(insurer):
    folder, *_ = insurer
    result = run("report", folder / "both.parquet", "--out", folder / "report.html")
    assert result.exit_code == 1
    assert "has the years 2023, 2024, in which the same people count again" in result.stderr
    assert not (folder / "report.html").exists()


def test_words_tell_what_became_of_every_line(insurer):
    folder, truth, _ = insurer
    result = run(
        "people", folder / "claims.csv", "--members", folder / "members.csv", "--conditions",
        folder / "conditions.csv", "--year", YEARS[1], "--out", folder / "words.csv",
    )  # fmt: skip
    assert f"In: {truth['lines']:,.0f} lines" in result.stdout
    assert "of a year that is not asked for" in result.stdout
    assert "Lines and money add up." in result.stdout
    header = (folder / "words.csv").read_text().partition("\n")[0].replace('"', "")
    assert header == (
        "person,year,age,sex,exposure,cost,prior_cost,prior_conditions,prior_diabetes,"
        "prior_heart_failure,prior_lung_disease"
    )


@pytest.mark.skipif(not CASES.is_dir(), reason="no cases here")
def test_the_cases_of_users_have_their_right_values(tmp_path):
    people = tmp_path / "people.parquet"
    claims, months, panel = (next(CASES.glob(f"{number}-*")) for number in ("06", "07", "08"))
    result = run("people", claims / "medical_claim.csv", "--out", people)
    assert "give the list of all members with --members" in result.stderr
    everybody = [f"P{number:04d}" for number in range(900)]
    members = pd.DataFrame({"person_id": everybody, "birth_date": "1960-05-05", "gender": "F"})
    members.to_csv(tmp_path / "members.csv", index=False)
    said = json.loads(
        run(
            "people", claims / "medical_claim.csv", "--members", tmp_path / "members.csv",
            "--out", people, "--json",
        ).stdout
    )  # fmt: skip
    assert (said["lines"], said["people_and_years"]) == (2918, 900)
    assert said["cost"] == pytest.approx(770_415.58)
    told = run("people", months / "members.csv", "--year", 2024, "--out", people, "--json").stdout
    row = json.loads(told)["years"][0]
    assert (row["people"], round(row["member_years"])) == (1500, 1069)
    assert row["cost"] / row["people"] == pytest.approx(1351.05, abs=0.005)
    assert row["cost"] / row["member_years"] == pytest.approx(1895.32, abs=0.005)
    told = run("people", panel / "panel.csv", "--out", people, "--json").stdout
    assert [row["people"] for row in json.loads(told)["years"]] == [700, 700, 700]
