"""How much of the spread of quality scores shrinks with size, as sampling noise does.

The variance of scores in a size band is that of lasting true differences times (1 + h m), where m
is the mean of 1/N in the band and h the *half size*: the number of people at which half of the
spread between groups of that size is noise. Bands are sufficient statistics: no row is needed.
"""

import pymc as pm
import pytensor.tensor as pt

from analysis.models.quality_noise.data import QualityNoiseData, QualityNoisePriors


def quality_noise_model(
    data: QualityNoiseData, priors: QualityNoisePriors = QualityNoisePriors()
) -> pm.Model:
    """Return the model of the spread of scores by size.

    Returns
    -------
    pymc.Model
        With dims ``year`` and ``band``: ``half_size`` in people, ``true_sd`` by year in score
        units. A sample variance has the gamma distribution of a scaled chi-square. All data are
        `pm.Data`.
    """
    coords = {"year": data.years, "band": range(len(data.variance))}
    with pm.Model(coords=coords) as model:
        year = pm.Data("year_idx", data.year_idx, dims="band")
        freedom = pm.Data("degrees_of_freedom", data.degrees_of_freedom, dims="band")
        variance = pm.Data("variance", data.variance, dims="band")
        inverse_size = pm.Data("inverse_size", data.inverse_size, dims="band")
        weight = pm.Data("weight", 1 / data.design_effect)
        log_half_size = pm.Normal("log_half_size", *priors.log_half_size)
        log_spread = pm.Normal("log_spread", *priors.log_spread, dims="year")
        half_size = pm.Deterministic("half_size", pt.exp(log_half_size))
        typical = 1 + half_size * (freedom * inverse_size).sum() / freedom.sum()
        true_variance = pt.exp(2 * log_spread) / typical
        pm.Deterministic("true_sd", pt.sqrt(true_variance), dims="year")
        expected = true_variance[year] * (1 + half_size * inverse_size)
        terms = -freedom / 2 * (pt.log(expected) + variance / expected)
        pm.Potential("likelihood", weight * terms.sum())
    return model
