"""How much English groups differ beyond chance, by size: a curve through what England has shown.

Two sources speak of England. General practices stray from the best formula by more than chance
(Dixon and others 2011). The outturns of commissioners ask for a spread, and before balances are
managed for a larger one. A power of the size goes through both; its exponent is held to what groups
of other countries show, within a stated spread between countries. Between the two sources the curve
is interpolated, beyond them it is a form.

The curve is of a year's differences that are not chance. Practices and commissioners were seen for
a year or two, so it does not say how long they last: `MsspComponents` does, for US organisations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from analysis.evidence.assumed_draws import DRAWS, assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.evidence.organisation_sizes import organisation_sizes
from analysis.fits.commissioner_outturns import outcomes_2013, outcomes_2017
from analysis.fits.dutch_variation import dutch_group_spread
from analysis.fits.savings_components import mssp_components
from analysis.inference.importance import resampled
from analysis.models.savings.components import ComponentPriors
from analysis.risk.outturns import Outcome, spread_needed
from analysis.risk.practice_spread import MEAN_LIST, lasting_spread
from analysis.seeds import seed_for

COMMISSIONER_K = "practice_formula_k"
"""Assumption that gives chance in a commissioner's outturn: k of one person within the formula."""

SPREAD_BETWEEN_COUNTRIES = "group_spread_exponent_between_countries"

RUNS = 6
"""Simulations of each outturn, so that chance does not move the spread that it asks for."""


@dataclass(frozen=True)
class Place:
    """Where a source puts a curve.

    Attributes
    ----------
    people : float
        Size of the groups it saw.
    spread : ndarray, shape (draw,)
        Standard deviation of differences between them that are not chance, share of the budget.
    """

    people: float
    spread: np.ndarray


@dataclass(frozen=True)
class SpreadCurve:
    """A power law of the spread between groups; draws are independent and equally likely.

    Attributes
    ----------
    people : float
        Size at which the curve is anchored.
    spread : ndarray, shape (draw,)
        Standard deviation at that size, share of the budget.
    exponent : ndarray, shape (draw,)
        Power of 1/N by which the variance falls.
    seen : tuple of float
        Smallest and largest size of the groups behind it, people.
    """

    people: float
    spread: np.ndarray
    exponent: np.ndarray
    seen: tuple[float, float]

    def at(self, people: float | np.ndarray) -> np.ndarray:
        """Return the spread between groups of one size, or of each of several.

        Parameters
        ----------
        people : float or ndarray, shape (size,)
            Above 0.

        Returns
        -------
        ndarray, shape (draw,) or (draw, size)
            Standard deviation, share of the budget.
        """
        log_ratio = np.log(np.asarray(people, float) / self.people)
        slope, anchor = self.exponent / 2, self.spread
        if log_ratio.ndim:
            slope, anchor = slope[:, None], anchor[:, None]
        return np.asarray(anchor * np.exp(-slope * log_ratio))

    def resized(self, draws: int) -> "SpreadCurve":
        """Return the curve with another number of draws, to be met with draws of something else."""
        return replace(
            self, spread=np.resize(self.spread, draws), exponent=np.resize(self.exponent, draws)
        )

    def was_seen(self, people: float) -> bool:
        """Return whether groups of this size, or smaller and larger ones, were seen."""
        return self.seen[0] <= people <= self.seen[1]


@cache
def practices(draws: int = DRAWS) -> Place:
    """Return what English practices show: Dixon and others (2011), chance taken off.

    Of hospital cost around the best formula, 2007-8; lists of 6,833 on average.
    """
    assumed = assumed_draws(["practice_formula_k", "practice_share_beyond_tenth"], draws)
    spread = lasting_spread(assumed["practice_formula_k"], assumed["practice_share_beyond_tenth"])
    return Place(MEAN_LIST, spread)


@cache
def commissioner_needs() -> dict[str, dict[str, float]]:
    """Return the spread that each outturn of England's commissioners asks for.

    Returns
    -------
    dict of str to dict of str to float
        Standard deviation beyond chance, share of the budget, by year and outcome; an outcome that
        no spread gives is left out. Clinical commissioning groups.
    """
    k = assumption(COMMISSIONER_K).value
    years = {"2013-14": outcomes_2013(), "2017-18": outcomes_2017()}
    needs = {year: spread_needed_by_run(outcomes, k) for year, outcomes in years.items()}
    return {
        year: {name: runs.mean() for name, runs in by_run.items() if np.isfinite(runs).all()}
        for year, by_run in needs.items()
    }


def spread_needed_by_run(outcomes: Sequence[Outcome], k: float) -> dict[str, np.ndarray]:
    """Return the spread that each outturn asks for in some simulations, shape (`RUNS`,).

    Share of the budget, by outcome; nan where no spread gives it. `k` is that of one person's cost.
    """
    seeds = [seed_for(f"spread-needed-{run}") for run in range(RUNS)]
    return {
        outcome.name: np.array([spread_needed(outcome, k, seed) for seed in seeds])
        for outcome in outcomes
    }


def commissioners(draws: int = DRAWS) -> Place:
    """Return what English commissioners show, before their balances were managed."""
    managed = "commissioner_managed_balance_ratio"
    reported = reported_balances(draws)
    return Place(reported.people, reported.spread * assumed_draws([managed], draws)[managed])


