"""What specific and aggregate stop-loss of one group of a reader's people cost and do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.intervals import interval_columns
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import FEWEST_DRAWS, check_cover, exact_costs
from analysis.own.people.settings import Settings
from analysis.risk.group_cover import GroupTerms, group_cover, laser_excess

SIZES = (50, 10_000_000)
MOST_CORRIDOR = 2.0
MOST_TREND, MOST_YEARS = 0.5, 10.0
LARGEST_LASER = 1e15


@dataclass(frozen=True)
class Group:
    """A group that buys cover.

    Attributes
    ----------
    people : int
        Whose mix of cells is that of the population.
    corridor : float
        See `analysis.risk.group_cover.GroupTerms`.
    lasers : tuple of float
        Attachment points of single people, in the currency of the costs.
    """

    people: int
    corridor: float
    lasers: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no group is."""
        if not SIZES[0] <= self.people <= SIZES[1]:
            raise InputError(f"--people {self.people}: give {SIZES[0]} to {SIZES[1]:,} people")
        if not 0 <= self.corridor <= MOST_CORRIDOR:
            raise InputError(
                f"--corridor {100 * self.corridor:g}: give 0 to {100 * MOST_CORRIDOR:g} percent of "
                "the expected claims, such as 25 for cover from 125%"
            )
        if not all(0 < laser <= LARGEST_LASER for laser in self.lasers):
            raise InputError("--laser: give amounts above 0 in the currency of the costs")


def growth_factor(trend: float, years: float) -> float:
    """Return by how much costs grow from the data's year to the contract year.

    Parameters
    ----------
    trend : float
        A year, as a share: 0.07 for 7 %.
    years : float
        From the middle of the data's year to the middle of the contract year.
    """
    if not -MOST_TREND <= trend <= MOST_TREND:
        most = 100 * MOST_TREND
        raise InputError(f"--trend {100 * trend:g}: give {-most:g} to {most:g} percent a year")
    if not 0 <= years <= MOST_YEARS:
        raise InputError(f"--years {years:g}: give 0 to {MOST_YEARS:g} years")
    return float((1 + trend) ** years)


def group_stop_loss_table(
    fitted: OwnFit,
    settings: Settings,
    group: Group,
    covers: Sequence[tuple[float, float]],
    growth: float,
) -> pd.DataFrame:
    """Return premiums and what is left to a group, by specific cover.

    Parameters
    ----------
    covers : sequence of (float, float)
        Attachment point over today's mean cost, and share of the excess that the group keeps.
    growth : float
        From `growth_factor`.

    Returns
    -------
    DataFrame, one row a cover
        ``attachment`` (currency), ``multiple``, ``share_kept``, ``laser_excess`` (currency, of the
        whole group), and with ``_low`` and ``_high``: ``expected``, ``specific``, ``aggregate``,
        ``most`` (a head, contract year) and ``aggregate_pays`` (probability).

    Raises
    ------
    InputError
        If a cover is outside its range, or the group too small for its costs.
    """
    check_cover(settings, [m / growth for m, _ in covers], [share for _, share in covers])
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    mean = float(np.median(costs.population_mean()))
    rows = []
    for multiple, share in covers:
        terms = GroupTerms(multiple, share, group.corridor, growth)
        try:
            found = group_cover(costs, group.people, terms)
        except ValueError as error:
            raise InputError(f"--people {group.people}: {error}") from error
        attachment = multiple * mean
        row = {"attachment": attachment, "multiple": multiple, "share_kept": share}
        row["laser_excess"] = laser_excess(list(group.lasers), attachment)
        for name, draws in vars(found).items():
            row |= {key: float(value) for key, value in interval_columns(name, draws).items()}
        rows.append(row)
    return pd.DataFrame(rows)
