"""Stated numbers are exact: printed with all their digits, in the one form of an interval."""

import pytest

from analysis.evidence.assumptions import assumption
from analysis.report.stated_ranges import range_text, ranges_table, reasons_table

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.05, 0.85, "none", "0.05–0.85"),
        (1_590, 3_400, "none", "1,590–3,400"),
        (-0.5, 0.5, "none", "−0.5 to 0.5"),
        (0.4, 0.8, "probability", "40%–80%"),
    ],
)
def test_ranges(low, high, unit, text):
    assert range_text(low, high, unit) == text


def test_tables_hold_what_is_stated():
    names = ["freed_bed_refill_probability", "emergency_admission_tariff_gbp"]
    stated = [assumption(name) for name in names]
    table = ranges_table(names)
    assert list(table["Quantity"]) == [row.meaning for row in stated]
    assert list(table["Median"]) == ["0.4", "2,400"]
    assert list(table["Interval"]) == ["0.05–0.85", "1,590–3,400"]
    assert list(reasons_table(names)["Why"]) == [row.justification for row in stated]
