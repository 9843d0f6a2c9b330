"""Records made up for tests of the ledger: every number that the claims name, with its unit."""

import math

import numpy as np

from analysis import intervals, settings
from analysis.report.claims.ranges import rows
from analysis.report.numbers import Record
from analysis.report.quantiles import STEPS


def made_up(
    id, unit="percent", value=50.0, low=40.0, high=60.0, interval=settings.INTERVAL, grade="assumed"
):
    """Return a record of a number that nothing computed, its draws spread evenly between points."""
    return Record(
        id=id,
        label=f"Label of {id}",
        value=value,
        low=low,
        high=high,
        interval=interval,
        unit=unit,
        text=f"text of {id}",
        value_text=f"value of {id}",
        low_text="",
        high_text="",
        interval_text="interval",
        estimand="A made-up quantity.",
        grade=grade,
        suggestion=None,
        page="notebooks/toy",
        anchor=f"numbers.html#{id}",
        mcse=None,
        mcse_low=None,
        mcse_high=None,
        flip_point=None,
        assumptions=(),
        data_digest={},
        code_digest="",
        seed=1,
        version="0",
        quantiles=() if interval is None else _quantiles(value, low, high),
    )


def _quantiles(value, low, high):
    """Return quantiles that agree with a median and an interval, straight between them."""
    ends = (np.inf if end is None else end for end in (low, value, high))
    return tuple(
        q if math.isfinite(q) else str(q)
        for q in np.interp(
            np.linspace(0, 1, STEPS + 1), [intervals.LOW, 0.5, intervals.HIGH], list(ends)
        )
    )


def named_records():
    """Return a made-up record for every number that the tables of claims name."""
    units = {str(row["number"]): str(row["unit"]) for row in rows("tests")}
    others = [str(row["name"]) for row in rows("beside") if row["kind"] == "number"]
    return {id: made_up(id, units.get(id, "percent")) for id in [*units, *others]}
