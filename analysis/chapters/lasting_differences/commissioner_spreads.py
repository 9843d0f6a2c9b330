"""Models of how English commissioners' balances spread that have not seen their outturns."""

import numpy as np
import xarray as xr

from analysis.fits.english_group_spread import from_practices_alone
from analysis.fits.savings_components import MsspComponents
from analysis.risk.outturns import DRAWS, Spread


def commissioner_spreads(k: np.ndarray, components: MsspComponents) -> dict[str, Spread]:
    """Return three models of the standard deviations of commissioners' balances.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Coefficient of variation of one person's cost given the budget.

    Returns
    -------
    dict of str to callable
        ``chance``; ``american``, with the lasting differences of US organisations of the same size;
        ``foretold``, with what English practices and other countries' laws of size foretell. See
        `analysis.risk.outturns.Spread`.
    """

    def chance(people: np.ndarray) -> np.ndarray:
        return _thinned(k)[:, None] / np.sqrt(people)

    def american(people: np.ndarray) -> np.ndarray:
        by_size = components.persistent_spread(xr.DataArray(people, dims="organisation"))
        stacked = by_size.transpose("chain", "draw", "organisation").to_numpy()
        return np.hypot(chance(people), _thinned(stacked.reshape(-1, len(people))))

    def foretold(people: np.ndarray) -> np.ndarray:
        return np.hypot(chance(people), _thinned(from_practices_alone(people)))

    return {"chance": chance, "american": american, "foretold": foretold}


def _thinned(draws: np.ndarray) -> np.ndarray:
    return draws[np.linspace(0, len(draws) - 1, DRAWS).astype(int)]
