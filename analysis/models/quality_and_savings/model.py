"""Do groups that save more have better or worse quality scores? A correlation a year, pooled.

The likelihood is that of a bivariate normal given what is sufficient for its correlation: the
observed correlation of savings rate and quality score, and the number of groups, by year.
"""

import pymc as pm
import pytensor.tensor as pt

from analysis.models.quality_and_savings.data import QualitySavingsData, QualitySavingsPriors


def quality_savings_model(
    data: QualitySavingsData, priors: QualitySavingsPriors = QualitySavingsPriors()
) -> pm.Model:
    """Return the model of one correlation a year, partially pooled.

    Returns
    -------
    pymc.Model
        With dim ``year``: ``correlation`` by year, ``mean_correlation`` (at the mean of Fisher's z)
        and ``new_year``, the correlation of a year not seen. All data are `pm.Data`.
    """
    with pm.Model(coords={"year": data.years}) as model:
        freedom = pm.Data("degrees_of_freedom", data.degrees_of_freedom, dims="year")
        observed = pm.Data("observed_correlation", data.correlation, dims="year")
        weight = pm.Data("weight", 1 / data.design_effect)
        mean = pm.Normal("mean_z", *priors.mean)
        spread = pm.Gamma("year_spread", alpha=2, beta=2 / priors.year_spread)
        offset = pm.Normal("offset", dims="year")
        correlation = pm.Deterministic("correlation", pt.tanh(mean + spread * offset), dims="year")
        log_savings = pm.Normal("log_savings_sd", 0.0, priors.log_sd, dims="year")
        log_quality = pm.Normal("log_quality_sd", 0.0, priors.log_sd, dims="year")
        terms = scatter_term(freedom, observed, correlation, log_savings, log_quality)
        pm.Potential("likelihood", weight * terms.sum())
        pm.Deterministic("mean_correlation", pt.tanh(mean))
        pm.Deterministic("new_year", pt.tanh(mean + spread * pm.Normal("new_offset")))
    return model


def scatter_term(
    freedom: pt.TensorVariable,
    observed: pt.TensorVariable,
    correlation: pt.TensorVariable,
    log_savings: pt.TensorVariable,
    log_quality: pt.TensorVariable,
) -> pt.TensorVariable:
    """Return the log-likelihood of observed scatter about the mean, up to a constant.

    The Wishart density of the sums of squares and products of a bivariate normal (Anderson 2003,
    An Introduction to Multivariate Statistical Analysis, section 7.2), in standardised units: the
    observed variances are 1, and the true standard deviations are multiples of the observed ones.

    Parameters
    ----------
    freedom, observed : TensorVariable, shape (year,)
        Degrees of freedom and observed correlation.
    correlation : TensorVariable, shape (year,)
        True correlation.
    log_savings, log_quality : TensorVariable, shape (year,)
        Logs of the true over the observed standard deviations.

    Returns
    -------
    TensorVariable, shape (year,)
    """
    determinant = 2 * (log_savings + log_quality) + pt.log1p(-(correlation**2))
    squares = pt.exp(-2 * log_savings) + pt.exp(-2 * log_quality)
    product = 2 * correlation * observed * pt.exp(-log_savings - log_quality)
    return -freedom / 2 * (determinant + (squares - product) / (1 - correlation**2))
