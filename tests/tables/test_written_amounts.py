"""Amounts as people write them are read where the whole column agrees, and never otherwise."""

import ibis
import pytest

from analysis.errors import InputError
from analysis.tables.written_amounts import written_amounts

pytestmark = pytest.mark.unit

READ = [
    (["1.234,56", "0,00", "12"], "decimal commas, points between thousands", [1234.56, 0, 12]),
    (["1.234", "12,5", "3"], "decimal commas, points between thousands", [1234, 12.5, 3]),
    (["1,234", "1,5"], "decimal commas", [1.234, 1.5]),
    (["1,234.50", "3,001", "5"], "commas between thousands", [1234.5, 3001, 5]),
    (["1\u00a0234,5", "12"], "decimal commas, spaces between thousands", [1234.5, 12]),
    (["1'234.50", "2"], "apostrophes between thousands", [1234.5, 2]),
    (["12 EUR", "1.234,50 EUR", "0,00"], None, [12, 1234.5, 0]),
    (["$5", "-$6", "0"], "$", [5, -6, 0]),
    (["0,125", "1500"], "decimal commas", [0.125, 1500]),
    (["1,5", "", None], "decimal commas", [1.5, None, None]),
]


def table(values):
    return ibis.memtable({"cost": values}, schema={"cost": "string"})


@pytest.mark.parametrize(("values", "words", "numbers"), READ)
def test_a_column_that_agrees_is_read(values, words, numbers):
    people = table(values)
    writing = written_amounts(people, ["cost"])["cost"]
    assert words in (None, writing.words())
    found = people.select(read=writing.read(people["cost"])).execute()["read"]
    assert [None if value != value else value for value in found] == numbers


@pytest.mark.parametrize(
    "values",
    [
        ["1.5", "2", "1e3"],
        ["1,234.50", "3001.0"],
        ["1,5", "2.5"],
        ["£5", "$6"],
        ["$5", "6"],
        ["5%", "6%"],
        ["1_000", "5"],
        ["n/a", "5,5"],
        ["1.23,456"],
        ["1,750", "1500", "2000"],
    ],
)
def test_a_column_of_plain_numbers_or_of_several_ways_is_left_alone(values):
    assert written_amounts(table(values), ["cost"]) == {}


@pytest.mark.parametrize("values", [["1,234", "12"], ["$1,234", "$5"]])
def test_a_column_that_can_be_read_in_two_ways_is_refused(values):
    with pytest.raises(InputError, match="1,234' may be thousands or a decimal comma"):
        written_amounts(table(values), ["cost"])
