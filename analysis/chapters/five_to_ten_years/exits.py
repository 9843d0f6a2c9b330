"""What exits did to the mean saving of organisations long in the programme."""

import numpy as np
import pandas as pd

from analysis.fits.savings_components import MsspComponents
from analysis.fits.savings_growth import known_spread
from analysis.models.growth.cohorts import KnownSpread, exit_shift
from analysis.report.monte_carlo import Simulated

LATE = 5
"""Years since the first from which a cohort counts as late."""


def late_exit_shift(
    table: pd.DataFrame, known: KnownSpread, components: MsspComponents, blocks: int = 50
) -> Simulated:
    """Return what exits added to the mean saving of late cohorts, in percentage points.

    Its error is that of the mean over blocks of consecutive draws of the components.
    """
    draws = components.fit.posterior.sizes["draw"] // blocks
    shifts = [
        _late_shift(table, known_spread(components, slice(draws * block, draws * (block + 1))))
        for block in range(blocks)
    ]
    error = float(np.std(shifts, ddof=1)) / np.sqrt(blocks)
    return Simulated(_late_shift(table, known), error)


def _late_shift(table: pd.DataFrame, known: KnownSpread) -> float:
    late = table["elapsed"] >= LATE
    return float(np.average(exit_shift(table, known)[late], weights=table["n"][late]))
