r"""The generalised gamma model of positive cost, fitted to a fine histogram by risk cell.

Log cost is :math:`\mu_c + \sigma_c w`, and :math:`w` has the density of Prentice (1974,
Biometrika 61:539),

.. math:: \log f(w) = c(q) - \tfrac{1}{q^2}\left(e^{qw} - 1 - qw\right).

The shape :math:`q` is one for all cells. At 0 the cost is lognormal, at :math:`\sigma` gamma, at 1
Weibull; below 0 it has a Pareto tail, whose index is :math:`1 / (\sigma |q|)` (Manning, Basu &
Mullahy 2005, Journal of Health Economics 24:465, who propose it as a test of the others). Costs may
be cut off at an upper end, so that the same model serves as the body below a separate tail.
"""

from dataclasses import dataclass, field

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.hurdle.partial_pooling import (
    contrasts,
    pooled_quantities,
    pooling_coords,
)
from analysis.population.log_histogram import LogHistogram

ENTRIES_STEP = 512
REACH = 20.0
"""Standard deviations of log cost, on either side, outside which there is no probability left."""

NODES = 96
"""Of the Gauss-Legendre rule for the probability below the cut. Its log is right to 1e-7 for shapes
between -1 and 1, and to 2e-5 up to 1.4, where the reach cuts off the left tail."""


@dataclass(frozen=True)
class GeneralisedGammaPriors:
    """Priors, relative to the log of the unit; normal priors are (mean, standard deviation).

    Attributes
    ----------
    centre, log_width : tuple of float
        Intercepts of the mean of log cost and of the log of its scale, as location and log scale
        in `analysis.models.hurdle.priors.HurdlePriors`.
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
    log_upper : float
        Where costs are cut off, relative to the log of the unit; large where they are not.
    weight : float
        Inverse design effect of repeated years.
    levels : dict of str to ndarray of int, shape (cell,)
    level_names : dict of str to list of str
    cell_labels : list of str
    """

    entry_cell: np.ndarray
    count: np.ndarray
    log_cost: np.ndarray
    variance: np.ndarray
    n: np.ndarray
    log_upper: float
    weight: float
    levels: dict[str, np.ndarray]
    level_names: dict[str, list[str]]
    cell_labels: list[str]


def generalised_gamma_data(
    histogram: LogHistogram, unit: float, upper: float | None = None, design_effect: float = 1.0
) -> GeneralisedGammaData:
    """Turn a histogram into the arrays of the model.

    Parameters
    ----------
    histogram : LogHistogram
    unit : float
        Amount that locations are relative to, above 0, in the currency of the costs.
    upper : float, optional
        Costs above it are left out, and the likelihood is that of costs cut off there; an edge of
        the histogram. By default nothing is cut off.
    design_effect : float
        At least 1; divides the log-likelihood.

    Returns
    -------
    GeneralisedGammaData
    """
    table = (histogram if upper is None else histogram.up_to(upper)).table
    keys = list(histogram.factors)
    # Cells from the whole histogram: a cell whose costs all lie above the cut stays, empty.
    cells = histogram.table[keys].drop_duplicates().reset_index(drop=True)
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
        log_upper=1e3 if upper is None else float(np.log(upper / unit)),
        weight=1 / design_effect,
        levels={key: cells[key].astype(str).map(names[key].index).to_numpy() for key in keys},
        level_names=names,
        cell_labels=[" · ".join(row) for row in cells[keys].astype(str).to_numpy()],
    )


def standard_log_density(w: pt.TensorVariable, q: pt.TensorVariable) -> pt.TensorVariable:
    """Log density of the standardised log cost; smooth through the lognormal at shape 0."""
    lognormal = pt.lt(pt.abs(q), 0.1)
    inverse = pt.switch(lognormal, 1.0, 1 / pt.sqr(q))
    # At small q the two lines cancel to an expansion in q (Stirling's series).
    exact = 0.5 * pt.log(inverse * 2 * np.pi) - inverse + (inverse - 1) * pt.log(inverse)
    series = -pt.sqr(q) / 12 + q**6 / 360
    constant = pt.switch(lognormal, series, exact - pt.gammaln(inverse))
    x = q * w
    near = pt.lt(pt.abs(x), 0.03)
    safe = pt.switch(near, 1.0, x)
    curve = pt.switch(
        near, 1 + x / 3 + x**2 / 12 + x**3 / 60, 2 * (pt.expm1(safe) - safe) / safe**2
    )
    return constant - 0.5 * np.log(2 * np.pi) - 0.5 * curve * pt.sqr(w)


def _log_below(z: pt.TensorVariable, q: pt.TensorVariable) -> pt.TensorVariable:
    """Log of the probability that the standardised log cost is below z, by quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = (pt.minimum(z, REACH) + REACH) / 2
    at = half[:, None] * (nodes[None, :] + 1) - REACH
    density = pt.exp(standard_log_density(at, q))
    return pt.log(half * pt.sum(density * weights[None, :], axis=1))


def generalised_gamma_model(
    data: GeneralisedGammaData, priors: GeneralisedGammaPriors = GeneralisedGammaPriors()
) -> pm.Model:
    """Return the generalised gamma model of positive cost for a histogram by cell.

    Parameters
    ----------
    data : GeneralisedGammaData
    priors : GeneralisedGammaPriors

    Returns
    -------
    pymc.Model
        With dims ``cell``, ``entry`` and one for each factor; ``location`` and ``log_scale`` by
        cell, relative to the unit, and the scalar ``shape``. All data are `pm.Data`, the cut
        included, so that one compiled model serves with and without it.
    """
    intercepts = {"centre": priors.centre, "log_width": priors.log_width}
    effects = contrasts(data.levels, data.level_names, data.n)
    coords = {"cell": data.cell_labels, "entry": range(len(data.count))}
    with pm.Model(coords=coords | pooling_coords(intercepts, data.level_names)) as model:
        entry_cell, count, log_cost, variance = (
            pm.Data(name, getattr(data, name), dims="entry")
            for name in ("entry_cell", "count", "log_cost", "variance")
        )
        n = pm.Data("n", data.n, dims="cell")
        log_upper, weight = pm.Data("log_upper", data.log_upper), pm.Data("weight", data.weight)
        centre, log_width = pooled_quantities(intercepts, priors.effect_scale, effects).values()
        shape = pm.Normal("shape", *priors.shape)
        scale = pt.exp(log_width)
        # The mean of w is close to -q / 2. Without this shift, shape and location would be traded
        # against each other, which slows the sampler.
        location = pm.Deterministic("location", centre + scale * shape / 2, dims="cell")
        pm.Deterministic("log_scale", log_width, dims="cell")
        w = (log_cost - location[entry_cell]) / scale[entry_cell]
        # The second term: half the variance inside a bin times the curvature of the log density.
        spread = 0.5 * variance * pt.exp(shape * w) / pt.sqr(scale[entry_cell])
        bins = pt.sum(count * (standard_log_density(w, shape) - spread))
        cells = pt.sum(n * (log_width + _log_below((log_upper - location) / scale, shape)))
        pm.Potential("likelihood", weight * (bins - cells))
    return model
