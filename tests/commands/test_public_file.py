"""The tutorial on a public file: what is said of such a file, and its cells to a report."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.evidence.catalogue import path
from analysis.own.people.cell_choices import compared
from analysis.own.people.example import example_people
from analysis.own.people.fitting import fit_cells
from analysis.own.people.settings import default_settings
from analysis.population.cell_files import read_cells

pytestmark = pytest.mark.integration


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def said(*arguments):
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return json.loads(result.stdout)


# ---- describe, on a file as an agency gives it out -----------------------------------------


def claims(people=2000):
    """Rows like those of a beneficiary file: nothing in them is what `cells` needs."""
    random = np.random.default_rng(1)
    paid = {name: random.lognormal(6, 1.5, people).round() for name in ("IP", "OP", "CAR")}
    return pd.DataFrame(
        {
            "DESYNPUF_ID": [f"{number:05d}" for number in range(people)],
            "BENE_BIRTH_DT": 19090101 + 10_000 * (np.arange(people) % 75),
            "BENE_DEATH_DT": np.where(np.arange(people) < 30, "20090601", ""),
            "BENE_SEX_IDENT_CD": random.choice([1, 2], people),
            "BENE_HI_CVRAGE_TOT_MONS": random.choice([0, 7, 12], people),
            "SP_DIABETES": random.choice([1, 2], people),
            "SP_COPD": random.choice([1, 2], people),
            **{f"MEDREIMB_{name}": amounts for name, amounts in paid.items()},
        }
    )


def described(folder, frame):
    frame.to_csv(folder / "people.csv", index=False)
    return said("describe", folder / "people.csv")


def test_what_is_in_the_way_is_said_and_no_command_offered(tmp_path):
    found = described(tmp_path, claims())
    problems = {one["problem"]: one for one in found["problems"]}
    for words in (
        "it may be one part of the cost: MEDREIMB_",
        "BENE_HI_CVRAGE_TOT_MONS may hold months of cover",
        "30 rows may be of people who died",
        "SP_DIABETES, SP_COPD may say who has which condition",
        "this one may hold dates of birth",
    ):
        assert [said for said in problems if words in said], words
    births = next(one for one in found["problems"] if "dates of birth" in one["problem"])
    assert births["column"] == "BENE_BIRTH_DT"
    cost = next(role for role in found["roles"] if role["role"] == "cost")
    assert cost["sureness"] == "guess"
    assert found["next"] is None


def test_dates_without_dividers_are_shown_as_dates(tmp_path, monkeypatch):
    # Wide enough that no cell of the table is folded.
    monkeypatch.setenv("COLUMNS", "200")
    described(tmp_path, claims())
    assert "dates, 19090101 to 19830101" in run("describe", tmp_path / "people.csv").stdout


def test_a_long_name_is_shown_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    described(tmp_path, claims())
    shown = run("describe", tmp_path / "people.csv").stdout
    assert "…" not in "".join(line.split("  ")[1] for line in shown.splitlines() if "  " in line)


@pytest.mark.parametrize(
    "names",
    [("cost_total", "cost_drugs"), ("cost_2024", "cost_2023"), ("paid_all", "paid_ip"), ("cost",)],
)
def test_a_total_or_a_year_is_no_part(names, tmp_path):
    people = example_people(2000).rename(columns={"cost": names[0]})
    for name in names[1:]:
        people[name] = people[names[0]] / 2
    found = described(tmp_path, people)
    assert not [one for one in found["problems"] if "one part of the cost" in one["problem"]]


@pytest.mark.parametrize(
    ("column", "values"), [("birth_month", range(1, 13)), ("months", [12]), ("mos", [0, 5, 30])]
)
def test_other_months_are_no_months_of_cover(column, values, tmp_path):
    people = example_people(2000)
    people[column] = np.resize(list(values), len(people))
    found = described(tmp_path, people)
    assert not [one for one in found["problems"] if "months of cover" in one["problem"]]


def test_the_next_command_has_no_more_factors_than_the_people_bear(tmp_path):
    people = example_people(3000)
    people["conditions"] = np.arange(len(people)) % 12
    assert "--by age,sex --cost" in described(tmp_path, people)["next"]
    assert "Not in it: conditions." in run("describe", tmp_path / "people.csv").stdout
    many = pd.concat([people.assign(person=people["person"] + 10_000 * i) for i in range(10)])
    assert "--by age,sex,conditions --cost" in described(tmp_path, many)["next"]


# ---- cells ---------------------------------------------------------------------------------


def test_cells_say_in_which_part_people_are_too_few(tmp_path):
    people = example_people(3000).assign(group=lambda f: np.where(f["person"] % 300 == 0, "a", "b"))
    people["cost"] += people["sex"].eq("female") * 1.0
    people.loc[people.index[:4], "cost"] = 0
    people.to_csv(tmp_path / "people.csv", index=False)
    out = tmp_path / "cells.parquet"
    made = run(
        "cells", tmp_path / "people.csv", "--by", "sex,group", "--cost", "cost", "--out", out
    )
    assert made.exit_code == 0, made.stderr
    assert "Cells with fewer than 10: " in made.stdout
    assert "without cost" in made.stdout
    assert b"too_few" not in out.read_bytes()


# ---- the committed cells, as in the tutorial -----------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    for name in ("cells", "cells_by_sex", "cells_with_conditions"):
        shutil.copy(path("desynpuf", name), folder)
    return folder


def test_the_model_meets_the_costs_and_nobody_is_told_not_to_use_it(place):
    for command, *options in (["fit"], ["size"], ["stop-loss", "--attachment", "5", "--kept", "0"]):
        done = run(command, place / "cells.parquet", *options)
        assert (done.exit_code, done.stderr) == (0, "")
        assert "not use" not in done.stdout.lower()
    seen = said("fit", place / "cells.parquet")["observed"]
    assert all(row["low"] <= row["observed"] <= row["high"] for row in seen)


def test_more_groups_hardly_move_the_answer(place):
    """The same people and one table of their costs: a factor only lowers k, and by little."""
    names = ("cells_by_sex", "cells", "cells_with_conditions")
    fits = {name: fit_cells(*read_cells(place / f"{name}.parquet")) for name in names}
    found = compared(fits, default_settings())
    assert found["cells"].is_monotonic_increasing
    for k in ("k", "k_observed"):
        assert found[k].is_monotonic_decreasing
        assert np.ptp(found[k]) < 0.05
    assert (
        (found["k_low"] <= found["k_observed"]) & (found["k_observed"] <= found["k_high"])
    ).all()


def test_without_lasting_differences_nothing_is_said_of_them(place):
    usual, none = (
        run("size", place / "cells_by_sex.parquet", *options).stdout
        for options in ([], ["--lasting", "0"])
    )
    assert "pools differ by 2.6% lastingly" in usual
    assert "lastingly" not in none
