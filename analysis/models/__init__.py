"""Models: PyMC models and their classical peers, one a file; data and priors in, model out."""

from analysis.models.hurdle import HurdleData, HurdlePriors, hurdle_data, hurdle_model

__all__ = ["HurdleData", "HurdlePriors", "hurdle_data", "hurdle_model"]
