"""Published forecasts are kept as they were published."""

import hashlib
import runpy

import pytest

from analysis import settings
from analysis.evidence.catalogue import table
from analysis.evidence.errors import EvidenceError

FOLDER = settings.DATA / "forecasts"
FIRST = "9083a2918777006a67aacb7bb3af36b830148298f888a922470af2365a73df08"
"""Of the file as it was committed on 22 November 2026. It may never change."""


@pytest.mark.unit
def test_the_first_forecast_is_the_file_of_its_day():
    content = (FOLDER / "published" / "2026-11-22.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FIRST


@pytest.mark.unit
def test_the_table_holds_every_published_file():
    again = runpy.run_path(str(FOLDER / "derive.py"))["derive"](None)["forecasts"]
    kept = table("forecasts", "forecasts")
    assert again.to_dict("records") == kept.to_dict("records")


@pytest.mark.unit
@pytest.mark.parametrize("year", [2023, 2024])
def test_the_first_forecast_is_that_of_release_0_1_0_but_for_sampling_error(year):
    """The release computed it again, with other random numbers."""
    numbers = table("releases", "numbers").set_index(["version", "id"])
    released = numbers.loc[("0.1.0", f"s10.forecast_{year}")]
    kept = table("forecasts", "forecasts").set_index(["made", "year", "group"])
    first = kept.loc[("2026-11-22", year, "all")]
    error = {"mean": "value", "low": "low", "high": "high"}
    errors = {"mean": "mcse", "low": "mcse_low", "high": "mcse_high"}
    for name, column in error.items():
        # Both runs have an error; the first did not keep its own.
        assert abs(first[name] - released[column]) <= 3 * 2**0.5 * released[errors[name]]


@pytest.mark.unit
def test_a_file_that_names_another_day_is_refused(tmp_path):
    (tmp_path / "2026-01-01.json").write_text('{"made": "2026-01-02", "forecasts": []}')
    with pytest.raises(EvidenceError, match="made on 2026-01-02"):
        runpy.run_path(str(FOLDER / "derive.py"))["derive"](tmp_path)
