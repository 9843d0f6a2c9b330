"""The generalised gamma fitted to RAND's positive costs, the rival of the book's cost model."""

from analysis.fits.rand_costs import COMPARISON_SAMPLER, RAND_FITS, FittedFormula, HurdleFit
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, fit
from analysis.models.generalised_gamma.data import (
    GeneralisedGammaData,
    GeneralisedGammaPriors,
    generalised_gamma_data,
)
from analysis.population.log_histogram import log_histogram

GENERALISED_GAMMA = Builder("analysis.models.generalised_gamma.model", "generalised_gamma_model")


def fit_generalised_gamma(name: str, budget_formula: FittedFormula, *, tail: bool) -> Fit:
    """Fit the generalised gamma to a formula's positive costs, or to those below the threshold.

    Parameters
    ----------
    budget_formula : FittedFormula
        Gives people, cells, threshold and design effects.
    tail : bool
        If true, only costs up to the threshold, cut off there: a body below the formula's tail.
    """
    data, priors = _inputs(budget_formula, tail)
    return fit(name, GENERALISED_GAMMA, data, priors, COMPARISON_SAMPLER)


def _inputs(
    formula: FittedFormula | HurdleFit, tail: bool
) -> tuple[GeneralisedGammaData, GeneralisedGammaPriors]:
    histogram = log_histogram(formula.people, formula.cells.factors)
    upper = formula.cells.threshold if tail else None
    data = generalised_gamma_data(histogram, formula.cells.threshold, upper, formula.effects.body)
    return data, GeneralisedGammaPriors()


def _published(name: str, tail: bool) -> PublishedFit:
    def inputs() -> tuple[GeneralisedGammaData, GeneralisedGammaPriors]:
        return _inputs(RAND_FITS["hurdle-age-sex"](), tail)

    return PublishedFit(name, GENERALISED_GAMMA, inputs, 40, name, COMPARISON_SAMPLER)


PUBLISHED = (
    _published("generalised-gamma", tail=False),
    _published("generalised-gamma-body", tail=True),
)
