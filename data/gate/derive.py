"""Try the cost model on populations that it was not made for: `make gate`, some hours.

Run `python data/gate/derive.py RAW_FOLDER`, where the folder holds `meps_2012_2015` and
`desynpuf_10k`; without it these truths are left out and the run says so. Every sample that is done
is kept in the build folder until all are, so a run that is killed resumes.
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.chapters.gate.survey_truths import medicare_truth, survey_truths
from analysis.chapters.gate.trial import exact_answers, trial
from analysis.chapters.gate.truths import Truth, form_truths, rand_truths
from analysis.evidence.packaging import main, to_significant_digits, write_atomically
from analysis.inference.digests import digest, sources
from analysis.settings import BUILD

SAMPLES = {20_000: 100, 40_000: 100, 200_000: 40, 1_000_000: 20}
"""Samples of each truth by the number of people in each."""

SAMPLES_VARIABLE = "TENSUGGESTIONS_GATE_SAMPLES"
"""Environment variable with a share of `SAMPLES`, for a shorter run; 1 by default."""

SIGNIFICANT_DIGITS = 6


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package: `samples`, `set_apart` and `run`.

    Parameters
    ----------
    raw : pathlib.Path or None
        Folder of the raw files of the survey and of the synthetic people.
    """
    folder = BUILD / "cache" / "gate" / digest(sources(trial))[:16]
    found = {truth.name: truth.set_apart for truth in _truths(raw)}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        work = [(raw, name, people, folder) for people in SAMPLES for name in found]
        samples = pd.DataFrame([row for rows in pool.map(_of_one, work) for row in rows])
    run = {
        "run_date": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": metadata.version("tensuggestions"),
        "command": "make gate",
        "packages": " ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy")),
        "truths": len(found) - sum(found.values()),
    }
    shutil.rmtree(folder)
    samples = to_significant_digits(samples, SIGNIFICANT_DIGITS)
    apart = samples["truth"].map(found).astype(bool)
    return {
        "samples": samples[~apart],
        "set_apart": samples[apart],
        "run": pd.DataFrame([run]),
    }


@cache
def _truths(raw: Path | None) -> list[Truth]:
    if raw is None:
        print("No raw folder: the survey and the synthetic people are left out.")
        return [*rand_truths(), *form_truths()]
    return [*rand_truths(), *survey_truths(raw), medicare_truth(raw), *form_truths()]


def _of_one(work: tuple[Path | None, str, int, Path]) -> list[dict[str, Any]]:
    """All samples of one truth and size."""
    raw, name, people, folder = work
    truth = next(truth for truth in _truths(raw) if truth.name == name)
    exact = exact_answers(truth)
    return [row for rows in _samples(truth, people, exact, folder) for row in rows]


def _samples(
    truth: Truth, people: int, exact: dict[str, float], folder: Path
) -> Iterator[list[dict[str, Any]]]:
    share = float(os.environ.get(SAMPLES_VARIABLE, "1"))
    for sample in range(max(1, round(SAMPLES[people] * share))):
        file = folder / f"{truth.name} {people} {sample}.json"
        if not file.exists():
            write_atomically(file, json.dumps(trial(truth, people, sample, exact)).encode())
        yield json.loads(file.read_text())
    print(f"{truth.name}, {people:,} people: done", flush=True)


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
