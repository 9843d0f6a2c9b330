"""Whether two releases about nearly the same people, subtracted, would show a few of them.

One release is safe by itself, since everybody is in exactly one cell and every cell has enough
people. A second release about the same people and year must then either show the same cells or
differ by enough people in every part; otherwise the difference is a small cell. Only the holder of
the data can check this, so the check runs where the rows are kept, before anything is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.population.disclosure.cost_differences import cost_fault
from analysis.population.risk_cells import RiskCells

KEEP = "keep the earlier release"


def check_against_earlier(
    new: RiskCells, earlier: RiskCells, fewest_people: int, name: str = "the earlier release"
) -> None:
    """Raise InputError if subtracting an earlier release from a new one would show a few people.

    That is so if neither list of factors begins with the other; if a part of some cell, or of the
    table of costs, differs by 1 to `fewest_people` - 1 people, or by none while its sums differ; if
    one release shows what the other withholds of a few; or if two thresholds have a few people of
    some cell above or between them.
    """
    shared = _shared_factors(new, earlier, name)
    # With weights, people are counted as rows of the usual weight.
    each = float(earlier.table["n"].sum() / earlier.people)
    ours, theirs = (_by_label(cells, shared, each) for cells in (new, earlier))
    if odd := sorted(ours.keys() ^ theirs.keys()):
        raise InputError(
            f"cell {' · '.join(odd[0])}: is in only one of this release and {name}, so the people "
            f"it was merged with could be found by subtraction; {KEEP}"
        )
    both = [(label, part, theirs[label]) for label, part in ours.items()]
    _check_thresholds(both, new.threshold, earlier.threshold, fewest_people, name)
    for label, one, other in both:
        if fault := _fault(one, other, fewest_people):
            raise InputError(_difference(f"cell {' · '.join(label)}", fault, fewest_people, name))
    if fault := cost_fault(new.costs, earlier.costs, fewest_people):
        raise InputError(_difference("the table of costs", fault, fewest_people, name))
    if new.threshold == earlier.threshold:
        above = new.costs.loc[new.costs["cost_above"] >= new.threshold * (1 - 1e-9), "n"]
        _check_withheld(both, float(above.sum()) / each, fewest_people, name)


def _difference(where: str, fault: str, fewest_people: int, name: str) -> str:
    return (
        f"{where}: {fault} than in {name}, so subtraction would show fewer than {fewest_people} "
        f"people; {KEEP}, or release the people who were added apart from it"
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


@dataclass(frozen=True)
class _Part:
    """What one release says about the people under one label; missing where it is withheld."""

    rows: float
    without_cost: float
    positive: float
    tail: float
    tail_shown: float
    """People above the threshold in those of its cells that show them."""
    sums: np.ndarray
    """People, years of cover, limited costs, and what costs have above the threshold."""
    rounding: np.ndarray
    """Most that rounding may have moved each of them."""
    threshold: float

    @classmethod
    def of(cls, table: pd.DataFrame, threshold: float, each: float) -> "_Part":
        people = table["n_positive"].where(table["n_positive"] > 0, 1.0)
        limited, whole = (
            # Half a unit of rounding is at most a twentieth of the root mean square.
            each * (table[squares] / people).pow(0.5).sum(skipna=False) / 20
            for squares in ("sum_limited_squared", "sum_cost_squared")
        )
        names = ["n", "member_years", "sum_limited", "sum_cost"]
        everyone, years, below, cost = (table[name].sum(skipna=False) for name in names)
        half = each * len(table) / 2
        return cls(
            rows=float(table["rows"].sum()),
            without_cost=float((table["n"] - table["n_positive"]).sum() / each),
            positive=float(table["n_positive"].sum() / each),
            tail=float(table["n_tail"].sum(skipna=False) / each),
            tail_shown=float(table["n_tail"].sum() / each),
            sums=np.array([everyone, years, below, cost - below]),
            rounding=np.array([half / 10, half, limited, limited + whole]),
            threshold=threshold,
        )


_Both = Sequence[tuple[tuple[str, ...], _Part, _Part]]


def _by_label(cells: RiskCells, by: Sequence[str], each: float) -> dict[tuple[str, ...], _Part]:
    """What the cells say under each combination of the given factors."""
    labels = cells.table[list(by)].astype(str)
    groups = cells.table.groupby([labels[name] for name in by], sort=False)
    return {
        tuple(map(str, key if isinstance(key, tuple) else (key,))): _Part.of(
            part, cells.threshold, each
        )
        for key, part in groups
    }


def _is_few(change: float, fewest_people: int) -> bool:
    return 0.5 <= abs(change) < fewest_people - 0.5


def _fault(new: _Part, earlier: _Part, fewest_people: int) -> str | None:
    """Say in which part the two differ by a few people; None where subtraction shows nobody."""
    for change, part in _changes(new, earlier):
        if _is_few(change, fewest_people):
            return f"{abs(change):.0f} {'more' if change > 0 else 'fewer'} people {part}"
    moved = np.abs(new.sums - earlier.sums) > 1.01 * (new.rounding + earlier.rounding) + 1e-9
    same_positive = abs(new.positive - earlier.positive) < 0.5
    if new.rows == earlier.rows and same_positive and moved[:2].any():
        return "the same number of people but other weights or exposures"
    # With another threshold the sums differ for people above it, of whom there are enough.
    same_cut = new.threshold == earlier.threshold or new.tail == earlier.tail == 0
    same_tail = abs(new.tail - earlier.tail) < 0.5
    if same_cut and ((same_positive and moved[2]) or (same_tail and moved[3])):
        return "the same number of people but other costs"
    return None


def _changes(new: _Part, earlier: _Part) -> Iterator[tuple[float, str]]:
    yield new.without_cost - earlier.without_cost, "without cost"
    yield new.rows - earlier.rows, "in all"
    tail = new.tail - earlier.tail
    if new.threshold == earlier.threshold and not np.isnan(tail):
        yield new.positive - earlier.positive - tail, "with a cost up to the threshold"
        yield tail, "with a cost above the threshold"
    else:
        yield new.positive - earlier.positive, "with a cost"


def _check_thresholds(
    both: _Both, new: float, earlier: float, fewest_people: int, name: str
) -> None:
    """Refuse two thresholds if limited sums, subtracted, show what a few people have above one."""
    if new == earlier:
        return
    for label, one, other in both:
        low, high = sorted((one, other), key=lambda part: part.threshold)
        unknown = np.isnan(low.tail) or np.isnan(high.tail)
        if unknown or _is_few(low.tail - high.tail, fewest_people):
            raise InputError(
                f"threshold {new:g}: {name} has {earlier:g}, and two thresholds show the people "
                f"between them, who may be few in cell {' · '.join(label)}; {KEEP}, or use wider "
                "groups"
            )


def _check_withheld(both: _Both, above: float, fewest_people: int, name: str) -> None:
    """Refuse if what one release withholds about a few people follows from the other.

    `above` is the number of all people above the threshold.
    """
    silent = False
    for label, one, other in both:
        known = [part.tail for part in (one, other) if not np.isnan(part.tail)]
        shown = min((part.tail_shown for part in (one, other) if np.isnan(part.tail)), default=0.0)
        if len(known) == 1 and _is_few(known[0] - shown, fewest_people):
            raise InputError(_withheld(f"cell {' · '.join(label)}", name))
        silent |= not known
        above -= known[0] if known else max(one.tail_shown, other.tail_shown)
    if silent and _is_few(above, fewest_people):
        raise InputError(_withheld("all cells together", name))


def _withheld(where: str, name: str) -> str:
    return (
        f"{where}: this release and {name} are silent about the people above the threshold in "
        f"different cells, and the two together would show a few of them; {KEEP}"
    )
