"""Classes of age and sex in order: which are neighbours, and which are young or old."""

from dataclasses import dataclass

import numpy as np

from analysis.own.people.ages import age_span

OLD = 65
"""Age at which the two parts of a population meet, where classes tell them apart."""

EVERYBODY, UNDER_65, OVER_64 = "all ages", "under 65", "65 and over"


@dataclass(frozen=True)
class ClassOrder:
    """Classes in the order of their ages.

    Attributes
    ----------
    labels : tuple of tuple of str
        Age and sex of each class, as far as they are told.
    band, part : ndarray of int, shape (class,)
        As in `analysis.models.group_means.cells.GroupCells`.
    parts : tuple of str
        Ages of each part, in words.
    """

    labels: tuple[tuple[str, ...], ...]
    band: np.ndarray
    part: np.ndarray
    parts: tuple[str, ...]


def arranged(labels: list[tuple[str, ...]], columns: tuple[str, ...]) -> ClassOrder:
    """Return classes in order, with bands of two neighbouring ages.

    Parameters
    ----------
    labels : list of tuple of str
        Distinct labels, a value for each of the columns.
    columns : tuple of str
        ``age`` and ``sex``, or one of them, or none.
    """
    if "age" not in columns:
        nothing = np.zeros(len(labels), int)
        return ClassOrder(tuple(labels), nothing, nothing, (EVERYBODY,))
    at = columns.index("age")
    spans = {label[at]: age_span(label[at]) for label in labels}
    in_order = sorted(spans, key=lambda age: (spans[age] or (np.inf, np.inf), age))
    old = {age: _is_old(spans[age]) for age in in_order}
    count = [sum(old[label[at]] is half for label in labels) for half in (False, True)]
    # A class alone in its part would have nobody to scatter about.
    apart = None not in old.values() and min(count) > 1
    part = {age: int(apart and bool(old[age])) for age in in_order}
    # Ages in words have no order that a program could know: all are neighbours.
    band = [0] * len(spans) if None in spans.values() else _bands([part[a] for a in in_order])
    ordered = sorted(labels, key=lambda label: (in_order.index(label[at]), label))
    return ClassOrder(
        tuple(ordered),
        np.array([band[in_order.index(label[at])] for label in ordered]),
        np.array([part[label[at]] for label in ordered]),
        (UNDER_65, OVER_64) if apart else (_whole(old),),
    )


def _is_old(span: tuple[float, float] | None) -> bool | None:
    """Whether a class is 65 and over; None where it may be both, or is not told."""
    if span is None or span[0] < OLD < span[1]:
        return None
    return span[0] >= OLD


def _whole(old: dict[str, bool | None]) -> str:
    """Ages of a population that is one part."""
    if all(half is False for half in old.values()):
        return UNDER_65
    return OVER_64 if all(half is True for half in old.values()) else EVERYBODY


def _bands(part: list[int]) -> list[int]:
    """Two ages a band, three in the last of a part with an odd number, from parts in order."""
    bands: list[int] = []
    first = 0
    for each in sorted(set(part)):
        ages = part.count(each)
        last = max(ages // 2 - 1, 0)
        bands += [first + min(age // 2, last) for age in range(ages)]
        first += last + 1
    return bands