def reported_balances(draws: int = DRAWS) -> Place:
    """Return the spread that the balances reported by English commissioners ask for.

    The geometric mean of the years, each that of its outturns; its error is from what the years
    differ by.
    """
    by_year = [np.log(list(needs.values())).mean() for needs in commissioner_needs().values()]
    error = np.std(by_year, ddof=1) / np.sqrt(len(by_year))
    generator = np.random.default_rng(seed_for("commissioner-spread"))
    shown = np.exp(np.mean(by_year) + error * generator.normal(size=draws))
    return Place(organisation_sizes("clinical_commissioning_group").mean, shown)


@cache
def foreign_exponents() -> dict[str, np.ndarray]:
    """Return draws of the exponent that groups of other countries show, by country.

    Of the variance: organisations of the US programme, against their own past costs; Dutch
    municipalities, against what age and sex let expect.
    """
    # The Dutch curve is told by the exponent of the standard deviation.
    return {
        "United States": mssp_components().exponent.to_numpy().ravel(),
        "Netherlands": 2 * dutch_group_spread().exponent,
    }


def curve_through(
    small: Place, large: Place, exponents: Sequence[np.ndarray], between_countries: np.ndarray
) -> SpreadCurve:
    """Return the power law through two places, its exponent held to those of other countries.

    Each pair of draws of the two spreads has one power law through it. It counts by the density of
    its exponent: the mean over countries of normal ones around their own, widened by what countries
    differ by, cut to the range of the prior. Spreads have no opinion of their own (flat in logs).

    Parameters
    ----------
    small, large : Place
        With the same number of draws; `small` has fewer people.
    exponents : sequence of ndarray, shape (draw,)
        One a country.
    between_countries : ndarray, shape (draw,)
        Standard deviation of exponents between countries.

    Returns
    -------
    SpreadCurve
        With as many draws, chosen by weight.
    """
    distance = np.log(large.people / small.people)
    exponent = 2 * np.log(small.spread / large.spread) / distance
    generator = np.random.default_rng(seed_for("english-group-spread"))
    largest = ComponentPriors().size_exponent[2]
    weight = np.mean([_density(exponent, own, between_countries) for own in exponents], axis=0)
    weight = np.where((exponent >= 0) & (exponent <= largest), weight, 0.0)
    chosen = resampled(weight, len(weight), generator)
    return SpreadCurve(
        small.people, small.spread[chosen], exponent[chosen], (small.people, large.people)
    )


def _density(exponent: np.ndarray, own: np.ndarray, between: np.ndarray) -> np.ndarray:
    """Normal density around one country's exponent, its error and what countries differ by."""
    sd = np.hypot(own.std(), between)
    return np.exp(-0.5 * ((exponent - own.mean()) / sd) ** 2) / sd


@cache
def english_curve() -> SpreadCurve:
    """Return England's curve, through practices and commissioners."""
    return _curve_with(list(foreign_exponents().values()))


def _curve_with(exponents: Sequence[np.ndarray]) -> SpreadCurve:
    between = assumed_draws([SPREAD_BETWEEN_COUNTRIES])[SPREAD_BETWEEN_COUNTRIES]
    return curve_through(practices(), commissioners(), exponents, between)


def other_curves() -> dict[str, SpreadCurve]:
    """Return England's curve under the choices that lower and raise it most, by name.

    ``commissioners_only``: practices left out, balances believed as reported, the US exponent.
    ``dutch_exponent``: differences shrink with size as among Dutch municipalities.
    """
    reported, exponents = reported_balances(), foreign_exponents()
    american = np.resize(exponents["United States"], reported.spread.shape)
    return {
        "commissioners_only": SpreadCurve(
            reported.people, reported.spread, american, (reported.people, reported.people)
        ),
        "dutch_exponent": _curve_with([exponents["Netherlands"]]),
    }


def english_group_spread(people: float | np.ndarray) -> np.ndarray:
    """Return the spread between English groups of one size that is not chance.

    One function for every chapter.

    Parameters
    ----------
    people : float or ndarray, shape (size,)
        Above 0. Among practices (lists of about 7,000) the curve is calibrated. Elsewhere it is
        assumed: up to commissioners (about 270,000) it turns on how far their balances are managed,
        beyond them on the law of size (`SpreadCurve.was_seen`).

    Returns
    -------
    ndarray, shape (draw,) or (draw, size)
        Standard deviation, share of the budget; the same draws for every size.
    """
    return english_curve().at(people)


def from_practices_alone(people: float | np.ndarray) -> np.ndarray:
    """Return the spread at a size as practices and other countries' exponents foretell it.

    Without the commissioners, whose outturns can then test it.

    Returns
    -------
    ndarray, shape (draw,) or (draw, size)
        As `english_group_spread`.
    """
    generator = np.random.default_rng(seed_for("group-spread-foretold"))
    between = assumed_draws([SPREAD_BETWEEN_COUNTRIES])[SPREAD_BETWEEN_COUNTRIES]
    own = np.stack([generator.choice(draws, DRAWS) for draws in foreign_exponents().values()])
    country = own[generator.integers(len(own), size=DRAWS), np.arange(DRAWS)]
    exponent = country + between * generator.normal(size=DRAWS)
    exponent = np.clip(exponent, 0.0, ComponentPriors().size_exponent[2])
    place = practices()
    return SpreadCurve(place.people, place.spread, exponent, (place.people,) * 2).at(people)
