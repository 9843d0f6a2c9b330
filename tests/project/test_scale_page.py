"""The page on scale: its commands run as they stand, and the limits it states are the code's."""

import re
import shlex
import subprocess
import sys

import pytest

from analysis.population.cost_table import DOMINANCE
from analysis.population.disclosure.merging import MERGED
from analysis.population.disclosure.release import (
    COST_COLUMNS,
    LOWEST_FEWEST,
    MOST_LEVELS,
    ReleaseRules,
)
from analysis.population.risk_cells import SUMS
from analysis.tables.read_errors import MEMORY_LIMIT
from tests.benchmarks import scale
from tests.project.source import ROOT

PAGE = (ROOT / "book" / "at-scale.md").read_text()


def commands():
    """Lines of the page's shell blocks, without those that need a network or a cluster."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if not re.search(r"-m pip|pyspark|^export", line)]


@pytest.mark.integration
def test_the_commands_of_the_page_run_as_they_stand(tmp_path):
    found = commands()
    assert len(found) == 4
    for line in found:
        command = [sys.executable, *shlex.split(line)[1:]]
        result = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
        )
        assert result.returncode == 0, f"{line}\n{result.stderr}"
    assert {path.name for path in tmp_path.iterdir()} == {
        "people.parquet",
        "cells.parquet",
        "july.parquet",
    }


@pytest.mark.unit
def test_the_limits_of_the_page_are_those_of_the_code():
    text = " ".join(PAGE.split())
    assert f"at least {ReleaseRules().fewest_people} people (`--fewest-people`" in text
    assert f"never below {LOWEST_FEWEST})" in text
    assert f"to within {100 * (DOMINANCE - 2):.0f}%" in text
    assert f"more than about {MOST_LEVELS:,} different values" in text
    assert f"DuckDB may hold {MEMORY_LIMIT.replace('GB', ' GB')}" in text
    allowed = f"{scale.SECONDS_ALLOWED:.0f} seconds and {scale.GIGABYTES_ALLOWED:.0f} GB"
    assert allowed in text
    assert f"{scale.PEOPLE / 1e6:.0f} million" in text


@pytest.mark.unit
def test_the_page_names_every_column_that_leaves():
    table = PAGE[PAGE.index("## What leaves") : PAGE.index("## The rules")]
    assert [name for name in (*SUMS, *COST_COLUMNS) if f"`{name}`" not in table] == []
    assert f"`{MERGED}`" in table
