"""The published schema describes what is published, and refuses what is not."""

import copy
import json
import typing
from dataclasses import fields

import jsonschema
import pytest

from analysis import settings
from analysis.publish.products.number_files import (
    CSV_COLUMNS,
    csv_metadata,
    numbers_csv,
    numbers_json,
    schema_text,
)
from analysis.report.checks import GRADES, FlipPoint
from analysis.report.formatting import UNITS
from analysis.report.numbers import Record, record

pytestmark = pytest.mark.unit

SCHEMA = json.loads(schema_text())
NUMBER = SCHEMA["definitions"]["number"]
CHECK = jsonschema.Draft7Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_it_has_the_published_fields_of_a_record_and_no_other():
    names = {field.name for field in fields(Record)} - {"quantiles"}
    assert set(NUMBER["properties"]) == set(NUMBER["required"]) == names
    assert set(SCHEMA["definitions"]["flip_point"]["properties"]) == set(FlipPoint.__annotations__)
    assert set(NUMBER["properties"]["unit"]["enum"]) == set(UNITS)
    assert NUMBER["properties"]["grade"]["enum"] == list(GRADES)
    assert all(field["description"].endswith(".") for field in NUMBER["properties"].values())


def test_null_is_allowed_where_a_record_may_have_none_and_nowhere_else():
    may_be_none = {
        name
        for name, kind in typing.get_type_hints(Record).items()
        if type(None) in typing.get_args(kind)
    }
    nullable = {
        name
        for name, field in NUMBER["properties"].items()
        if "null" in field.get("type", []) or {"type": "null"} in field.get("oneOf", [])
    }
    assert nullable == may_be_none


@pytest.fixture
def good(records, draws, fields):
    """Return what is published of a chance and of a count, as parsed JSON."""
    flip = {"assumption": "k", "value": 2, "unit": "ratio", "meaning": "the advice turns"}
    chance = record("toy.chance", draws, **fields, flip_point=flip, suggestion=7)
    count = record("toy.count", 5, **{**fields, "unit": "count"})
    return json.loads(numbers_json({number.id: number for number in (chance, count)}))


def test_what_is_published_is_valid(good):
    CHECK.validate(good)
    assert good["interval"] == settings.INTERVAL


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Toy Chance"),
        ("value", "8.0%"),
        ("grade", "guessed"),
        ("unit", "furlongs"),
        ("suggestion", 11),
        ("mcse", -0.1),
        ("anchor", "https://elsewhere.example/"),
        ("flip_point", {"assumption": "k"}),
        ("assumptions", "one sentence"),
        ("data_digest", {"rand_hie": "not a digest"}),
        ("text", ""),
        ("new_field", 1),
    ],
)
def test_a_damaged_number_is_refused(good, field, value):
    bad = copy.deepcopy(good)
    bad["numbers"][0][field] = value
    assert not CHECK.is_valid(bad)


@pytest.mark.parametrize("field", ["schema_version", "numbers", "version", "interval"])
def test_a_file_without_a_part_is_refused(good, field):
    CHECK.validate(good)
    del good[field]
    assert not CHECK.is_valid(good)


def test_a_number_without_a_field_is_refused(good):
    for field in Record(**good["numbers"][0]).published():
        bad = copy.deepcopy(good)
        del bad["numbers"][1][field]
        assert not CHECK.is_valid(bad), field


def test_the_table_has_the_columns_that_its_description_names(records, draws, fields):
    columns = json.loads(csv_metadata())["tableSchema"]["columns"]
    chance = record("toy.chance", draws, **fields)
    header = numbers_csv({chance.id: chance}).splitlines()[0]
    assert [column["name"] for column in columns] == list(CSV_COLUMNS) == header.split(",")
    by_name = {column["name"]: column for column in columns}
    assert by_name["value"]["datatype"] == "number"
    assert by_name["suggestion"]["datatype"] == "integer"
    assert by_name["grade"]["datatype"] == "string"
    assert (by_name["low"]["required"], by_name["id"]["required"]) == (False, True)
    assert not any("null" in column["dc:description"] for column in columns)
