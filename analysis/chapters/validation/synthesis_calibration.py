"""Calibration of the synthesis of published k, on as many sources as there are."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import xarray as xr

from analysis.fits import published_variation
from analysis.inference.fitting import Sampler
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.models.evidence_synthesis.data import SCOPES, PublishedVariation
from analysis.models.evidence_synthesis.model import evidence_synthesis_model


def _quantities(draws: xr.Dataset) -> Mapping[str, np.ndarray]:
    by_scope = {
        f"k, {scope.replace('_', ' ')}": draws["k"].isel(scope=index).to_numpy().ravel()
        for index, scope in enumerate(SCOPES)
    }
    return {**by_scope, "spread between sources": draws["between"].to_numpy().ravel()}


def synthesis_case() -> CalibrationCase:
    """Return the synthesis as a case for calibration: published figures are drawn anew.

    Returns
    -------
    CalibrationCase
    """
    published = published_variation._data(published_variation._statistics(leave_out=()))

    def simulate(
        truth: Mapping[str, np.ndarray], generator: np.random.Generator
    ) -> PublishedVariation:
        departure = truth["spread"] * generator.normal(size=len(published.log_k))
        return replace(published, log_k=truth["expected"] + departure)

    return CalibrationCase(
        name="synthesis",
        builder=evidence_synthesis_model,
        priors=published_variation._priors(),
        template=published,
        simulate=simulate,
        quantities=_quantities,
        sampler=Sampler(chains=2, tune=500, draws=500, target_accept=0.95),
    )
