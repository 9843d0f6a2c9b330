"""Calibrate the England generator: the method of simulated moments on an emulator.

The generator is run a few hundred times over a box of parameters with the same random numbers
(common random numbers: McFadden 1989, Econometrica 57:995). A quadratic surface through the runs
stands in for it (McKay, Beckman & Conover 1979, Technometrics 21:239, for the design). Parameters
that meet a set of targets are then found at once, so that the targets and the assumed parameters
can be drawn from their ranges many times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import qmc

from analysis.population.england.concentration import Sample
from analysis.population.england.emulator import QuadraticSurface, fit_surface
from analysis.population.england.measures import england_measures
from analysis.population.england.parameters import EnglandParameters

MOVED: dict[str, tuple[float, float]] = {
    "persistent_need_log_sd": (0.95, 1.35),
    "admission_rate": (0.045, 0.17),
    "admission_cost_log_sd": (0.5, 1.0),
    "tail_shape": (0.0, 0.42),
    "other_care_rate": (0.04, 0.30),
    "diagnosis_need_elasticity": (0.85, 1.9),
}
"""Parameters that the calibration moves, and the box in which the emulator is good."""


@dataclass(frozen=True)
class Emulator:
    """Measures of the generator as a function of its parameters.

    Attributes
    ----------
    box : dict of str to (float, float)
        Range of every parameter, in the order of the settings.
    measures : tuple of str
    surface : QuadraticSurface
        Of the logarithms of the measures.
    offset : ndarray, shape (measure,)
        Added to the surface: how a large sample differs from the runs.
    """

    box: Mapping[str, tuple[float, float]]
    measures: tuple[str, ...]
    surface: QuadraticSurface
    offset: np.ndarray

    def predict(self, settings: np.ndarray) -> np.ndarray:
        """Logarithms of the measures at some settings, shape (..., measure)."""
        return self.surface.predict(settings) + self.offset

    def settings(self, values: Mapping[str, float]) -> np.ndarray:
        """Scale values of parameters to settings between -1 and 1."""
        low, high = np.array(list(self.box.values())).T
        given = np.array([values[name] for name in self.box])
        return 2 * (given - low) / (high - low) - 1

    def parameters(self, settings: np.ndarray) -> EnglandParameters:
        """Parameters of some settings."""
        return _parameters(self.box, settings)


@dataclass(frozen=True)
class Solution:
    """Parameters that meet targets as closely as they can.

    Attributes
    ----------
    parameters : EnglandParameters
    log_errors : dict of str to float
        Logarithm of emulated over wanted value, by measure.
    """

    parameters: EnglandParameters
    log_errors: Mapping[str, float]

    @property
    def worst(self) -> float:
        """Largest relative error."""
        return float(np.abs(list(self.log_errors.values())).max())


def run_design(
    box: Mapping[str, tuple[float, float]], runs: int, sample: Sample, seed: int
) -> tuple[np.ndarray, list[Mapping[str, float]]]:
    """Run the generator over a Latin hypercube.

    Parameters
    ----------
    box : mapping of str to (float, float)
        Range of every parameter.
    runs : int
    sample : Sample
        The same for every run.
    seed : int
        Of the design.

    Returns
    -------
    settings : ndarray, shape (run, parameter)
        Between -1 and 1.
    measures : list of mappings, one a run
    """
    design = 2 * qmc.LatinHypercube(len(box), rng=np.random.default_rng(seed)).random(runs) - 1
    return design, [england_measures(_parameters(box, row), sample) for row in design]


def fit_emulator(
    box: Mapping[str, tuple[float, float]],
    settings: np.ndarray,
    runs: Sequence[Mapping[str, float]],
) -> Emulator:
    """Fit the emulator to runs.

    Parameters
    ----------
    box : mapping of str to (float, float)
    settings : ndarray, shape (run, parameter)
    runs : sequence of mappings
        From `run_design`.

    Returns
    -------
    Emulator
    """
    names = tuple(runs[0])
    logs = np.log([[run[name] for name in names] for run in runs])
    return Emulator(box, names, fit_surface(settings, logs), np.zeros(len(names)))


def solve(
    emulator: Emulator,
    targets: Mapping[str, float],
    given: Mapping[str, float],
    tolerances: Mapping[str, float],
) -> Solution:
    """Find the parameters that meet targets.

    Parameters
    ----------
    emulator : Emulator
    targets : mapping of str to float
        Wanted value by measure.
    given : mapping of str to float
        Value of every parameter that is not to move.
    tolerances : mapping of str to float
        Relative tolerance by measure: where the targets cannot all be met, errors are shared out
        in these proportions.

    Returns
    -------
    Solution
    """
    column = [emulator.measures.index(name) for name in targets]
    wanted = np.log(list(targets.values()))
    scale = np.array([tolerances[name] for name in targets])
    middle = {name: (low + high) / 2 for name, (low, high) in emulator.box.items()}
    settings = emulator.settings(middle | dict(given))
    free = [index for index, name in enumerate(emulator.box) if name not in given]

    def errors(moved: np.ndarray) -> np.ndarray:
        settings[free] = moved
        return emulator.predict(settings)[column] - wanted

    found = least_squares(
        lambda moved: errors(moved) / scale, np.zeros(len(free)), bounds=(-1, 1)
    )
    final = errors(found.x)
    return Solution(emulator.parameters(settings), dict(zip(targets, final, strict=True)))


def _parameters(box: Mapping[str, tuple[float, float]], settings: np.ndarray) -> EnglandParameters:
    low, high = np.array(list(box.values())).T
    values = low + (settings + 1) / 2 * (high - low)
    return EnglandParameters(**dict(zip(box, values.tolist(), strict=True)))
