"""A quadratic surface through runs of the generator: what a run would measure, at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class QuadraticSurface:
    """Measures as quadratic functions of settings.

    Attributes
    ----------
    coefficients : ndarray, shape (term, measure)
    """

    coefficients: np.ndarray

    def predict(self, settings: np.ndarray) -> np.ndarray:
        """Predict measures.

        Parameters
        ----------
        settings : ndarray, shape (run, setting) or (setting,)
            In the units of the fit.

        Returns
        -------
        ndarray, shape (run, measure) or (measure,)
        """
        return _terms(settings) @ self.coefficients


def fit_surface(settings: np.ndarray, measures: np.ndarray) -> QuadraticSurface:
    """Fit a quadratic surface by least squares.

    Parameters
    ----------
    settings : ndarray, shape (run, setting)
        Best between -1 and 1.
    measures : ndarray, shape (run, measure)

    Raises
    ------
    ValueError
        If there are fewer runs than terms.
    """
    terms = _terms(settings)
    if len(terms) < terms.shape[1]:
        raise ValueError(f"{len(terms)} runs cannot fix {terms.shape[1]} terms; make more runs")
    return QuadraticSurface(np.linalg.lstsq(terms, measures, rcond=None)[0])


def _terms(settings: np.ndarray) -> np.ndarray:
    """One, the settings, and all their products."""
    rows, columns = np.triu_indices(settings.shape[-1])
    products = settings[..., rows] * settings[..., columns]
    parts: Sequence[np.ndarray] = (np.ones((*settings.shape[:-1], 1)), settings, products)
    return np.concatenate(parts, axis=-1)
