"""All that is said of a reader's own groups, in one place: for a terminal and for machines."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.fits.group_priors import group_priors
from analysis.fits.meps_costs import meps_formula
from analysis.intervals import median_and_interval
from analysis.models.group_means.fit import GroupFit, fit_sums
from analysis.models.group_means.scatter import scatter_sums
from analysis.own.groups.classes import EVERYBODY
from analysis.own.groups.measures import size_with_spread
from analysis.own.groups.table import OwnGroupTable
from analysis.own.people.settings import Settings
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.minimum_size import size_over_squared_k, smallest_pool
from analysis.seeds import seed_for

DRAWS = 4_000

POOL_DRAWS = 100
"""Draws of the survey's costs, from which it is learned how size goes with squared k."""

type Summary = dict[str, float]
"""``value``, ``low`` and ``high``: the median and the ends of the project's interval."""


@dataclass(frozen=True)
class GroupAnswer:
    """What is said of a reader's own groups.

    Attributes
    ----------
    groups : int
    people : float
        Person-years of all groups.
    classes : list of str
        Columns of the table that tell people apart; none where groups are told as a whole.
    k : list of dict
        For some ages (``ages``), with budgets that follow the classes (``within_classes``) or one
        budget for everybody.
    spread : list of dict
        For the smallest, middle and largest group: ``people``, ``lasting`` (standard deviation
        between groups beyond chance, as a share of expected cost) and ``chance`` (the same of
        chance alone).
    exponent, slope : dict
        How the spread falls, and the level rises, with size.
    minimum_size : list of dict
        ``case`` (``chance`` or ``chance_and_spread``) and people; with the spread only sizes that
        were seen are looked at, and a larger one is infinite (``beyond_seen``: its probability).
    learned : dict of str to float
        For ``k`` and ``exponent``: 1 less the width of what is known over that of what was believed
        before; near 0 the table says nothing of it.
    left_out : int
        Rows of the table in which a number is not available.
    """

    groups: int
    people: float
    classes: list[str]
    k: list[dict[str, object]]
    spread: list[dict[str, object]]
    exponent: Summary
    slope: Summary
    minimum_size: list[dict[str, object]]
    learned: dict[str, float]
    left_out: int


def fit_table(table: OwnGroupTable) -> GroupFit:
    """Return draws of k and of the spread of a reader's own groups; the same every time."""
    generator = np.random.default_rng(seed_for("own groups"))
    return fit_sums(scatter_sums(table.cells), group_priors(), DRAWS, generator)


def answer(table: OwnGroupTable, settings: Settings) -> GroupAnswer:
    """Fit the model of group means to a reader's own groups, and say what follows.

    Parameters
    ----------
    settings : Settings
        Tolerance and probability are used.
    """
    priors, cells, fitted = group_priors(), table.cells, fit_table(table)
    pooled = fitted.squared_k @ cells.part_weight
    exponent = fitted.spread.exponent
    believed = {"k": priors.log_k[1], "exponent": priors.steepest / np.sqrt(12)}
    known = {"k": float(np.std(np.log(pooled) / 2)), "exponent": float(exponent.std())}
    return GroupAnswer(
        groups=len(cells.people),
        people=float(cells.people.sum()),
        classes=list(table.classes),
        k=list(_variations(table, fitted, pooled)),
        spread=_spreads(fitted, np.sqrt(pooled)),
        exponent=summary(exponent),
        slope=summary(fitted.spread.slope),
        minimum_size=_sizes(np.sqrt(pooled), fitted, settings),
        learned={name: 1 - known[name] / believed[name] for name in known},
        left_out=table.left_out,
    )


def _variations(
    table: OwnGroupTable, fitted: GroupFit, pooled: np.ndarray
) -> Iterator[dict[str, object]]:
    everybody = table.parts[0] if len(table.parts) == 1 else EVERYBODY
    told = bool(table.classes)
    yield {"ages": everybody, "within_classes": told} | summary(np.sqrt(pooled))
    if told:
        flat = np.sqrt(pooled + table.cells.between_classes)
        yield {"ages": everybody, "within_classes": False} | summary(flat)
    if len(table.parts) > 1:
        for ages, squared_k in zip(table.parts, fitted.squared_k.T, strict=True):
            yield {"ages": ages, "within_classes": True} | summary(np.sqrt(squared_k))


def _spreads(fitted: GroupFit, k: np.ndarray) -> list[dict[str, object]]:
    spread = fitted.spread
    return [
        {
            "people": people,
            "lasting": summary(spread.at(people)),
            "chance": summary(k / np.sqrt(people)),
        }
        for people in (spread.smallest, spread.reference, spread.largest)
    ]


def _sizes(k: np.ndarray, fitted: GroupFit, settings: Settings) -> list[dict[str, object]]:
    costs = fewer_draws(meps_formula("all"), POOL_DRAWS)
    exact = smallest_pool(costs, settings.tolerance, settings.probability)
    factor = size_over_squared_k(costs, exact)
    both = size_with_spread(k**2 * factor, fitted.spread, settings)
    beyond = float(np.isinf(both).mean())
    return [
        {"case": "chance", **summary(k**2 * factor)},
        {"case": "chance_and_spread", "beyond_seen": beyond, **summary(both)},
    ]


def summary(draws: np.ndarray) -> Summary:
    """Return median and interval by name."""
    value, low, high = (float(number) for number in median_and_interval(draws, axis=0))
    return {"value": value, "low": low, "high": high}
