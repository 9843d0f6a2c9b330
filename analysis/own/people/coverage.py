"""How often the interval of the smallest pool holds the truth, on invented people.

Samples of invented people go the way of a user's own: into released cells, through the fit, to
the smallest pool with its interval. The truth is known, so the intervals that hold it can be
counted. The start of the tail is varied, because the truth has one and a user has to guess it.
"""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analysis.fits.rand_costs import rand_priors
from analysis.inference.sampling_functions import posterior_draws
from analysis.inference.whitening import whitening_of
from analysis.intervals import median_and_interval
from analysis.models.hurdle.independent_parts import PosteriorPart, posterior_parts
from analysis.own.people.checks import misfits, observed_variation
from analysis.own.people.example import OLDEST, example_people, example_truth
from analysis.own.people.fitting import (
    contrasts_of,
    crossed_cells,
    released_data,
)
from analysis.own.people.own_fit import OwnFit
from analysis.own.people.settings import Settings
from analysis.population.disclosure.release import Release, release_cells
from analysis.risk.adjustment import formula_budgets, variation
from analysis.risk.minimum_size import smallest_pool
from analysis.seeds import seed_for
from analysis.tables.bands import AGE_BANDS, Bands

PROPOSED = 4_000
"""Normal draws of each part of the posterior, before they are weighted."""

LEAST_EFFECTIVE = 50
"""Effective draws below which a sample is not counted."""

DRAWS = 200
"""Weighted draws, on which the smallest pool is computed: the ends of an interval are then known
to a tenth of its width, which hardly matters to how often it holds the truth."""


def bands_for(people: int) -> Bands:
    """Return the bands of age that `cells` makes for so many people."""
    return Bands("age", next(ends for least, ends in AGE_BANDS.items() if people >= least), "given")


def true_size(bands: Bands, settings: Settings) -> float:
    """Return the smallest pool that is large enough, in truth, when budgets follow age and sex.

    Parameters
    ----------
    bands : Bands
        Of age, which the budgets know; what age says beyond them is chance to the pool.

    Returns
    -------
    float
        People: exact where budgets know each year of age, times the ratio of the squares of k.
    """
    truth = example_truth(settings.maximum)
    age, sex = np.divmod(np.arange(2 * (OLDEST + 1)), 2)
    band = np.searchsorted(bands.edges, age, side="right")
    missed = truth.mean() - formula_budgets(truth, 2 * band + sex)
    exact = variation(truth, adjusted=True)[0]
    mean = truth.population_mean()[0, 0]
    wider = 1 + float((missed**2)[0] @ truth.share) / (mean * exact) ** 2
    return float(smallest_pool(truth, settings.tolerance, settings.probability)[0]) * wider


def covered_samples(
    people: int, sample: int, starts: Sequence[float | None], settings: Settings
) -> list[dict[str, Any]]:
    """Return the interval of the smallest pool from one sample, by the start of the tail.

    Parameters
    ----------
    people : int
        In the sample.
    sample : int
        Its number: the same number and size give the same people.
    starts : sequence of float or None
        Costs at which the tail is taken to begin; None for the automatic one of `cells`.

    Returns
    -------
    list of dict
        One a start: ``people``, ``sample``, ``start`` (what was asked), ``threshold`` (what was
        taken), ``true_size``, ``size``, ``low``, ``high``, ``warned`` (whether the report would
        say that the model misses the costs), ``effective_draws``.
    """
    seed = seed_for(f"own-data-coverage-{people}-{sample}")
    table, bands = invented_table(people, seed)
    truth, rows = true_size(bands, settings), []
    for start in starts:
        release = release_cells(table, ["age", "sex"], "cost", start)
        fitted, effective = fitted_quickly(release, np.random.default_rng(seed))
        costs = fitted.costs(settings.maximum)
        size, low, high = median_and_interval(
            smallest_pool(costs, settings.tolerance, settings.probability), axis=0
        )
        rows.append(
            {
                "people": people,
                "sample": sample,
                "start": "automatic" if start is None else f"{start:g}",
                "threshold": release.cells.threshold,
                "true_size": truth,
                "size": size,
                "low": low,
                "high": high,
                "warned": bool(misfits(observed_variation(fitted, settings))),
                "effective_draws": effective,
            }
        )
    return rows


