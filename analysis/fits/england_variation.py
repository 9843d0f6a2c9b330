"""How far one person's annual cost varies in England: what whole populations say together.

What is asked is *k* of all care of people of all ages in England, within age and sex. Nobody has
measured it. Populations that somebody has measured have other ages; so each is first given
England's ages, with its own *k* under and over 65, and then a bias and an error of its own
(`analysis.models.person_variation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from analysis.errors import InputError
from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.evidence.catalogue import table
from analysis.evidence.facts import fact
from analysis.fits.dutch_variation import dutch_k
from analysis.fits.england_generator import generated_variation
from analysis.fits.meps_costs import meps_formula
from analysis.fits.rand_costs import free_care_formula
from analysis.models.person_variation import (
    NOBODY,
    MeasuredVariation,
    PersonVariation,
    VariationPriors,
    person_variation,
)
from analysis.population.england.cells import england_cells
from analysis.population.england.moments import age_sex_variation
from analysis.population.england.parameters import england_parameters
from analysis.population.england.person_costs import person_cost_model
from analysis.risk.adjustment import variation
from analysis.seeds import seed_for

DRAWS = 4_000

ENGLAND = "England"
OLD = 65
"""Age at which populations are divided, because RAND has nobody older."""

TIMES_SHARED = 2
"""Two routes from the same published figures count as one: the variance of each is doubled."""


@dataclass(frozen=True)
class Evidence:
    """One source of the synthesis.

    Attributes
    ----------
    name : str
        Whose costs, where and when, in words; what `england_person_variation` leaves out by.
    scope, ages : str
        What care, and of whom, in words.
    standardised : ndarray, shape (draw,)
        k within age and sex, at England's ages.
    bias : str
        Assumption: the ratio of what is measured to what is asked; empty if none.
    measured : MeasuredVariation
    """

    name: str
    scope: str
    ages: str
    standardised: np.ndarray
    bias: str
    measured: MeasuredVariation

    def corrected(self) -> np.ndarray:
        """Return k of all care as this source alone has it, without its bias, shape (draw,)."""
        k = self.standardised
        return k / assumed_draws([self.bias], len(k))[self.bias] if self.bias else k


def at_england_ages(under_65: np.ndarray, over_64: np.ndarray) -> np.ndarray:
    """Return k within age and sex of people of all ages in England, shape (draw,).

    Parameters
    ----------
    under_65, over_64 : ndarray, shape (draw,)
        k within age and sex of the young and of the old.
    """
    cells = england_cells()
    old = cells.age_low >= OLD
    share = float(cells.share[old].sum())
    relative = float(cells.share[old] @ cells.total[old]) / share / cells.average(cells.total)
    young = (1 - share * relative) / (1 - share)
    variance = (1 - share) * (young * under_65) ** 2 + share * (relative * over_64) ** 2
    return np.asarray(np.sqrt(variance))


_BY_AGE = ("under_65", "over_64")
_HOSPITAL = "k_hospital_ratio"
_AS_CALIBRATED = "As calibrated"
"""Scenario of the generator's table of misfits."""


@cache
def evidence() -> tuple[Evidence, ...]:
    """Return every source of the synthesis, England's own last."""
    survey = {ages: variation(meps_formula(ages), adjusted=True) for ages in _BY_AGE}
    dutch = {ages: dutch_k(ages) for ages in _BY_AGE}
    free = variation(free_care_formula().costs, adjusted=True)
    draws = min(len(free), len(dutch["over_64"]), len(survey["over_64"]))
    # Nobody in the experiment was over 64: the other two populations, in turn.
    old = np.where(np.arange(draws) % 2, survey["over_64"][:draws], dutch["over_64"][:draws])
    return (
        _population(
            "Netherlands, 2015",
            "statutory insurance",
            at_england_ages(dutch["under_65"], dutch["over_64"]),
            "k_inferred_ratio",
        ),
        _population(
            "United States, 2012-15",
            "all care outside institutions",
            at_england_ages(survey["under_65"], survey["over_64"]),
            "k_survey_ratio",
        ),
        _population(
            "United States, 1974-82, free care",
            "all care; over 64 as in the two populations above",
            at_england_ages(free[:draws], old),
            "k_experiment_ratio",
        ),
        *_english(),
    )


