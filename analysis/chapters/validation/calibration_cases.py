"""Which models are calibrated by simulation, how often, and whether a stored result holds."""

import importlib.metadata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from analysis.chapters.validation.components_calibration import components_case
from analysis.chapters.validation.components_rows import rows_case
from analysis.chapters.validation.generalised_gamma_calibration import generalised_gamma_case
from analysis.inference.digests import KEY_PACKAGES, digest, sources
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.seeds import seed_for


@dataclass(frozen=True)
class PlannedCalibration:
    """One calibration of the schedule.

    Attributes
    ----------
    make : callable
        Returns the case.
    title : str
        What readers call the model.
    replications : int
        Enough to find a bias of half a posterior standard deviation almost surely.
    ranked : bool
        Whether its ranks must be uniform; if not, only the coverage of intervals is judged.
    key_quantities : tuple of str
        Those whose coverage is reported one by one.
    """

    make: Callable[[], CalibrationCase]
    title: str
    replications: int
    ranked: bool
    key_quantities: tuple[str, ...]


PLAN: dict[str, PlannedCalibration] = {
    "generalised-gamma": PlannedCalibration(
        generalised_gamma_case, "Generalised gamma", 80, True, ("shape",)
    ),
    "variance-components": PlannedCalibration(
        components_case, "Variance components", 100, True, ("k", "tau")
    ),
    "variance-components-rows": PlannedCalibration(
        rows_case,
        "Variance components, from simulated organisations",
        50,
        False,
        ("k", "tau", "yearly", "heaviness"),
    ),
}
"""By name of the case, in the order of the page."""


def case_digest(case: CalibrationCase) -> str:
    """Return the digest of what a calibration's meaning depends on.

    The source of the model and of the simulator, the priors and the sampler; not the template
    data, whose last digits may differ between machines.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    parts = (case.builder, case.simulate, type(case.priors), type(case.template))
    content = {
        "sources": sources(*parts),
        "priors": _rounded(asdict(case.priors)),
        "sampler": {name: value for name, value in vars(case.sampler).items() if name != "cores"},
        "seed": seed_for(f"calibration-{case.name}"),
    }
    return digest(content)[:16]


def _rounded(value: Any) -> Any:  # noqa: ANN401  (whatever a dataclass of priors holds)
    """Floats as text of six digits: the last ones come from an optimiser and the processor."""
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return f"{value:.6g}" if isinstance(value, float) else value


def package_versions() -> str:
    """Return the versions of the packages that can change a draw, as one line."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in KEY_PACKAGES)
