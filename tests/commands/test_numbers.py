"""Command numbers: all, some, one; and a plain word where there is none."""

import csv
import json

import jsonschema
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.publish.products.number_files import schema_text
from analysis.publish.project import Project
from analysis.report.numbers import record

pytestmark = pytest.mark.unit

FIELDS = {"unit": "count", "estimand": "Toys counted once.", "grade": "assumed"}


@pytest.fixture(autouse=True)
def recorded(tmp_path, monkeypatch):
    """Record three numbers, and have the command find them."""
    monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path))
    for name, suggestion in (("toy.one", 7), ("toy.two", 7), ("toy.base", None)):
        record(name, 5, label=f"Toys of {name}", suggestion=suggestion, **FIELDS)
    monkeypatch.setattr(Project, "records_folders", lambda self: [tmp_path])
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["numbers", *arguments])


def ids(text):
    return [number["id"] for number in json.loads(text)["numbers"]]


def test_all_are_told_in_a_table():
    told = run().output
    assert all(name in told for name in ("toy.one", "toy.two", "toy.base"))


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((), ["toy.base", "toy.one", "toy.two"]),
        (("toy.two",), ["toy.two"]),
        (("toy.two", "toy.base"), ["toy.base", "toy.two"]),
        (("--suggestion", "7"), ["toy.one", "toy.two"]),
        (("--suggestion", "0"), ["toy.base"]),
    ],
)
def test_json_holds_those_that_were_asked_for(arguments, wanted):
    printed = run(*arguments, "--json").output
    assert ids(printed) == wanted
    jsonschema.Draft7Validator(json.loads(schema_text())).validate(json.loads(printed))


def test_csv_holds_one_row_a_number():
    rows = list(csv.DictReader(run("toy.one", "toy.two", "--csv").output.splitlines()))
    assert [(row["id"], row["value"]) for row in rows] == [("toy.one", "5.0"), ("toy.two", "5.0")]


def test_unknown_ids_are_all_named_with_what_is_like_them():
    result = run("toy.on", "toy.two", "nothing")
    assert result.exit_code == 1
    assert "there is no number 'toy.on'. Did you mean toy.one" in result.stderr
    assert "there is no number 'nothing'. `numbers` alone lists all." in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--suggestion", "3"), 1, "none of the 3 numbers is of suggestion 3"),
        (("--suggestion", "11"), 2, ""),
        (("--json", "--csv"), 1, "give one of the two"),
    ],
)
def test_what_cannot_be_is_said(arguments, code, message):
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr


def test_before_the_first_build_it_says_what_to_do(recorded):
    for file in recorded.iterdir():
        file.unlink()
    result = run("--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "run `python -m analysis book`" in result.stderr