def _population(name: str, scope: str, k: np.ndarray, bias: str) -> Evidence:
    logs = np.log(k)
    measured = MeasuredVariation(name, float(logs.mean()), float(logs.std()), *_bias(bias))
    return Evidence(name, scope, "all ages, as in England", k, bias, measured)


def _bias(name: str) -> tuple[float, float]:
    if not name:
        return 0.0, 0.0
    return assumption(name).as_log_normal()


def _english() -> tuple[Evidence, Evidence]:
    generated = generated_variation()
    sources = (
        replace(
            _population("England, hospital care", "hospital care", english_hospital_k(), _HOSPITAL),
            ages="all ages",
        ),
        _population("England, generated people", "all care", generated, ""),
    )
    hospital, people = (replace(s.measured, population=ENGLAND) for s in sources)
    people = replace(people, error=float(np.hypot(people.error, _misfit())))
    return (
        replace(sources[0], measured=_counted_once(hospital)),
        replace(sources[1], ages="all ages", measured=_counted_once(people)),
    )


def _counted_once(measured: MeasuredVariation) -> MeasuredVariation:
    wider = np.sqrt(TIMES_SHARED)
    return replace(measured, error=wider * measured.error, bias_sd=wider * measured.bias_sd)


def english_hospital_k() -> np.ndarray:
    """Return k of hospital care of people of all ages in England within age and sex, shape (draw,).

    Admissions and outpatient care; spread evenly over what the sources leave open. Age and sex
    explain a known part of it (Dixon and others 2011), and how far apart they lie follows from
    costs by age and sex (Asaria 2017), with and without the oldest put back.
    """
    explained = float(fact("B-PBRA-1-val").value or 0)
    parameters = england_parameters()
    ends = []
    for restored in (False, True):
        cells = england_cells(restored)
        apart = age_sex_variation(cells, person_cost_model(parameters, cells).hospital_mean)
        ends.append(apart / np.sqrt(explained) * np.sqrt(1 - explained))
    return np.geomspace(min(ends), max(ends), 101)


def _misfit() -> float:
    """How far k moves at most when the generator is refitted to a figure that it misses (log)."""
    tensions = table("england_generator", "tensions")
    k = tensions.loc[tensions["measure"] == "k_all"].set_index("scenario")["value"]
    moved = np.log(k.drop(_AS_CALIBRATED) / k[_AS_CALIBRATED])
    return float(moved.abs().max())


def england_person_variation(leave_out: Sequence[str] = ()) -> PersonVariation:
    """Return k within age and sex of all care, of every population and of one not measured.

    Parameters
    ----------
    leave_out : sequence of str
        Names of sources that must not enter, so that what they say can be compared with the rest.

    Raises
    ------
    InputError
        If there is no such source.
    """
    names = [source.name for source in evidence()]
    for name in leave_out:
        if name not in names:
            raise InputError(f"leave_out: no source is called {name!r}: {', '.join(names)}.")
    return combined([source.measured for source in evidence() if source.name not in leave_out])


def combined(measured: Sequence[MeasuredVariation], scale: float = 1.0) -> PersonVariation:
    """Return what measurements say together, with the project's prior and seed.

    Parameters
    ----------
    scale : float
        Multiplies the prior's scale of the spread between populations, above 0.
    """
    between = scale * assumption("published_k_between_sources").value
    generator = np.random.default_rng(seed_for("england-person-variation"))
    return person_variation(measured, VariationPriors(between), DRAWS, generator)


@cache
def england_k() -> np.ndarray:
    """Return k of all care of people of all ages in England within age and sex, shape (draw,).

    The prediction for a population like these, at England's ages. England's own two sources are
    among the evidence, but are not believed to tell England from the rest: both rest on ratios that
    had to be assumed.
    """
    return england_person_variation().of(NOBODY)
