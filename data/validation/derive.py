"""Calibrate the models by simulation and freeze the ranks. This takes about half an hour.

Run `python data/validation/derive.py`, or `make sbc`. There are no raw files: the data are
simulated. A model that has not changed since its last calibration keeps its result; so does one
whose code was only moved or rewritten, if it gives the first replications again to the last digit
that is kept. A run that is killed resumes. To calibrate a model anew, delete its row of `runs.csv`.
"""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from analysis.chapters.validation.calibration_cases import PLAN, case_digest, package_versions
from analysis.evidence.packaging import main, to_significant_digits
from analysis.inference.cache import FitCache
from analysis.inference.diagnostics import MAX_RHAT
from analysis.inference.simulation_based_calibration import (
    Calibration,
    CalibrationCase,
    calibrate,
)
from analysis.seeds import seed_for
from analysis.settings import BUILD

FOLDER = Path(__file__).resolve().parent
SIGNIFICANT_DIGITS = 5
"""Beyond them lies Monte Carlo noise."""

REPEATED = 2
"""Replications that a model must give again exactly to keep its result when its code has moved."""

type Stored = tuple[pd.DataFrame, pd.DataFrame]
"""A calibration's row of `runs`, and its rows of `replications`."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the two tables of this package.

    Parameters
    ----------
    raw : pathlib.Path or None
        Not used: there is nothing to read.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `runs` and `replications`.
    """
    if raw is not None:
        print(f"{raw} is not read: the data are simulated.")
    stored = _stored()
    folder = BUILD / "cache" / "calibration"
    cases = {name: planned.make() for name, planned in PLAN.items()}
    # Before the first fit: the digests are those of the code that this process has loaded.
    digests = {name: case_digest(case) for name, case in cases.items()}
    runs, replications = [], []
    for name, planned in PLAN.items():
        case = cases[name]
        identity = {"case_digest": digests[name], "packages": package_versions()}
        if (earlier := stored.get((name, *identity.values()))) is not None:
            runs.append(earlier[0])
            replications.append(earlier[1])
            continue
        if (earlier := _reproduced(case, planned.replications, stored)) is not None:
            print(f"{name}: moved or rewritten; its first replications are the same", flush=True)
            runs.append(earlier[0].assign(case_digest=digests[name]))
            replications.append(earlier[1])
            continue
        started = time.process_time()
        done = calibrate(case, planned.replications, FitCache(folder / name), _told(name))
        minutes = (time.process_time() - started) / 60
        runs.append(_run(name, identity, planned.replications, done, minutes))
        replications.append(
            to_significant_digits(done.replications.assign(model=name), SIGNIFICANT_DIGITS)
        )
    # Only now: a run that fails in its last model must not cost what the others took.
    shutil.rmtree(folder, ignore_errors=True)
    columns = ["model", *(c for c in replications[0].columns if c != "model")]
    return {
        "runs": pd.concat(runs, ignore_index=True),
        "replications": pd.concat(replications, ignore_index=True)[columns],
    }


def _stored() -> dict[tuple[str, str, str], Stored]:
    """Stored results by model, digest and package versions; none at the first run."""
    if not (FOLDER / "runs.csv").exists():
        return {}
    runs = pd.read_csv(FOLDER / "runs.csv")
    replications = pd.read_csv(FOLDER / "replications.csv")
    return {
        (row.model, row.case_digest, row.packages): (
            runs.loc[[row.Index]],
            replications[replications["model"] == row.model],
        )
        for row in runs.itertuples()
    }


def _reproduced(
    case: CalibrationCase, replications: int, stored: dict[tuple[str, str, str], Stored]
) -> Stored | None:
    """Return the stored result of a case that gives its first replications again, exactly.

    Everything follows from the seeds, so code that does something else gives other ranks.
    """
    wanted = (case.name, package_versions())
    earlier = next(
        (result for (name, _, packages), result in stored.items() if (name, packages) == wanted),
        None,
    )
    if earlier is None:
        return None
    with TemporaryDirectory() as folder:
        done = calibrate(case, replications, FitCache(Path(folder)), lambda _: range(REPEATED))
    again = to_significant_digits(done.replications.assign(model=case.name), SIGNIFICANT_DIGITS)
    first = earlier[1].query("replication < @REPEATED").reset_index(drop=True)
    same = again.reset_index(drop=True)[list(first)].equals(first)
    return earlier if same else None


def _told(name: str) -> Callable[[Iterable[int]], Iterable[int]]:
    def numbers(all_numbers: Iterable[int]) -> Iterator[int]:
        for number in all_numbers:
            if number % 20 == 0:
                print(f"{name}: replication {number}", flush=True)
            yield number

    return numbers


def _run(
    name: str, identity: dict[str, str], replications: int, done: Calibration, minutes: float
) -> pd.DataFrame:
    fits = done.fits
    return pd.DataFrame(
        [
            {
                "model": name,
                "run_date": dt.datetime.now(dt.UTC).date().isoformat(),
                "version": metadata.version("tensuggestions"),
                **identity,
                "seed": seed_for(f"calibration-{name}"),
                "replications": replications,
                "ranked_draws": done.ranked_draws,
                "rhat_above_limit_share": float((fits["max_rhat"] > MAX_RHAT).mean()),
                "rhat_worst": round(float(fits["max_rhat"].max()), 4),
                "ess_bulk_smallest": round(float(fits["min_ess_bulk"].min())),
                "divergent_share": float((fits["divergences"] > 0).mean()),
                "processor_minutes": round(minutes, 1),
            }
        ]
    )


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
