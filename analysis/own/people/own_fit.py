"""A cost model fitted to a reader's own cells, and the costs that it means."""

from dataclasses import dataclass
from typing import Any

import xarray as xr

from analysis.inference.diagnostics import Diagnostics
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution, cost_distribution


@dataclass(frozen=True)
class OwnFit:
    """A cost model fitted to a user's cells.

    Attributes
    ----------
    cells : RiskCells
        As released.
    manifest : dict
        Of the cells: where they came from and what was done to them.
    crossed : bool
        Whether the first two factors act together, as age and sex do in the book.
    posterior : xarray.Dataset
        Draws of the cell quantities, dims ``chain, draw, cell``, and of ``tail_shape``.
    diagnostics : list of Diagnostics
        One for each part of the posterior.
    """

    cells: RiskCells
    manifest: dict[str, Any]
    crossed: bool
    posterior: xr.Dataset
    diagnostics: list[Diagnostics]

    def costs(self, maximum_multiple: float, draws: int | None = None) -> CostDistribution:
        """Return the distribution of one person's annual cost.

        Parameters
        ----------
        maximum_multiple : float
            Largest possible annual cost of a person, in multiples of the mean.
        draws : int, optional
            At most so many draws, evenly spaced; all by default.

        Returns
        -------
        CostDistribution
            In the currency of the costs.
        """
        all_draws = self.posterior.sizes["chain"] * self.posterior.sizes["draw"]
        step = -(-all_draws // (draws or all_draws))
        chosen = self.posterior.isel(draw=slice(None, None, step))
        return cost_distribution(chosen, self.cells.threshold, self.cells.share, maximum_multiple)
