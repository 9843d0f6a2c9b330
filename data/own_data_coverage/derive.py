"""Count how often the interval of the minimum size holds the truth. This takes six minutes.

Run `python data/own_data_coverage/derive.py`. There are no raw files: the people are invented.
Every sample that is done is kept in the build folder until all are, so a run that is killed
resumes.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.evidence.packaging import main, to_significant_digits, write_atomically
from analysis.inference.digests import digest, sources
from analysis.own.people.coverage import coverage, covered_samples
from analysis.own.people.settings import default_settings
from analysis.settings import BUILD

SAMPLES = {40_000: 30, 1_000_000: 10}
"""Samples by the number of people in each."""

STARTS = (None, 2_500.0, 10_000.0)
"""Where the tail is taken to begin: automatic (close to the truth), at half and at twice the true
start of 5,000."""

SIGNIFICANT_DIGITS = 6


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Not used: there is nothing to read.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `samples`, `coverage`, `run`.
    """
    if raw is not None:
        print(f"{raw} is not read: the people are invented.")
    folder = BUILD / "cache" / "own_data_coverage" / digest(sources(covered_samples))[:16]
    samples = pd.DataFrame([row for rows in _all_samples(folder) for row in rows])
    run = {
        "run_date": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": metadata.version("tensuggestions"),
        "packages": " ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy")),
    }
    shutil.rmtree(folder)
    tables = {"samples": samples, "coverage": coverage(samples)}
    rounded = {n: to_significant_digits(t, SIGNIFICANT_DIGITS) for n, t in tables.items()}
    return rounded | {"run": pd.DataFrame([run])}


def _all_samples(folder: Path) -> Iterator[list[dict[str, Any]]]:
    settings = default_settings()
    for people, number in SAMPLES.items():
        for sample in range(number):
            file = folder / f"{people}-{sample}.json"
            if not file.exists():
                rows = covered_samples(people, sample, STARTS, settings)
                write_atomically(file, json.dumps(rows).encode())
                print(f"{people:,} people: sample {sample}", flush=True)
            yield json.loads(file.read_text())


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
