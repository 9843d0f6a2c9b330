"""Score run-off models on simulated years whose later truth is known. This takes 20 minutes.

Run `python data/run_off_scores/derive.py`. There are no raw files: the years are simulated. Every
year that is done is kept in the build folder until all are, so a run that is killed resumes.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.chapters.real_or_virtual_budgets import scoring, years
from analysis.chapters.real_or_virtual_budgets.scoring import SCENARIOS, reviewed_year
from analysis.chapters.real_or_virtual_budgets.years import World, worlds
from analysis.evidence.packaging import main, to_significant_digits, write_atomically
from analysis.inference.digests import digest, sources
from analysis.inference.fitting import Sampler, fit
from analysis.models.run_off.data import RunOffPriors
from analysis.models.run_off.laplace_approximation import future_payments
from analysis.models.run_off.model import run_off_model
from analysis.seeds import seed_for
from analysis.settings import BUILD

WORLDS = 240
SAMPLED = 6
"""Years of the first scenario in which the fast posterior is compared with sampling."""

SIGNIFICANT_DIGITS = 6
PACKAGES = ("chainladder", "numpy", "scipy")


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Not used: there is nothing to read.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `years`, `sampled`, `runs`.
    """
    if raw is not None:
        print(f"{raw} is not read: the years are simulated.")
    drawn = worlds(WORLDS)
    folder = BUILD / "cache" / "run_off_scores" / _identity(drawn)
    rows = [row for rows in _all_years(drawn, folder) for row in rows]
    sampled = pd.DataFrame([_sampled(drawn, year) for year in range(SAMPLED)])
    runs = pd.DataFrame([_run(name, number) for name, (_, number) in SCENARIOS.items()])
    shutil.rmtree(folder)
    tables = {"years": pd.DataFrame(rows), "sampled": sampled}
    rounded = {n: to_significant_digits(t, SIGNIFICANT_DIGITS) for n, t in tables.items()}
    return rounded | {"runs": runs}


def _identity(drawn: list[World]) -> str:
    content = {
        "sources": sources(reviewed_year, run_off_model),
        "worlds": drawn,
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }
    return digest(content)[:16]


def _all_years(drawn: list[World], folder: Path) -> Iterator[list[dict[str, Any]]]:
    for scenario, (situation, number) in SCENARIOS.items():
        for year in range(number):
            file = folder / f"{scenario}-{year}.json"
            if not file.exists():
                rows = reviewed_year(drawn[year], situation, seed_for(_name(scenario, year)))
                said = [{"scenario": scenario, "year": year, **row} for row in rows]
                write_atomically(file, json.dumps(said).encode())
            if year % 20 == 0:
                print(f"{scenario}: year {year}", flush=True)
            yield json.loads(file.read_text())


def _name(scenario: str, year: int) -> str:
    return f"run-off-{scenario}-{year}"


def _sampled(drawn: list[World], year: int) -> dict[str, float]:
    """Sample the posterior of one year, and summarise it as the fast posterior is summarised."""
    scenario, (situation, _) = next(iter(SCENARIOS.items()))
    seed = seed_for(_name(scenario, year))
    by_service = years.simulate(
        drawn[year], situation, 1, np.random.default_rng(seed), by_service=True
    )[0]
    data = years.model_data(by_service, situation)
    sampler = Sampler(chains=4, draws=2500, tune=1000, target_accept=0.95)
    fitted = fit(
        f"run-off-{year}", run_off_model, data, RunOffPriors(), sampler,
        publish=False,
    )  # fmt: skip
    posterior = fitted.posterior
    expected = (posterior["expected"].to_numpy() * (1 - data.known)).sum(axis=-1)
    dispersion = np.exp(posterior["log_dispersion"].to_numpy()).ravel()
    expected = expected.reshape(len(dispersion), *expected.shape[2:])
    unpaid = future_payments(expected, dispersion, np.random.default_rng(seed))
    low, middle, high = np.quantile(
        scoring.PERCENT / scoring.TWELFTH * unpaid.sum(axis=(1, 2)), scoring.ENDS
    )
    found = fitted.diagnostics
    return {
        "year": year,
        "unpaid_median": middle,
        "unpaid_low": low,
        "unpaid_high": high,
        "max_rhat": found.max_rhat,
        "min_ess_bulk": found.min_ess_bulk,
        "divergences": found.divergences,
    }


def _run(scenario: str, number: int) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "years": number,
        "run_date": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": metadata.version("tensuggestions"),
        "packages": " ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
        "seed": seed_for(_name(scenario, 0)),
    }


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
