"""Calibrate the England generator: parameters, their uncertainty, and what they achieve.

Run `python data/england_generator/derive.py`. Needs no raw files and no network: `targets.csv` is
written by hand in this folder, the assumed parameters are rows of `data/published`. The generator
is run some 600 times, which takes about ten minutes.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.evidence.assumed_draws import quantiles, quantiles_between
from analysis.evidence.assumptions import assumption
from analysis.evidence.packaging import main
from analysis.population.england.calibration import (
    CALIBRATED_BOX,
    Emulator,
    Solution,
    design,
    fit_emulator,
    settings_of,
    solve,
)
from analysis.population.england.concentration import Sample
from analysis.population.england.measures import england_measures
from analysis.population.england.parameters import ASSUMED, EnglandParameters
from analysis.population.england.scenarios import scenario_measures
from analysis.seeds import seed_for

FOLDER = Path(__file__).resolve().parent
RUNS, HELD_OUT, DRAWS = 560, 60, 400
SMALL = Sample(people=100_000, seed=seed_for("england-calibration-runs"), years=8)
LARGE = Sample(people=1_000_000, seed=seed_for("england-calibration-offset"), years=4)
CHECK = Sample(people=400_000, seed=seed_for("england-calibration-scenarios"), years=4)
FRESH = Sample(people=2_000_000, seed=seed_for("england-calibration-achieved"), years=4)
CUT = 0.005
"""Probability beyond which a range is not followed: the emulator ends there."""
ACCEPTED_ERROR = 0.01
"""A draw of targets and assumptions is kept if parameters meet all targets to one percent."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Calibrate.

    Parameters
    ----------
    raw : pathlib.Path or None
        Not used.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `targets`, `parameters`, `achieved`, `tensions`, `diagnostics`.
    """
    targets = pd.read_csv(FOLDER / "targets.csv")
    tried = design(box(), RUNS, seed_for("england-calibration-design"))
    return calibrated_tables(targets, tried, [england_measures(row, SMALL) for row in tried])


def calibrated_tables(
    targets: pd.DataFrame, tried: list[EnglandParameters], runs: list[Mapping[str, float]]
) -> Mapping[str, pd.DataFrame]:
    """Make all tables from the targets and the runs of the generator.

    Parameters
    ----------
    targets : pandas.DataFrame
        As in `targets.csv`.
    tried : list of EnglandParameters
        Of each run.
    runs : list of mappings
        Measures of each run.

    Returns
    -------
    mapping of str to pandas.DataFrame
        By resource.
    """
    emulator = fit_emulator(box(), tried[HELD_OUT:], runs[HELD_OUT:])
    error = emulator_error(emulator, tried[:HELD_OUT], runs[:HELD_OUT])
    chosen = targets[targets["role"] == "calibration"].set_index("measure")
    central, emulator = polished(emulator, chosen)
    drawn, attempts = draws(emulator, chosen)
    measures_found = england_measures(central.parameters, FRESH)
    rows = [central.parameters, *(solution.parameters for solution in drawn)]
    parameters = pd.DataFrame([vars(row) for row in rows]).rename_axis("draw").reset_index()
    achieved = targets[["measure"]].assign(value=targets["measure"].map(measures_found))
    tensions = scenario_measures(emulator, central.parameters, chosen, assumed(), CHECK)
    return {
        "targets": targets,
        "parameters": parameters,
        "achieved": achieved,
        "tensions": tensions,
        "diagnostics": diagnostics(error, chosen.index, DRAWS / attempts),
    }


def diagnostics(
    error: Mapping[str, float], measures: pd.Index, accepted_share: float
) -> pd.DataFrame:
    """Say how well the calibration went.

    Parameters
    ----------
    error : mapping of str to float
        Of the emulator, relative, by measure.
    measures : pandas.Index
        Calibrated measures.
    accepted_share : float
        Share of draws whose targets could be met.

    Returns
    -------
    pandas.DataFrame
        `name`, `value`, `unit`, `meaning`.
    """
    fitted = "Runs of the generator that the emulator was fitted to."
    accepted = "Draws of targets and assumptions that parameters could meet to one percent."
    rows: list[tuple[str, float, str, str]] = [
        ("runs", RUNS - HELD_OUT, "runs", fitted),
        ("accepted_share", accepted_share, "share of draws", accepted),
    ]
    for name in measures:
        meaning = f"Root mean square error of the emulator in {HELD_OUT} runs it had not seen."
        rows.append((f"emulator_error_{name}", 100 * error[name], "percent", meaning))
    return pd.DataFrame(rows, columns=["name", "value", "unit", "meaning"])


def box() -> dict[str, tuple[float, float]]:
    """List the range of every parameter, moved or assumed.

    Returns
    -------
    dict of str to (float, float)
        In the order of the settings; for what is assumed, all but the outermost `CUT`.
    """
    ends = np.array([CUT, 1 - CUT])
    assumed_box = {name: quantiles(assumption(f"england_{name}"), ends) for name in ASSUMED}
    return CALIBRATED_BOX | {
        name: (float(low), float(high)) for name, (low, high) in assumed_box.items()
    }


def assumed() -> dict[str, float]:
    """Read the assumed parameters.

    Returns
    -------
    dict of str to float
        Central value by parameter.
    """
    return {name: assumption(f"england_{name}").value for name in ASSUMED}


def emulator_error(
    emulator: Emulator, tried: list[EnglandParameters], runs: list[Mapping[str, float]]
) -> dict[str, float]:
    """Compare the emulator with runs it has not seen.

    Parameters
    ----------
    emulator : Emulator
    tried : list of EnglandParameters
        Of each run.
    runs : list of mappings
        Measures of each run.

    Returns
    -------
    dict of str to float
        Root mean square of the relative error by measure.
    """
    settings = np.array([settings_of(emulator.box, vars(row)) for row in tried])
    logs = np.log([[run[name] for name in emulator.measures] for run in runs])
    error = np.sqrt(((emulator.predict(settings) - logs) ** 2).mean(axis=0))
    return dict(zip(emulator.measures, error.tolist(), strict=True))


def polished(emulator: Emulator, chosen: pd.DataFrame) -> tuple[Solution, Emulator]:
    """Solve for the central targets, correcting the emulator by large samples near the solution.

    Parameters
    ----------
    emulator : Emulator
    chosen : pandas.DataFrame
        Calibration targets by measure.

    Returns
    -------
    Solution
        The central parameters.
    Emulator
        Corrected.
    """
    wanted, tolerances = chosen["value"].to_dict(), chosen["tolerance_percent"].to_dict()
    for _ in range(2):
        central = solve(emulator, wanted, assumed(), tolerances)
        measures = england_measures(central.parameters, LARGE)
        settings = settings_of(emulator.box, vars(central.parameters))
        measured = np.log([measures[name] for name in emulator.measures])
        emulator = emulator.with_offset(measured - emulator.surface.predict(settings))
    return solve(emulator, wanted, assumed(), tolerances), emulator


def draws(emulator: Emulator, chosen: pd.DataFrame) -> tuple[list[Solution], int]:
    """Draw targets and assumed parameters from their ranges, independently, and solve.

    A range is the project's interval of a distribution whose median is the value.

    Parameters
    ----------
    emulator : Emulator
    chosen : pandas.DataFrame
        Calibration targets by measure.

    Returns
    -------
    list of Solution
        The draws that meet their targets.
    int
        Number of draws tried.
    """
    tolerances = chosen["tolerance_percent"].to_dict()
    assumptions = {name: assumption(f"england_{name}") for name in ASSUMED}
    random = np.random.default_rng(seed_for("england-calibration-draws"))
    accepted: list[Solution] = []
    tried = 0
    while len(accepted) < DRAWS:
        tried += 1
        at = iter(CUT + (1 - 2 * CUT) * random.random(len(chosen) + len(ASSUMED)))
        wanted = {
            str(row.Index): float(
                quantiles_between(row.low, row.value, row.high, np.array(next(at)), is_share=True)
            )
            for row in chosen.itertuples()
        }
        assumed_values = {
            name: float(quantiles(stated, np.array(next(at))))
            for name, stated in assumptions.items()
        }
        solution = solve(emulator, wanted, assumed_values, tolerances)
        if solution.worst < ACCEPTED_ERROR:
            accepted.append(solution)
    return accepted, tried


if __name__ == "__main__":
    main(__file__, derive, raw_required=False)
