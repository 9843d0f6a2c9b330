"""From the words of a claim to a range, and to the probability that a number lies in it."""

import math
from collections.abc import Mapping

from analysis.errors import InputError
from analysis.evidence.catalogue import table
from analysis.evidence.claims import stated_claims
from analysis.report.claims.rule import Cutoffs, Range
from analysis.report.numbers import Record
from analysis.report.quantiles import probability_between

Row = Mapping[str, object]
"""One row of a table of the claims package, missing values as None."""


def rows(name: str) -> list[dict[str, object]]:
    """Return the rows of one table of the claims package, in its order.

    Parameters
    ----------
    name : str
        A resource of the package `claims`; `stated` gives every claim that is judged.

    Returns
    -------
    list of dict
        Column to value; None where the value is missing.
    """
    frame = stated_claims() if name == "stated" else table("claims", name)
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(column): value for column, value in row.items()} for row in plain.to_dict("records")
    ]


def cutoffs() -> Cutoffs:
    """Return the probabilities at which verdicts change, a table of the claims package.

    Raises
    ------
    InputError
        When they are not in their order between 0 and 1.
    """
    at = Cutoffs(**{str(row["name"]): float(str(row["value"])) for row in rows("cutoffs")})
    if not 0 < at.excluded < at.likely < at.sure < 1:
        raise InputError("cutoffs.csv: needs 0 < excluded < likely < sure < 1.")
    return at


def probability_of(record: Record, claimed: Range) -> float:
    """Return the probability that a number lies in a range, between 0 and 1.

    Raises
    ------
    InputError
        When the number has an interval, but its record no quantiles.
    """
    if record.interval is None:
        return float(interval(record)[0] in claimed)
    if not record.quantiles:
        raise InputError(
            f"number {record.id} was recorded without its draws: execute {record.page} again."
        )
    return probability_between(record.quantiles, claimed.low, claimed.high)


def interval(record: Record) -> tuple[float, float, float]:
    """Return value, low and high of a number; an exact one is its own interval.

    In the unit of the number; a missing end stands for infinity.
    """
    value, low, high = (
        math.inf if end is None else float(end) for end in (record.value, record.low, record.high)
    )
    return (value, value, value) if record.interval is None else (value, low, high)


def claimed_range(test: Row, claim: Row) -> Range:
    """Return the range in which the number of a test should lie if the claim holds.

    Parameters
    ----------
    test : mapping
        A row of `tests`. With `scale`, the bounds are the claim's own figures times it; without,
        its `low` and `high`.
    claim : mapping
        The row of the claim.

    Returns
    -------
    Range
        In the unit of the number.

    Raises
    ------
    InputError
        When a bound that the relation needs is missing.
    """
    relation = test["relation"]
    low, value, high = _bounds(test, claim)
    if relation == "about":
        factor = _number(test["tolerance"], "tolerance", test)
        middle = _number(value, "value", test)
        return Range(middle / factor, middle * factor)
    if relation == "at least":
        return Range(low=_number(value if low is None else low, "lower bound", test))
    if relation == "at most":
        return Range(high=_number(value if high is None else high, "upper bound", test))
    return Range(_number(low, "lower bound", test), _number(high, "upper bound", test))


def record_of(id: str, claim: str, records: Mapping[str, Record]) -> Record:
    """Return the number that a claim names.

    Raises
    ------
    InputError
        When there is no such number: the message names it and the claim.
    """
    if id not in records:
        raise InputError(f"claim {claim} names the number {id}, which no notebook records.")
    return records[id]


def _bounds(test: Row, claim: Row) -> tuple[object, object, object]:
    if test["scale"] is None:
        return test["low"], None, test["high"]
    scale = float(str(test["scale"]))
    figures = (claim["low"], claim["value"], claim["high"])
    low, value, high = (None if f is None else scale * float(str(f)) for f in figures)
    return low, value, high


def _number(bound: object, name: str, test: Row) -> float:
    if bound is None:
        raise InputError(
            f"tests.csv: the test of {test['claim']} by {test['number']} ({test['relation']}) has "
            f"no {name}: give it, or a scale if the claim itself has the figure."
        )
    return float(str(bound))
