r"""Growth of savings with years in a programme, beside calendar year, cohort, size and exit.

The mean savings rate of the cohort that began in year :math:`c`, seen in year :math:`p`, is

.. math::
    \alpha + G\,\frac{1 - e^{-t/T}}{1 - e^{-H/T}} + \pi_p + \gamma_c + \beta x_{cp} + B_{cp},
    \qquad t = p - c

with :math:`\alpha` the level in the first year, :math:`G` the gain over the horizon :math:`H`,
:math:`T` the time constant of the approach to a plateau, :math:`x` the mean of 1/N and :math:`B`
what earlier exits did to those still there.
Age, period and cohort add up (:math:`t = p - c`), so only two of their three linear trends can be
learned (Holford 1983, Biometrics 39:311). The third is given: `GrowthData.period_trend` and
`cohort_trend`, each a mean and a standard deviation, which may be zero.

Given :math:`T`, the scatter of years and cohorts and the dispersion, all else is linear and
normal. So the likelihood is that with the linear part integrated out, and the coefficients are
drawn from their conditional distribution (Gelman and others 2013, Bayesian Data Analysis, 3rd ed.,
section 14.8): what the constraint leaves open costs the sampler nothing.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.growth.data import GrowthData
from analysis.models.growth.priors import GAIN_COLUMN, HORIZON_YEARS, SIZE_COLUMN, GrowthPriors
from analysis.models.small_matrices import product


def growth_model(data: GrowthData, priors: GrowthPriors) -> pm.Model:
    """Return the model of growth of savings.

    Returns
    -------
    pymc.Model
        With dims ``mean``, ``period``, ``cohort`` and ``coefficient``. ``level`` is the first
        year's saving, ``gain`` the gain over the horizon and ``plateau_gain`` that of the plateau
        (percentage points), ``years_to_80pct`` the years to 80 % of the plateau's gain,
        ``rise_within_cohorts`` the gain over the horizon with the calendar's trend;
        ``period_effect`` and ``cohort_effect`` include their trends; ``expected`` is what the
        means should be.
    """
    names, plain = _design(data)
    with pm.Model(coords=_coords(data, names)) as model:
        whitener = pm.Data("whitener", data.whitener, dims=("row", "mean"))
        observed, design = _whitened(data, plain)
        reached, mean_reached = _reached(data, priors)
        column = pt.concatenate([product(whitener, reached), pt.zeros(len(data.bands))])
        of_gain = pm.Data("of_gain", np.eye(len(names))[GAIN_COLUMN], dims="coefficient")
        rising = design + column[:, None] * of_gain[None, :]
        prior_mean, prior_sd = _prior(data, priors)
        coefficient = _integrated(
            data, priors, observed - product(rising, prior_mean), rising * prior_sd
        )
        coefficient = prior_mean + prior_sd * coefficient
        _name_parts(data, names, coefficient, mean_reached)
        plain_design = pm.Data("plain_design", plain, dims=("mean", "coefficient"))
        rates = product(plain_design, coefficient) + coefficient[GAIN_COLUMN] * reached
        shift = pm.Data("exit_shift", data.exit_shift, dims="mean")
        pm.Deterministic("expected", rates + shift, dims="mean")
    return model


def _coords(data: GrowthData, names: list[str]) -> dict[str, list[str] | range]:
    return {
        "mean": data.means,
        "row": data.means,
        "all_rows": [*data.means, *data.bands],
        "period": data.periods,
        "cohort": data.cohorts,
        "coefficient": names,
    }


def _design(data: GrowthData) -> tuple[list[str], np.ndarray]:
    """Names of the coefficients, and the design of the means without the column of growth."""
    rows = len(data.means)
    columns = {
        "middle": np.ones(rows),
        "gain": np.zeros(rows),
        "period_trend": data.period_slope[data.period_idx],
        "cohort_trend": data.cohort_slope[data.cohort_idx],
        "size": data.inverse_size,
    }
    for name, basis, idx in (
        ("period", data.period_basis, data.period_idx),
        ("cohort", data.cohort_basis, data.cohort_idx),
    ):
        columns |= {f"{name}_scatter_{i}": basis[idx, i] for i in range(basis.shape[1])}
    return list(columns), np.column_stack(list(columns.values()))


def _whitened(data: GrowthData, plain: np.ndarray) -> tuple[pt.TensorVariable, pt.TensorVariable]:
    """Means and size bands with independent errors of variance 1, and their design."""
    bands = np.zeros((len(data.bands), plain.shape[1]))
    bands[:, SIZE_COLUMN] = data.band_inverse / data.band_error
    means = data.whitener @ (data.mean_rate - data.exit_shift)
    observed = np.concatenate([means, data.band_contrast / data.band_error])
    design = np.concatenate([data.whitener @ plain, bands])
    return (
        pm.Data("observed", observed, dims="all_rows"),
        pm.Data("design", design, dims=("all_rows", "coefficient")),
    )


def _reached(data: GrowthData, priors: GrowthPriors) -> tuple[pt.TensorVariable, pt.TensorVariable]:
    """Share of the gain over the horizon that is made, less its mean, and that mean."""
    elapsed = pm.Data("elapsed", data.elapsed, dims="mean")
    median, log_sd = priors.years_to_80pct
    years = pm.LogNormal("years_to_80pct", np.log(median), log_sd)
    constant = years / np.log(5)  # exp(-years/T) = 1/5
    whole = pm.Deterministic("share_of_plateau", -pt.expm1(-HORIZON_YEARS / constant))
    reached = -pt.expm1(-elapsed / constant) / whole
    return reached - pt.mean(reached), pt.mean(reached)


def _prior(data: GrowthData, priors: GrowthPriors) -> tuple[pt.TensorVariable, pt.TensorVariable]:
    """Means and standard deviations of the coefficients' priors, in the order of `_design`."""
    free = data.period_basis.shape[1], data.cohort_basis.shape[1]
    trends = data.period_trend, data.cohort_trend
    mean = [0.0, 0.0, *(trend[0] for trend in trends), 0.0, *np.zeros(sum(free))]
    given = [priors.level_points, priors.gain_points, *(trend[1] for trend in trends)]
    given += [priors.size_points, *np.zeros(sum(free))]
    of_period = np.repeat([0.0, 1.0, 0.0], [len(given) - sum(free), *free])
    of_cohort = np.repeat([0.0, 0.0, 1.0], [len(given) - sum(free), *free])
    prior_mean, prior_sd, of_period, of_cohort = (
        pm.Data(name, np.array(values), dims="coefficient")
        for name, values in (
            ("prior_mean", mean),
            ("given_sd", given),
            ("of_period", of_period),
            ("of_cohort", of_cohort),
        )
    )
    period_sd = pm.HalfNormal("period_sd", priors.period_points)
    cohort_sd = pm.HalfNormal("cohort_sd", priors.cohort_points)
    return prior_mean, prior_sd + period_sd * of_period + cohort_sd * of_cohort


