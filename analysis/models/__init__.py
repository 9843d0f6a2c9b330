"""Models: PyMC models and their classical peers, one a file; data and priors in, model out."""

from analysis.models.classical import CLASSICAL_MODELS
from analysis.models.hurdle import HurdleData, hurdle_data, hurdle_model
from analysis.models.hurdle_priors import HurdlePriors, describe_priors
from analysis.models.simulate import simulate_costs
from analysis.models.tail import tail_shape_prior, tail_shapes

__all__ = [
    "CLASSICAL_MODELS",
    "HurdleData",
    "HurdlePriors",
    "describe_priors",
    "hurdle_data",
    "hurdle_model",
    "simulate_costs",
    "tail_shape_prior",
    "tail_shapes",
]
