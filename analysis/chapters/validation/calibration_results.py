"""The last calibration that was run: how its result enters the ledger of checks."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.chapters.validation.calibration_cases import PLAN, case_digest
from analysis.chapters.validation.checks import Check, Ledger
from analysis.evidence.catalogue import table
from analysis.inference.rank_uniformity import (
    Band,
    coverage,
    difference_from_uniform,
    shared_probability,
    uniform_band,
    uniformity,
)
from analysis.intervals import normal_half_width
from analysis.settings import INTERVAL

STANDARD_ERRORS = 3
"""Of a share of replications, within which a coverage must lie."""


def runs() -> pd.DataFrame:
    """Return one row a calibrated model: when, with what, and how well its fits converged.

    Returns
    -------
    DataFrame
        As described in `data/validation`, with ``current``: whether the model, its priors and its
        simulator are still those of the run.
    """
    recorded = table("validation", "runs")
    digests = {name: case_digest(planned.make()) for name, planned in PLAN.items()}
    return recorded.assign(current=recorded["model"].map(digests) == recorded["case_digest"])


def replications(model: str) -> pd.DataFrame:
    """Return every replication of one model.

    Parameters
    ----------
    model : str
        A key of `PLAN`.

    Returns
    -------
    DataFrame, one row a replication and quantity
        ``replication``, ``quantity``, ``truth``, ``posterior_mean``, ``posterior_sd``, ``rank``.
    """
    every = table("validation", "replications")
    return every[every["model"] == model].drop(columns="model").reset_index(drop=True)


def _ranked_draws(model: str) -> int:
    ranked_draws = table("validation", "runs").set_index("model")["ranked_draws"]
    return int(ranked_draws[model])


def judged(model: str) -> pd.DataFrame:
    """Return the verdict on every quantity of one model.

    Parameters
    ----------
    model : str
        A key of `PLAN`.

    Returns
    -------
    DataFrame
        See `analysis.inference.rank_uniformity.uniformity`.
    """
    return uniformity(replications(model), _ranked_draws(model))


def rank_curves(model: str) -> tuple[dict[str, np.ndarray], Band]:
    """Return what the figure of ranks shows of one model.

    Parameters
    ----------
    model : str
        A key of `PLAN`.

    Returns
    -------
    curves : dict of str to ndarray
        By quantity, the ECDF of the ranks minus the uniform one, at the points of the band.
    band : Band
        Its probability is shared among the quantities.
    """
    by_quantity = replications(model).groupby("quantity", sort=False)["rank"]
    ranks = {str(name): rank.to_numpy() for name, rank in by_quantity}
    number = len(next(iter(ranks.values())))
    draws = _ranked_draws(model)
    curves = {name: difference_from_uniform(rank, draws) for name, rank in ranks.items()}
    return curves, uniform_band(number, shared_probability(len(ranks)))


def estimates(model: str, quantity: str) -> pd.DataFrame:
    """Return truth and estimate of one quantity in every simulated data set.

    Returns
    -------
    DataFrame
        ``truth``, ``estimate`` (posterior mean), ``low`` and ``high``: ends of the project's
        interval for a normal posterior, since only mean and standard deviation are stored.
    """
    rows = replications(model)
    rows = rows[rows["quantity"] == quantity]
    half = normal_half_width() * rows["posterior_sd"]
    centre = rows["posterior_mean"]
    return pd.DataFrame(
        {"truth": rows["truth"], "estimate": centre, "low": centre - half, "high": centre + half}
    ).reset_index(drop=True)


def _coverage_name(model: str, quantity: str) -> str:
    return f"coverage of {quantity}, {model}"


def declare(ledger: Ledger) -> None:
    """Enter each model's quantities outside the bands and the coverage of its intervals."""
    for model, planned in PLAN.items():
        if planned.ranked:
            ledger.declare(
                Check(
                    name=f"ranks, {model}",
                    kind="calibration",
                    what=f"{planned.title}: quantities whose ranks leave the band",
                    expected=0,
                    tolerance=0,
                    because=f"the band holds all of a right model {INTERVAL:.0%} of the time",
                    unit="quantities",
                )
            )
        error = 100 * np.sqrt(INTERVAL * (1 - INTERVAL) / planned.replications)
        ledger.declare(
            *(
                Check(
                    name=_coverage_name(model, quantity),
                    kind="recovery",
                    what=f"{planned.title}: truths of {quantity} inside their interval",
                    expected=100 * INTERVAL,
                    tolerance=STANDARD_ERRORS * error,
                    because=f"three standard errors of a share of {planned.replications}",
                    unit="% of simulations",
                )
                for quantity in planned.key_quantities
            )
        )


def evaluate(ledger: Ledger) -> None:
    """Compare the stored calibration with what was declared."""
    for model, planned in PLAN.items():
        rows, draws = replications(model), _ranked_draws(model)
        if planned.ranked:
            ledger.evaluate(f"ranks, {model}", partial(_outside, model))
        for quantity in planned.key_quantities:
            ranks = rows.loc[rows["quantity"] == quantity, "rank"].to_numpy()
            name = _coverage_name(model, quantity)
            ledger.evaluate(name, partial(_coverage_percent, ranks, draws))


def _outside(model: str) -> float:
    return float((~judged(model)["inside"]).sum())


def _coverage_percent(ranks: np.ndarray, draws: int) -> float:
    return 100 * coverage(ranks, draws)
