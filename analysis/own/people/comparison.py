"""A reader's answer beside that of other populations, at the same ages where ages are told."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.fits.dutch_variation import dutch_k
from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import rand_formula
from analysis.fits.tail_evidence import RAND
from analysis.intervals import median_and_interval
from analysis.own.people.ages import cells_of_ages
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import FEWEST_DRAWS, exact_costs
from analysis.own.people.settings import Settings
from analysis.own.people.some_cells import SomeCells
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost, fewer_draws
from analysis.risk.minimum_size import smallest_pool

THESE = "These people"

LEAST_SHARE = 0.02
"""Fewer of a reader's people at some ages than this are not compared."""


@dataclass(frozen=True)
class Ages:
    """A range of ages in whole years, from `low` to below `high`."""

    words: str
    low: float = 0.0
    high: float = np.inf


EVERYBODY, UNDER_65 = Ages("all ages"), Ages("under 65", high=65.0)
OVER_64 = Ages("65 and over", low=65.0)


@dataclass(frozen=True)
class Population:
    """Another population.

    Attributes
    ----------
    costs : callable
        Returns its cost distribution, in cells of age and sex.
    k : callable, optional
        Returns draws of its k with one budget for everybody, where that is all that is known of
        it; `costs` are then those of people of the same ages, who say how size goes with k.
    """

    name: str
    ages: Ages
    costs: Callable[[], AnnualCost]
    k: Callable[[], np.ndarray] | None = None


MEPS = "US survey (MEPS), 2012-15"
NETHERLANDS = "the Netherlands, 2015"

SCOPES = {
    MEPS: "people of the United States outside institutions; all care that anybody paid for",
    NETHERLANDS: "everybody insured; the basic package of statutory insurance with the own excess, "
    "without long-term and youth care",
    RAND: "US families of an experiment with cost sharing; all care but that of dentists and "
    "outpatient mental health",
}
"""Whose costs each other population has, and which care is in them."""


def _survey(ages: Ages, name: str) -> Population:
    return Population(MEPS, ages, partial(meps_formula, name))


def _dutch(ages: Ages, name: str) -> Population:
    k = partial(dutch_k, name, adjusted=False)
    return Population(NETHERLANDS, ages, partial(meps_formula, name), k)


POPULATIONS = (
    _survey(EVERYBODY, "all"),
    _dutch(EVERYBODY, "all"),
    _survey(UNDER_65, "under_65"),
    _dutch(UNDER_65, "under_65"),
    Population(RAND, UNDER_65, lambda: rand_formula("age_sex").costs),
    _survey(OVER_64, "over_64"),
    _dutch(OVER_64, "over_64"),
)
"""The populations beside which an answer is put, in the order of their ages."""


def beside_others(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return k and minimum size of a reader's people and of other populations, by ages.

    With one budget for everybody of these ages, so that what the cells know plays no part.

    Returns
    -------
    DataFrame, one row a population and range of ages
        ``ages``, ``population``, ``share`` (of a reader's people who are known to be of these ages;
        missing for others), ``k`` and ``people`` with ``_low`` and ``_high``, and ``scope`` (whose
        costs, and of which care; empty for these people). Everybody first,
        then the ages of each other population that the cells tell apart.
    """
    own = exact_costs(fitted, settings, FEWEST_DRAWS)
    rows = [_row(EVERYBODY, THESE, 1.0, own, settings)]
    for ages in dict.fromkeys(population.ages for population in POPULATIONS):
        member = None if ages == EVERYBODY else _known(fitted, ages)
        if member is not None:
            share = float(own.share[member].sum())
            rows.append(_row(ages, THESE, share, SomeCells.of(own, member), settings))
        rows += [
            _row(ages, population.name, np.nan, _some_draws(population), settings, population.k)
            for population in POPULATIONS
            if population.ages == ages
        ]
    columns = [f"{name}{end}" for name in ("k", "people") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=["ages", "population", "share", *columns])
    return table.assign(scope=[SCOPES.get(name, "") for name in table["population"]])


def _some_draws(population: Population) -> AnnualCost:
    return fewer_draws(population.costs(), FEWEST_DRAWS)


def _known(fitted: OwnFit, ages: Ages) -> np.ndarray | None:
    """Cells known to be of some ages, if they hold people enough to compare."""
    member = cells_of_ages(fitted.cells, ages.low, ages.high)
    if member is None or fitted.cells.share[member].sum() < LEAST_SHARE:
        return None
    return member


def _row(
    ages: Ages,
    name: str,
    share: float,
    costs: AnnualCost,
    settings: Settings,
    known_k: Callable[[], np.ndarray] | None = None,
) -> tuple[str | float, ...]:
    # At one tolerance and limit the size goes with k squared; within cells it is known exactly.
    within = smallest_pool(costs, settings.tolerance, settings.probability)
    factor = within / variation(costs, adjusted=True) ** 2
    k = variation(costs, adjusted=False) if known_k is None else known_k()
    size = (factor if known_k is None else np.median(factor)) * k**2
    return (ages.words, name, share, *_interval(k), *_interval(size))


def _interval(draws: np.ndarray) -> np.ndarray:
    return median_and_interval(draws, axis=0)


def comparison_sentences(beside: pd.DataFrame) -> list[str]:
    """Return what the table says, one sentence a range of ages.

    Parameters
    ----------
    beside : DataFrame
        From `beside_others`.
    """
    own = beside[beside["population"] == THESE].set_index("ages")
    others = beside[beside["population"] != THESE]
    told = others["ages"].isin(own.index)
    # Where no ages can be told apart, everybody stands beside everybody else.
    rows = others[told] if told.any() else others
    sentences = []
    for ages, group in rows.groupby("ages", sort=False):
        like = ages in own.index
        mine = own.loc[ages if like else EVERYBODY.words].to_dict()
        elsewhere = " and ".join(
            f"{_with_ends(row)} in {row['population']} ({_apart(mine, row)})"
            for row in group.to_dict("records")
        )
        sentences.append(
            f"{str(ages).capitalize()}: k is {_with_ends(mine)} here, and {elsewhere}."
        )
    if not told.all():
        sentences.append(
            "Your groups do not tell the ages of the other populations apart. Older people cost "
            "more and vary less, so compare like with like."
        )
    return sentences


def scope_sentence(beside: pd.DataFrame) -> str:
    """Return whose costs the other populations have, and of which care.

    Parameters
    ----------
    beside : DataFrame
        From `beside_others`.
    """
    scopes = dict(zip(beside["population"], beside["scope"], strict=True))
    told = [f"{name}: {scope}." for name, scope in scopes.items() if scope]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in told)


def _with_ends(row: Mapping[Hashable, float]) -> str:
    return f"{row['k']:.2f} ({row['k_low']:.2f} to {row['k_high']:.2f})"


def _apart(mine: Mapping[Hashable, float], other: Mapping[Hashable, float]) -> str:
    if mine["k_low"] > other["k_high"]:
        return "these people vary more"
    if mine["k_high"] < other["k_low"]:
        return "these people vary less"
    return "the intervals overlap"
