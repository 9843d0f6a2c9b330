"""What the tests of the report share."""

import numpy as np
import pytest

from analysis.report import numbers


@pytest.fixture
def records(tmp_path, monkeypatch):
    """Record into a folder of the test's own, as a notebook of a build does."""
    monkeypatch.setenv(numbers.RECORDS_VARIABLE, str(tmp_path))
    monkeypatch.setenv(numbers.PAGE_VARIABLE, "notebooks/toy")
    return tmp_path


@pytest.fixture
def draws():
    """Draws of a probability near 8%, as a sampler returns them: chain by draw."""
    return np.random.default_rng(1).beta(80, 920, size=(4, 1000))


@pytest.fixture
def fields():
    """Return the fields every record needs."""
    return {
        "label": "Chance of a toy event",
        "unit": "probability",
        "estimand": "Probability of the toy event in one year.",
        "grade": "estimated",
    }
