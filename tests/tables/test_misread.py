"""Tables that look like people and are none: noticed by `describe`, and refused by `cells`."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.own.people.example import example_people

pytestmark = pytest.mark.integration

PEOPLE = 2_000


def people():
    return example_people(PEOPLE)


def claims(frame):
    """Three lines for every other person, and none for the rest."""
    lines = frame[frame["cost"] > 0].sample(600, replace=True, random_state=1)
    return lines.assign(claim_id=[f"C{n:06}" for n in range(len(lines))])


def years(frame):
    return pd.concat([frame.assign(year=year) for year in (2022, 2023, 2024)])


def without_persons(frame):
    return years(frame).drop(columns="person")


def of_groups(frame):
    return frame.assign(number_of_people=np.resize([35, 515, 624, 1_200], len(frame)))


def with_codes(frame):
    return frame.assign(age=frame["age"].mask(frame.index < 30, -9))


def of_a_life(frame):
    return frame.rename(columns={"cost": "lifetime_cost"})


def with_two_spellings(frame):
    return frame.assign(sex=frame["sex"].mask(frame.index < 300, "M"))


REFUSED = {
    "claims": (claims, "rows are claims and not people"),
    "claims without persons": (
        lambda frame: claims(frame).drop(columns="person"),
        "rows are claims and not people",
    ),
    "several years": (years, "4,000 rows are of people who are there before .2,000 people."),
    "several years, nobody named": (without_persons, "no column tells them apart"),
    "people twice": (lambda frame: pd.concat([frame, frame.head(40)]), "40 rows are of people who"),
    "groups": (of_groups, "so rows are groups and not people: `groups` takes such a table"),
    "codes": (with_codes, "column age: 30 rows are codes such as -9"),
    "a life": (of_a_life, "its name says that it is a total over more than a year"),
    "M and male": (with_two_spellings, "the labels 'M' and 'male' mean the same"),
}

SAID = {
    "half of the money": (
        lambda frame: frame.assign(cost=frame["cost"].mask(frame.index == 3, frame["cost"].sum())),
        "one row has 5\\d% of all cost",
    ),
    "users only": (lambda frame: frame.assign(cost=frame["cost"] + 0.01), "nobody costs 0"),
    "an unused weight": (
        lambda frame: frame.assign(perwt=np.resize([0.0, 250.5, 3_000.25], len(frame))),
        "perwt: it may be a weight.*name it with --weight perwt",
    ),
    "unused months": (
        lambda frame: frame.assign(member_months=np.resize([3, 12, 12], len(frame))),
        "member_months may hold months of cover.*--exposure member_months",
    ),
    "codes in a factor": (
        lambda frame: frame.assign(sex=np.resize([-1, 1, 2], len(frame))),
        "column sex: .* rows are -1.*stay a group of their own",
    ),
}


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def given(folder, frame):
    """Write a table, and return its place and the names of its cost and output."""
    frame.to_parquet(folder / "people.parquet")
    cost = "lifetime_cost" if "lifetime_cost" in frame else "cost"
    by = ["--by", "age,sex", "--cost", cost, "--out", folder / "cells.parquet"]
    return folder / "people.parquet", by


def described(file):
    found = json.loads(run("describe", file, "--json").stdout)
    texts = [f"column {p['column']}: {p['problem']}: {p['fix']}" for p in found["problems"]]
    return found, texts


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_of_people_is_refused_and_nothing_is_written(kind, tmp_path):
    change, says = REFUSED[kind]
    file, options = given(tmp_path, change(people()))
    found, texts = described(file)
    assert pd.Series(texts).str.contains(says).any(), texts
    assert found["next"] is None
    made = run("cells", file, *options)
    assert (made.exit_code, len(made.stderr.splitlines())) == (1, 1)
    assert pd.Series([made.stderr]).str.contains(says).all(), made.stderr
    assert not (tmp_path / "cells.parquet").exists()


@pytest.mark.parametrize("kind", SAID)
def test_what_a_reader_should_know_is_said_and_the_cells_are_written(kind, tmp_path):
    change, says = SAID[kind]
    file, options = given(tmp_path, change(people()))
    _, texts = described(file)
    assert pd.Series(texts).str.contains(says).any(), texts
    made = run("cells", file, *options, "--json")
    assert made.exit_code == 0, made.stderr
    warnings = json.loads(made.stdout)["warnings"]
    assert pd.Series(warnings).str.contains(says).any(), warnings
    assert "warnings" not in (tmp_path / "cells.parquet").read_bytes().decode("latin-1")


def test_sound_people_are_taken_without_a_word(tmp_path):
    file, options = given(tmp_path, people())
    assert json.loads(run("cells", file, *options, "--json").stdout)["warnings"] == []


def test_a_claim_is_no_person_and_the_person_beside_it_is(tmp_path):
    file, options = given(tmp_path, claims(people()))
    found, _ = described(file)
    roles = {role["role"]: role["column"] for role in found["roles"]}
    assert (roles["claim"], roles["person"]) == ("claim_id", "person")
    assert run("cells", file, *options, "--person", "claim_id").exit_code == 1


def test_whoever_knows_better_says_that_rows_are_people(tmp_path):
    file, options = given(tmp_path, of_groups(years(people())))
    made = run("cells", file, *options, "--person", "none", "--json")
    assert made.exit_code == 0, made.stderr


def test_weights_are_never_the_cost(tmp_path):
    """A survey's weight has the content of a cost: amounts, some 0, a few large."""
    weight = np.random.default_rng(1).lognormal(8, 1, PEOPLE).round(4)
    frame = people().rename(columns={"cost": "TOTEXP15"}).assign(PERWT15F=weight)
    file, _ = given(tmp_path, frame)
    found, _ = described(file)
    roles = {role["role"]: role["column"] for role in found["roles"]}
    assert (roles["cost"], roles["weight"]) == ("TOTEXP15", "PERWT15F")
    assert "--weight PERWT15F" in found["next"]
    height = people().assign(height=170.5, body_weight=weight / 100)
    found, _ = described(given(tmp_path, height)[0])
    assert "weight" not in {role["role"] for role in found["roles"]}


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        (["31/01/2024", "02/03/2024"], "dates, the day first"),
        (["01/31/2024", "02/03/2024"], "dates, the month first"),
        (["01/02/2024", "02/03/2024"], "dates; whether the day comes first cannot be told"),
        (["31/01/2024", "01/31/2024"], "dates, some with the day first and some with the month"),
        (["2024-01-31", "2024-02-03"], "dates"),
    ],
)
def test_the_day_comes_first_only_where_it_is_certain(dates, shown, tmp_path, monkeypatch):
    from analysis.commands.describe import _holds
    from analysis.tables.columns import describe_columns
    from analysis.tables.people_tables import open_people

    frame = pd.DataFrame({"when": np.resize(dates, 40), "cost": 1.0})
    frame.to_csv(tmp_path / "people.csv", index=False)
    column = describe_columns(open_people(str(tmp_path / "people.csv"), "").table)[0]
    from dataclasses import replace

    assert _holds(replace(column, levels=())) == shown
