"""The files of the explorers, without a browser."""

import pytest

pytestmark = pytest.mark.integration

LARGEST = 150_000
"""Bytes of the tables of one explorer."""


def test_grids_are_small_and_their_csv_has_a_row_a_point(site, explorer_files):
    for name, content in explorer_files.items():
        assert (site / f"explorers/{name}.json").stat().st_size < LARGEST
        tables = [table["deviation"] for table in content["chance"].values()]
        tables += list(content["tables"].values())
        rows = (site / f"explorers/{name}.csv").read_text().splitlines()
        # Three values a point: low end, median and high end.
        assert len(rows) == 1 + sum(len(table["values"]) // 3 for table in tables)