def _integrated(
    data: GrowthData,
    priors: GrowthPriors,
    residual: pt.TensorVariable,
    design: pt.TensorVariable,
) -> pt.TensorVariable:
    """Add the likelihood with standard normal coefficients integrated out; return draws of them."""
    log_dispersion = pm.Normal("log_dispersion", 0, priors.dispersion)
    precision = pt.exp(-log_dispersion)
    included = pm.Data("n_included", np.float64(data.n_included))
    root = pt.linalg.cholesky(pt.eye(design.shape[1]) + precision * product(design.T, design))
    half = pt.linalg.solve_triangular(root, precision * product(design.T, residual), lower=True)
    squares = precision * pt.sum(residual**2) - pt.sum(half**2)
    log_determinant = 2 * pt.sum(pt.log(pt.diag(root))) + included * log_dispersion
    pm.Potential("likelihood", -0.5 * (squares + log_determinant))
    fresh = pm.Normal("fresh", 0, 1, dims="coefficient")
    return pt.linalg.solve_triangular(root.T, half + fresh, lower=False)


def _name_parts(
    data: GrowthData,
    names: list[str],
    coefficient: pt.TensorVariable,
    mean_reached: pt.TensorVariable,
) -> None:
    """Give the quantities that readers ask for their names."""
    by_name = {name: coefficient[i] for i, name in enumerate(names)}
    for name in ("gain", "period_trend", "cohort_trend", "size"):
        pm.Deterministic(name, by_name[name])
    model = pm.modelcontext(None)
    pm.Deterministic("plateau_gain", by_name["gain"] / model["share_of_plateau"])
    pm.Deterministic("level", by_name["middle"] - by_name["gain"] * mean_reached)
    rise = by_name["gain"] + HORIZON_YEARS * by_name["period_trend"]
    pm.Deterministic("rise_within_cohorts", rise)
    for name in ("period", "cohort"):
        at = [i for i, label in enumerate(names) if label.startswith(f"{name}_scatter")]
        basis = pm.Data(f"{name}_basis", getattr(data, f"{name}_basis"))
        slope = pm.Data(f"{name}_slope", getattr(data, f"{name}_slope"), dims=name)
        effect = by_name[f"{name}_trend"] * slope + product(basis, coefficient[at[0] : at[-1] + 1])
        pm.Deterministic(f"{name}_effect", effect, dims=name)
