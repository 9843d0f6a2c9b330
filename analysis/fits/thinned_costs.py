"""The cost distribution of a fitted formula on fewer draws: for curves, maps and comparisons."""

from analysis.evidence.assumptions import assumption
from analysis.fits.rand_costs import FittedFormula
from analysis.risk.cost_distribution import CostDistribution, cost_distribution


def thinned_costs(
    formula: FittedFormula, draws: int, maximum_multiple: float | None = None
) -> CostDistribution:
    """Return the cost distribution of so many posterior draws.

    Parameters
    ----------
    draws : int
        Over all chains.
    maximum_multiple : float, optional
        Largest annual cost of a person, in multiples of the mean; the project's by default.
    """
    maximum = maximum_multiple or assumption("maximum_annual_cost_multiple").value
    cells = formula.cells
    return cost_distribution(formula.fit.thinned(draws), cells.threshold, cells.share, maximum)