def invented_table(people: int, seed: int) -> tuple[ir.Table, Bands]:
    """Return invented people with their ages in bands, as an engine reads them."""
    drawn, bands = example_people(people, seed), bands_for(people)
    labels = np.array(bands.labels())
    drawn["age"] = labels[np.searchsorted(bands.edges, drawn["age"], side="right") - 1]
    return ibis.memtable(drawn[["age", "sex", "cost"]]), bands


def fitted_quickly(release: Release, generator: np.random.Generator) -> tuple[OwnFit, float]:
    """Return a fit from weighted draws, in a hundredth of the time of a Markov chain.

    Returns
    -------
    fitted : OwnFit
        Without diagnostics.
    effective : float
        Least effective number of draws of any part.
    """
    together, crossed = crossed_cells(release.cells)
    parts, fewest_effective = {}, np.inf
    for part in posterior_parts(released_data(together), contrasts_of(together), rand_priors()):
        vectors, effective = weighted_draws(part, generator)
        parts[part.name] = part, vectors[None]
        fewest_effective = min(fewest_effective, effective)
    return OwnFit(release.cells, {}, crossed, posterior_draws(parts), []), fewest_effective


def weighted_draws(part: PosteriorPart, generator: np.random.Generator) -> tuple[np.ndarray, float]:
    """Draw from one part of the posterior by importance, without a Markov chain.

    Returns
    -------
    vectors : ndarray, shape (`DRAWS`, size)
        Drawn anew from `PROPOSED` normal ones, by their weights.
    effective : float
        Kish's effective number of the normal ones.
    """
    whitening = whitening_of(part)
    position = generator.standard_normal((PROPOSED, part.size))
    vectors = whitening.middle + position @ whitening.root.T
    density = np.array([part.log_density(vector)[0] for vector in vectors])
    score = density + 0.5 * (position**2).sum(axis=1)
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    return vectors[generator.choice(PROPOSED, DRAWS, p=weight)], float(1 / (weight**2).sum())


def coverage(samples: pd.DataFrame) -> pd.DataFrame:
    """Count the intervals that hold the truth.

    Parameters
    ----------
    samples : DataFrame
        Rows of `covered_samples`; those with fewer than `LEAST_EFFECTIVE` effective draws are left
        out, since too little is known of their intervals.

    Returns
    -------
    DataFrame, one row a number of people and start of the tail
        ``people``, ``start``, ``samples``; ``held``, ``below``, ``above`` (intervals that hold the
        truth, lie below it, lie above it); ``warned`` (reports that would warn),
        ``missed_unwarned`` (intervals that miss without a warning); ``bias_percent`` (median size
        over the truth, less 1) and ``width_percent`` (median width of the interval over the truth).
    """
    samples = samples[samples["effective_draws"] >= LEAST_EFFECTIVE]
    judged = samples.assign(
        below=samples["high"] < samples["true_size"],
        above=samples["low"] > samples["true_size"],
        missed_unwarned=~samples["warned"]
        & ~samples["true_size"].between(samples["low"], samples["high"]),
        bias_percent=100 * (samples["size"] / samples["true_size"] - 1),
        width_percent=100 * (samples["high"] - samples["low"]) / samples["true_size"],
    )
    counted = judged.groupby(["people", "start"]).agg(
        samples=("sample", "size"),
        below=("below", "sum"),
        above=("above", "sum"),
        warned=("warned", "sum"),
        missed_unwarned=("missed_unwarned", "sum"),
        bias_percent=("bias_percent", "median"),
        width_percent=("width_percent", "median"),
    )
    counted.insert(1, "held", counted["samples"] - counted["below"] - counted["above"])
    return counted.reset_index()
