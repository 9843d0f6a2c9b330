"""The worked example of the page *Rerun it* is about the assumptions as they stand."""

import csv
import re

import pytest

from analysis import settings

pytestmark = pytest.mark.unit


def test_the_example_changes_one_assumption_to_a_value_that_is_allowed():
    page = (settings.ROOT / "book/rerun.md").read_text("utf-8")
    before, after = re.search(r"sed -i 's/\^(.*)/(.*)/'", page).groups()
    table = (settings.DATA / "published/assumptions.csv").read_text("utf-8")
    rows = [line for line in table.splitlines() if line.startswith(before)]
    assert len(rows) == 1
    name, value, low, high = next(csv.reader([after + rows[0].removeprefix(before)]))[:4]
    assert f"{name}," == before.split(",")[0] + ","
    assert float(low) <= float(value) <= float(high)
    assert float(value) == 2 * float(before.split(",")[1])
