"""The generalised gamma fitted to RAND's positive costs: a rival form of the cost of one person."""

from analysis.fits.rand_costs import FittedFormula, rand_formula
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler
from analysis.models.generalised_gamma.data import (
    GeneralisedGammaData,
    GeneralisedGammaPriors,
    generalised_gamma_data,
)

GENERALISED_GAMMA = Builder("analysis.models.generalised_gamma.model", "generalised_gamma_model")

UNIT_USD = 10**2.7
"""What locations are relative to: 501 US dollars, three times RAND's mean cost."""


def _inputs(formula: FittedFormula) -> tuple[GeneralisedGammaData, GeneralisedGammaPriors]:
    from analysis.population.log_histogram import log_histogram  # Ibis, long to import

    histogram = log_histogram(formula.people, formula.cells.factors)
    data = generalised_gamma_data(histogram, UNIT_USD, formula.effects.body)
    return data, GeneralisedGammaPriors()


def _rand_inputs() -> tuple[GeneralisedGammaData, GeneralisedGammaPriors]:
    return _inputs(rand_formula("age_sex"))


PUBLISHED = (
    PublishedFit(
        "generalised-gamma", GENERALISED_GAMMA, _rand_inputs, 40, "generalised-gamma",
        Sampler(tune=500),
    ),
)  # fmt: skip


def rand_generalised_gamma() -> Fit:
    """Return the generalised gamma of RAND's positive costs by age and sex."""
    return PUBLISHED[0].fit()
