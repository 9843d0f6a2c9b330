"""Whether two releases about nearly the same people, subtracted, would show a few of them.

One release is safe by itself, since everybody is in exactly one cell and every cell has enough
people. A second release about the same people and year must then either show the same cells or
differ by enough people in every part; otherwise the difference is a small cell. Only the holder of
the data can check this, so the check runs where the rows are kept, before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.errors import InputError
from analysis.population.risk_cells import RiskCells


def check_against_earlier(
    new: RiskCells, earlier: RiskCells, fewest_people: int, name: str = "the earlier release"
) -> None:
    """Raise InputError if subtracting an earlier release from a new one would show a few people.

    Parameters
    ----------
    new, earlier : RiskCells
        Released cells of the same people and year, or nearly.
    fewest_people : int
        Least people by which a part of a cell may differ, other than 0.
    name : str
        Of the earlier release, for the message.

    Raises
    ------
    InputError
        If the two have other thresholds, or factors of which neither list begins with the other;
        or if a part of some cell differs by 1 to `fewest_people` - 1 people, or by none while its
        sums differ.
    """
    shared = _shared_factors(new, earlier, name)
    if new.threshold != earlier.threshold:
        raise InputError(
            f"threshold {new.threshold:g}: {name} has {earlier.threshold:g}, and two thresholds "
            f"show the people between them; give --threshold {earlier.threshold:g}"
        )
    ours, theirs = _by_label(new, shared), _by_label(earlier, shared)
    if odd := sorted(ours.keys() ^ theirs.keys()):
        raise InputError(
            f"cell {' · '.join(odd[0])}: is in only one of this release and {name}, so the people "
            "it was merged with could be found by subtraction; keep the earlier release"
        )
    for label, rows in ours.items():
        fault = _fault(_Part.of(new, rows), _Part.of(earlier, theirs[label]), fewest_people)
        if fault:
            raise InputError(
                f"cell {' · '.join(label)}: {fault} than in {name}, so subtraction would show "
                f"fewer than {fewest_people} people; keep the earlier release, or release the "
                "people who were added apart from it"
            )


def _shared_factors(new: RiskCells, earlier: RiskCells, name: str) -> list[str]:
    number = min(len(new.factors), len(earlier.factors))
    shared = list(new.factors[:number])
    if shared != list(earlier.factors[:number]):
        raise InputError(
            f"columns {', '.join(new.factors)}: {name} has {', '.join(earlier.factors)}; name "
            "those first and in the same order, so that the new cells only divide the earlier ones"
        )
    return shared


def _by_label(cells: RiskCells, by: Sequence[str]) -> dict[tuple[str, ...], np.ndarray]:
    """Rows of the cells under each combination of the given factors."""
    keys = cells.table[list(by)].astype(str).itertuples(index=False, name=None)
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    return {key: np.array(found) for key, found in rows.items()}


@dataclass(frozen=True)
class _Part:
    """What one release says about the people under one label."""

    zero: int
    body: int
    bins: np.ndarray
    joined: np.ndarray
    logs: np.ndarray
    """Sum of logs of costs up to the threshold, and of those above it."""
    rounding: np.ndarray
    """Most that rounding may have moved each of them."""

    @classmethod
    def of(cls, cells: RiskCells, rows: np.ndarray) -> "_Part":
        table = cells.table.iloc[rows]
        joined = np.zeros_like(cells.tail_counts, bool) if cells.joined is None else cells.joined
        body = table["sum_log_body"].sum()
        # Half a unit of rounding is at most a twentieth of the root mean square.
        half = [
            np.sqrt(table[squares] / table[people].clip(lower=1)).sum() / 20
            for squares, people in (
                ("sum_log_squared_body", "n_body"),
                ("sum_log_squared", "n_positive"),
            )
        ]
        return cls(
            zero=int((table["n"] - table["n_positive"]).sum()),
            body=int(table["n_body"].sum()),
            bins=cells.tail_counts[rows].sum(axis=0),
            joined=joined[rows].any(axis=0),
            logs=np.array([body, table["sum_log"].sum() - body]),
            rounding=np.array([half[0], half[0] + half[1]]),
        )


def _fault(new: _Part, earlier: _Part, fewest_people: int) -> str | None:
    """Say in which part the two differ by a few people; None where subtraction shows nobody."""
    # Bins that either release joined can only be compared together.
    starts = np.flatnonzero(~(new.joined | earlier.joined))
    tail = np.add.reduceat(new.bins - earlier.bins, starts)
    changes = np.array([new.zero - earlier.zero, new.body - earlier.body, *tail])
    few = np.flatnonzero((changes != 0) & (np.abs(changes) < fewest_people))
    if len(few):
        part = ["without cost", "with a cost up to the threshold", "in one range of the tail"]
        by = int(changes[few[0]])
        return f"{abs(by)} {'more' if by > 0 else 'fewer'} people {part[min(few[0], 2)]}"
    moved = np.abs(new.logs - earlier.logs) > 1.01 * (new.rounding + earlier.rounding)
    still = np.array([changes[1] == 0, not changes[2:].any()])
    if (moved & still).any():
        return "the same number of people but other costs"
    return None
