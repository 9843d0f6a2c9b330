"""Records made up for tests of the ledger: every number that the claims name, with its unit."""

from analysis import settings
from analysis.report.claims.ranges import rows
from analysis.report.numbers import Record


def made_up(id, unit="percent", value=50.0, low=40.0, high=60.0, interval=settings.INTERVAL):
    """Return a record of a number that nothing computed."""
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
        grade="assumed",
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
    )


def named_records():
    """Return a made-up record for every number that the tables of claims name."""
    units = {str(row["number"]): str(row["unit"]) for row in rows("tests")}
    others = [str(row["than"]) for row in rows("tests") if row["than"]]
    others += [str(row["name"]) for row in rows("beside") if row["kind"] == "number"]
    return {id: made_up(id, units.get(id, "percent")) for id in [*units, *others]}
