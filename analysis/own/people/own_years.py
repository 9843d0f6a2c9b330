"""How far a group's own years may be believed beside the budget of a reader's people."""

from dataclasses import dataclass

import pandas as pd

from analysis.errors import InputError
from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.settings import Settings
from analysis.own.people.size_curves import lasting_draws
from analysis.risk.adjustment import variation
from analysis.risk.credibility import credibility, full_credibility, limited_fluctuation

MOST_PEOPLE, MOST_YEARS = 100_000_000, 50.0


@dataclass(frozen=True)
class OwnYears:
    """A group with costs of its own: so many heads in each of so many years."""

    people: int
    years: float

    def __post_init__(self) -> None:
        """Refuse what no group has."""
        if not 1 <= self.people <= MOST_PEOPLE:
            raise InputError(f"--people {self.people}: give 1 to {MOST_PEOPLE:,} people")
        if not 0 < self.years <= MOST_YEARS:
            raise InputError(
                f"--years {self.years:g}: give more than 0 and at most {MOST_YEARS:g} years"
            )


def own_years_credibility(fitted: OwnFit, settings: Settings, own: OwnYears) -> pd.DataFrame:
    """Return the weight of a group's own cost over budget against what is expected of all groups.

    Returns
    -------
    DataFrame, one row a measure
        Index ``buhlmann`` (Z, with `Settings.lasting` as the spread between groups),
        ``limited_fluctuation`` (Z by the square-root rule) and ``full`` (heads times years for
        full credibility: within 5 % with 90 %); columns ``value``, ``low``, ``high``. Chance is k
        of a head with budgets that follow the cells, and years are taken as independent.
    """
    k = variation(fitted.costs(settings.maximum), adjusted=True)
    full = full_credibility(k**2)
    spread = lasting_draws(settings, len(k))
    draws = {
        "buhlmann": credibility(own.people, k, spread, years=own.years),
        "limited_fluctuation": limited_fluctuation(own.people * own.years, full),
        "full": full,
    }
    rows = {name: median_and_interval(values, axis=0) for name, values in draws.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])
