"""The book's cost model on a user's released cells."""

from dataclasses import dataclass, field
from typing import Any

from analysis.errors import InputError
from analysis.fits.annual_costs import DRAWS, fit_annual_costs
from analysis.fits.tail_evidence import shape_beside
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.population.clustering import DesignEffects
from analysis.population.risk_cells import RiskCells
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.cost_distribution import CostDistribution

MOST_CELLS = 2_000
"""Cells beyond which a fit would take more memory than an ordinary machine has."""


@dataclass(frozen=True)
class OwnFit:
    """The cost model of a user's cells.

    Attributes
    ----------
    cells : RiskCells
        As released.
    manifest : dict
        Of the cells: where they came from and what was done to them.
    new_shape : NewShape
        What other populations say of the shape of the tail.
    effects : DesignEffects
        How much unequal weights weaken the evidence.
    """

    cells: RiskCells
    manifest: dict[str, Any]
    new_shape: NewShape
    effects: DesignEffects = DesignEffects()
    _by_maximum: dict[float, CostDistribution] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def cover(self) -> float:
        """Mean share of the year that a head was covered; 1 where cover was not told."""
        table = self.cells.table
        return float(table["member_years"].sum() / table["n"].sum())

    def costs(self, maximum_multiple: float, draws: int = DRAWS) -> CostDistribution:
        """Return the distribution of one person's annual cost, in the currency of the costs.

        Parameters
        ----------
        maximum_multiple : float
            Most that a year's care of one person may cost, in multiples of the mean.
        draws : int
            At most so many draws, evenly spaced.
        """
        # Every table of a report asks for the same draws.
        if maximum_multiple not in self._by_maximum:
            self._by_maximum[maximum_multiple] = fit_annual_costs(
                self.cells, self.new_shape, maximum_multiple, self.effects
            )
        return fewer_draws(self._by_maximum[maximum_multiple], draws)


def fit_cells(
    cells: RiskCells, manifest: dict[str, Any], *, new_shape: NewShape | None = None
) -> OwnFit:
    """Return the book's cost model of released cells.

    Every person counts once: whoever has repeated years or clusters has to draw one row each. Where
    rows stand for different numbers of people, counts are divided by Kish's effect of the weights,
    as `cells` wrote it.

    Parameters
    ----------
    manifest : dict
        From `analysis.population.cell_files.read_cells`.
    new_shape : NewShape, optional
        What the book's populations say together, by default.

    Raises
    ------
    InputError
        If there are too many cells, or nobody has a cost.
    """
    if len(cells.table) > MOST_CELLS:
        raise InputError(
            f"{len(cells.table):,} cells are more than the {MOST_CELLS:,} that can be fitted; make "
            "cells with fewer factors or wider groups"
        )
    if not cells.table["n_positive"].sum():
        raise InputError("nobody in these cells has a cost; there is nothing to fit")
    effect = float(manifest.get("weight_effect", 1.0))
    effects = DesignEffects(effect, effect, effect)
    return OwnFit(cells, manifest, new_shape or shape_beside(), effects)
