"""Sampling: draws with named dims, diagnostics that can stop publication, a cache of fits."""

from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import ConvergenceError, Diagnostics, diagnose
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.inference.seeds import seed_for

__all__ = [
    "ConvergenceError",
    "Diagnostics",
    "Fit",
    "FitCache",
    "Sampler",
    "diagnose",
    "fit",
    "seed_for",
]
