"""Calibrate the England generator: the method of simulated moments on an emulator.

The generator is run a few hundred times over a box of parameters with the same random numbers
(common random numbers: McFadden 1989, Econometrica 57:995). A quadratic surface through the runs
stands in for it (McKay, Beckman & Conover 1979, Technometrics 21:239, for the design). Parameters
that meet a set of targets are then found at once, so that the targets and the assumed parameters
can be drawn from their ranges many times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import qmc

from analysis.population.england.emulator import QuadraticSurface, fit_surface
from analysis.population.england.parameters import EnglandParameters

MOVED: dict[str, tuple[float, float]] = {
    "persistent_need_log_sd": (0.9, 1.4),
    "admission_rate": (0.04, 0.2),
    "admission_cost_log_sd": (0.3, 1.0),
    "tail_shape": (0.0, 0.44),
    "other_care_rate": (0.025, 0.6),
    "diagnosis_need_elasticity": (0.6, 3.0),
}
"""Parameters that the calibration moves, and the box in which the emulator is good."""


@dataclass(frozen=True)
class Emulator:
    """Measures of the generator as a function of its parameters.

    A setting is a parameter on the scale on which the measures are nearly quadratic, scaled to lie
    between -1 and 1 in the box.

    Attributes
    ----------
    box : dict of str to (float, float)
        Range of every parameter, in the order of the settings.
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

    def with_offset(self, offset: np.ndarray) -> "Emulator":
        """Return the same surface with another offset, shape (measure,)."""
        return replace(self, offset=offset)

    def parameters(self, settings: np.ndarray) -> EnglandParameters:
        """Parameters of some settings."""
        values = {}
        for name, setting in zip(self.box, settings, strict=True):
            low, high = (_straightened(name, end) for end in self.box[name])
            values[name] = _bent(name, low + (setting + 1) / 2 * (high - low))
        return EnglandParameters(**values)


def settings_of(box: Mapping[str, tuple[float, float]], values: Mapping[str, float]) -> np.ndarray:
    """Return the settings of some parameters.

    Parameters
    ----------
    box : mapping of str to (float, float)
        Range of every parameter, in the order of the settings.
    values : mapping of str to float
        Value of every parameter.

    Returns
    -------
    ndarray, shape (parameter,)
        Between -1 and 1 inside the box.
    """
    found = []
    for name, (low, high) in box.items():
        first, value, last = (_straightened(name, x) for x in (low, values[name], high))
        found.append(2 * (value - first) / (last - first) - 1)
    return np.array(found)


def _straightened(name: str, value: float) -> float:
    """A parameter on the scale of settings: variances add, rates multiply, a tail has a pole."""
    if name == "tail_shape":
        return float(-np.log1p(-2 * value))
    return value**2 if name.endswith("_sd") else float(np.log(value))


def _bent(name: str, value: float) -> float:
    """The inverse of `_straightened`."""
    if name == "tail_shape":
        return float(-np.expm1(-value) / 2)
    return float(np.sqrt(value) if name.endswith("_sd") else np.exp(value))


@dataclass(frozen=True)
class Solution:
    """Parameters that meet targets as closely as they can.

    Attributes
    ----------
    log_errors : dict of str to float
        Logarithm of emulated over wanted value, by measure.
    """

    parameters: EnglandParameters
    log_errors: Mapping[str, float]

    @property
    def worst(self) -> float:
        """Largest relative error."""
        return float(np.abs(list(self.log_errors.values())).max())


def design(box: Mapping[str, tuple[float, float]], runs: int, seed: int) -> list[EnglandParameters]:
    """Spread parameters over a box by a Latin hypercube.

    Parameters
    ----------
    box : mapping of str to (float, float)
        Range of every parameter.
    """
    low, high = np.array(list(box.values())).T
    places = qmc.LatinHypercube(len(box), rng=np.random.default_rng(seed)).random(runs)
    rows = (low + places * (high - low)).tolist()
    return [EnglandParameters(**dict(zip(box, row, strict=True))) for row in rows]


def fit_emulator(
    box: Mapping[str, tuple[float, float]],
    parameters: Sequence[EnglandParameters],
    runs: Sequence[Mapping[str, float]],
) -> Emulator:
    """Fit the emulator to runs of the generator.

    Parameters
    ----------
    parameters : sequence of EnglandParameters
        Of every run.
    runs : sequence of mappings
        What `england_measures` found, on the same sample of random numbers in every run.
    """
    names = tuple(runs[0])
    settings = np.array([settings_of(box, vars(row)) for row in parameters])
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
    targets : mapping of str to float
        Wanted value by measure.
    given : mapping of str to float
        Value of every parameter that is not to move.
    tolerances : mapping of str to float
        Relative tolerance by measure: where the targets cannot all be met, errors are shared out
        in these proportions.
    """
    column = [emulator.measures.index(name) for name in targets]
    wanted = np.log(list(targets.values()))
    scale = np.array([tolerances[name] for name in targets])
    middle = {name: (low + high) / 2 for name, (low, high) in emulator.box.items()}
    settings = settings_of(emulator.box, middle | dict(given))
    free = [index for index, name in enumerate(emulator.box) if name not in given]

    def errors(moved: np.ndarray) -> np.ndarray:
        settings[free] = moved
        return emulator.predict(settings)[column] - wanted

    found = least_squares(lambda moved: errors(moved) / scale, np.zeros(len(free)), bounds=(-1, 1))
    final = errors(found.x)
    return Solution(emulator.parameters(settings), dict(zip(targets, final, strict=True)))
