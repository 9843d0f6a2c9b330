"""k of one person's cost by population: measured, at England's ages, and what each adds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.chapters.cost_variance.tables import ENDS, bias_text
from analysis.evidence.assumptions import assumption
from analysis.fits.dutch_variation import dutch_k
from analysis.fits.england_variation import (
    ENGLAND,
    Evidence,
    combined,
    england_k,
    england_person_variation,
    evidence,
)
from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import free_care_formula, rand_formula
from analysis.intervals import interval_columns, median_and_interval
from analysis.models.person_variation import NOBODY, MeasuredVariation
from analysis.report.draws_text import interval_text, probability_text
from analysis.risk.adjustment import variation

AGES_IN_WORDS = {"all": "all ages", "under_65": "under 65", "over_64": "65 and over"}
"""Groups of ages, in words."""

PREDICTED = "England, predicted"
OWN = "England, its own sources believed"


def k_by_ages() -> dict[tuple[str, str], np.ndarray]:
    """Return k within age and sex of every population as it is, by ages (words) and name."""
    young = {
        "Netherlands, 2015": dutch_k("under_65"),
        "United States, 2012-15": _survey_k("under_65"),
        "United States, 1974-82, free care": variation(free_care_formula().costs, adjusted=True),
        "United States, 1974-82, everybody": variation(
            rand_formula("age_sex").costs, adjusted=True
        ),
    }
    old = {"Netherlands, 2015": dutch_k("over_64"), "United States, 2012-15": _survey_k("over_64")}
    under, over = AGES_IN_WORDS["under_65"], AGES_IN_WORDS["over_64"]
    return {(under, name): k for name, k in young.items()} | {
        (over, name): k for name, k in old.items()
    }


def _survey_k(ages: str) -> np.ndarray:
    return variation(meps_formula(ages), adjusted=True)


def figure_rows() -> pd.DataFrame:
    """Return what the figure of populations draws.

    Columns ``group``, ``estimate``, ``route`` (what all say together, or one source), ``value``,
    ``low``, ``high``.
    """
    together = england_person_variation()
    group = "All ages, as in England"
    rows = [
        (group, PREDICTED, "together", together.of(NOBODY)),
        (group, OWN, "together", together.of(ENGLAND)),
        *((group, source.name, "one source", source.corrected()) for source in evidence()),
        *((ages.capitalize(), name, "as it is", k) for (ages, name), k in k_by_ages().items()),
    ]
    return pd.DataFrame(
        [
            {
                "group": group,
                "estimate": name,
                "route": route,
                **interval_columns("value", k, axis=None, ends=ENDS),
            }
            for group, name, route, k in rows
        ]
    )


def source_rows() -> pd.DataFrame:
    """Return a row for each source: what it measured, its bias, and England with and without it."""
    return pd.DataFrame([_source_row(source) for source in evidence()])


def _source_row(source: Evidence) -> dict[str, str]:
    without = england_person_variation([source.name])
    bias = assumption(source.bias) if source.bias else None
    return {
        "Source": source.name,
        "Care": source.scope,
        "k, at England's ages": interval_text(source.standardised, decimals=2),
        "Measured over wanted": bias_text(bias),
        "k of all care": interval_text(source.corrected(), decimals=2),
        "Predicted without it": interval_text(without.of(source.measured.population), decimals=2),
        "England without it": interval_text(without.of(NOBODY), decimals=2),
    }


def sources_inside() -> int:
    """Return how many sources' middles lie in the interval predicted without them."""
    inside = 0
    for source in evidence():
        predicted = england_person_variation([source.name]).of(source.measured.population)
        _, low, high = median_and_interval(predicted)
        inside += int(low <= np.median(source.corrected()) <= high)
    return inside


UNCORRECTED = "No ratio used: hospital care counts as all care"


def other_choices() -> dict[str, np.ndarray]:
    """Return k of England, predicted, under other choices than the chapter's, by name."""
    sources = evidence()
    measured = [source.measured for source in sources]
    plain = [replace(each, bias=0.0, bias_sd=0.0) for each in measured]
    return {
        "As in this chapter": england_k(),
        "Populations thought half as different beforehand": combined(measured, 0.5).of(NOBODY),
        "… twice as different": combined(measured, 2.0).of(NOBODY),
        "Every ratio at its low end": combined(_at_ends(sources, "low")).of(NOBODY),
        "… at its high end": combined(_at_ends(sources, "high")).of(NOBODY),
        UNCORRECTED: combined(plain).of(NOBODY),
        "The Netherlands alone": combined(measured[:1]).of(NOBODY),
    }


def _at_ends(sources: Sequence[Evidence], end: str) -> list[MeasuredVariation]:
    """Measurements with every bias at one end of its range, taken as known."""
    return [
        replace(source.measured, bias=_log_end(source.bias, end), bias_sd=0.0)
        if source.bias
        else source.measured
        for source in sources
    ]


def _log_end(name: str, end: str) -> float:
    return float(np.log(getattr(assumption(name), end)))


def choice_rows(choices: Mapping[str, np.ndarray], enough: float) -> pd.DataFrame:
    """Return a row for each choice: k, and how probable it is that 100,000 people are enough.

    Parameters
    ----------
    choices : mapping of ndarray, shape (draw,)
        From `other_choices`.
    enough : float
        k up to which they are.
    """
    return pd.DataFrame(
        [
            {
                "Choice": name,
                "k": interval_text(k, decimals=2),
                "100,000 enough for 2%": probability_text(k <= enough),
            }
            for name, k in choices.items()
        ]
    )
