"""What the generalised gamma model needs of a histogram, and its priors."""

from dataclasses import dataclass, field

import numpy as np

from analysis.population.log_histogram import LogHistogram

ENTRIES_STEP = 512


@dataclass(frozen=True)
class GeneralisedGammaPriors:
    """Priors, relative to the log of the unit; normal priors are (mean, standard deviation).

    Attributes
    ----------
    centre, log_width : tuple of float
        Intercepts of the mean of log cost and of the log of its scale.
    effect_scale : dict of str to float
        Spread expected between the levels of a factor, by cell quantity.
    shape : tuple of float
        Of q: centred on the lognormal, and wide enough to reach the Weibull.
    """

    centre: tuple[float, float] = (-2.0, 1.5)
    log_width: tuple[float, float] = (0.2, 0.5)
    effect_scale: dict[str, float] = field(
        default_factory=lambda: {"centre": 0.5, "log_width": 0.1}
    )
    shape: tuple[float, float] = (0.0, 0.5)


@dataclass(frozen=True)
class GeneralisedGammaData:
    """What the model needs of a histogram; arrays of shape (entry,) unless said.

    Attributes
    ----------
    entry_cell : ndarray of int
        Cell of each bin that holds anybody.
    count, log_cost, variance : ndarray
        People in it, and mean and variance of their log cost, relative to the log of the unit.
        Entries with nobody fill the arrays up to a round length.
    n : ndarray, shape (cell,)
        People with a cost.
    weight : float
        Inverse design effect of repeated years.
    levels : dict of str to ndarray of int, shape (cell,)
    """

    entry_cell: np.ndarray
    count: np.ndarray
    log_cost: np.ndarray
    variance: np.ndarray
    n: np.ndarray
    weight: float
    levels: dict[str, np.ndarray]
    level_names: dict[str, list[str]]
    cell_labels: list[str]


def generalised_gamma_data(
    histogram: LogHistogram, unit: float, design_effect: float = 1.0
) -> GeneralisedGammaData:
    """Turn a histogram into the arrays of the model.

    Parameters
    ----------
    unit : float
        Amount that locations are relative to, above 0, in the currency of the costs.
    design_effect : float
        At least 1; divides the log-likelihood.
    """
    table, keys = histogram.table, list(histogram.factors)
    cells = table[keys].drop_duplicates().reset_index(drop=True)
    cell = table[keys].merge(cells.reset_index(), how="left", on=keys)["index"].to_numpy()
    padding = (0, -(-max(len(table), 1) // ENTRIES_STEP) * ENTRIES_STEP - len(table))
    names = {key: sorted(cells[key].astype(str).unique()) for key in keys}
    count = table["n"].to_numpy(float)
    return GeneralisedGammaData(
        entry_cell=np.pad(cell, padding),
        count=np.pad(count, padding),
        log_cost=np.pad(table["mean_log"].to_numpy() - np.log(unit), padding),
        variance=np.pad(table["variance_log"].to_numpy(), padding),
        n=np.bincount(cell, weights=count, minlength=len(cells)),
        weight=1 / design_effect,
        levels={key: cells[key].astype(str).map(names[key].index).to_numpy() for key in keys},
        level_names=names,
        cell_labels=[" · ".join(row) for row in cells[keys].astype(str).to_numpy()],
    )
