"""Fits of quality scores: how much of their spread is noise, and whether savers score better."""

import pandas as pd

from analysis.evidence import mssp
from analysis.evidence.assumptions import assumption
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.models.quality_and_savings.data import (
    QualitySavingsData,
    QualitySavingsPriors,
    quality_savings_data,
    repeat_design_effect,
)
from analysis.models.quality_noise.data import (
    QualityNoiseData,
    QualityNoisePriors,
    quality_noise_data,
)

YEARS = (2021, 2022)
"""Performance years whose quality score measured every organisation's performance."""

ALIKE = ("size_low", "start_year")
"""Columns of the cells held fixed where organisations of like size and start are compared."""


def _noise() -> tuple[QualityNoiseData, QualityNoisePriors]:
    return quality_noise_data(mssp.cross_section(), list(YEARS)), QualityNoisePriors()


def repeated_groups_effect(cells: pd.DataFrame) -> float:
    """Return by how much groups seen in several years inflate the variance of the correlation.

    Parameters
    ----------
    cells : DataFrame
        As `analysis.evidence.mssp.cells` returns.
    """
    scored = cells[cells["n_quality"] > 0].groupby("performance_year")["n_quality"].sum()
    persistence = assumption("quality_persistence").value
    return repeat_design_effect(mssp.pairs(), scored, persistence)


def quality_and_savings_data(within: tuple[str, ...] = ()) -> QualitySavingsData:
    """Return the correlations of quality and savings by year, with `within` held fixed."""
    cells = mssp.cells()
    return quality_savings_data(cells, within, repeated_groups_effect(cells))


QUALITY_NOISE = PublishedFit(
    "quality-noise",
    Builder("analysis.models.quality_noise.model", "quality_noise_model"),
    _noise,
    15,
    "quality noise",
)
"""Spread of quality scores by size."""

_CORRELATION = Builder("analysis.models.quality_and_savings.model", "quality_savings_model")

QUALITY_AND_SAVINGS = PublishedFit(
    "quality-and-savings",
    _CORRELATION,
    lambda: (quality_and_savings_data(), QualitySavingsPriors()),
    20,
    "quality and savings",
)
"""Correlation of quality and savings between organisations."""

QUALITY_AND_SAVINGS_HELD = PublishedFit(
    "quality-and-savings-held",
    _CORRELATION,
    lambda: (quality_and_savings_data(ALIKE), QualitySavingsPriors()),
    8,
    "quality and savings",
)
"""The same among organisations of like size and start."""

PUBLISHED = (QUALITY_NOISE, QUALITY_AND_SAVINGS, QUALITY_AND_SAVINGS_HELD)
