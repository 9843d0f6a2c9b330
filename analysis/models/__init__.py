"""Models: PyMC models and their classical peers, one a file; data and priors in, model out."""

from analysis.models.classical import CLASSICAL_MODELS
from analysis.models.evidence_synthesis import (
    SCOPES,
    PublishedVariation,
    SynthesisPriors,
    evidence_synthesis_model,
)
from analysis.models.hurdle import HurdleData, hurdle_data, hurdle_model
from analysis.models.hurdle_priors import HurdlePriors, describe_priors
from analysis.models.savings_moments import SIZE_EDGES, point_estimate, savings_moments
from analysis.models.savings_rows import fit_rows
from analysis.models.simulate import simulate_costs
from analysis.models.tail import tail_shape_prior, tail_shapes
from analysis.models.variance_components import (
    ComponentPriors,
    SavingsMoments,
    SpreadComponents,
    variance_components_model,
)

__all__ = [
    "CLASSICAL_MODELS",
    "SCOPES",
    "SIZE_EDGES",
    "ComponentPriors",
    "HurdleData",
    "HurdlePriors",
    "PublishedVariation",
    "SavingsMoments",
    "SpreadComponents",
    "SynthesisPriors",
    "describe_priors",
    "evidence_synthesis_model",
    "fit_rows",
    "hurdle_data",
    "hurdle_model",
    "point_estimate",
    "savings_moments",
    "simulate_costs",
    "tail_shape_prior",
    "tail_shapes",
    "variance_components_model",
]
