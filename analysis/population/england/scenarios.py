"""What happens to the other figures when one is met before all others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.population.england.calibration import Emulator, solve
from analysis.population.england.concentration import Sample
from analysis.population.england.measures import england_measures
from analysis.population.england.parameters import EnglandParameters

FIRST = 0.2
"""Tolerance, in percent, of a figure that is to be met before all others."""


@dataclass(frozen=True)
class Scenario:
    """One change to the calibration.

    Attributes
    ----------
    label : str
        For the table.
    wanted : mapping of str to float
        Figures by measure, met before all others.
    fixed : mapping of str to float
        Parameters held at a value.
    """

    label: str
    wanted: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)


SCENARIOS = (
    Scenario("As calibrated"),
    Scenario("Patients' costliest hundredth: 18%", {"top1_hospital_patients": 0.18}),
    Scenario("Costliest hundredth under 26: 33%", {"top1_hospital_25_and_under": 0.33}),
    Scenario("Patients over 64: 13%", {"top1_hospital_patients_65_and_over": 0.13}),
    Scenario("Tail as heavy as US claims of 1991", fixed={"tail_shape": 0.39}),
    Scenario("No tail beyond the lognormal", fixed={"tail_shape": 0.0}),
    Scenario("Persistence: 14%", {"top1_stay_all": 0.14}),
    Scenario("Persistence: 25%", {"top1_stay_all": 0.25}),
)
"""Figures that could be met first, and tails from elsewhere."""


def scenario_measures(
    emulator: Emulator,
    central: EnglandParameters,
    targets: pd.DataFrame,
    given: Mapping[str, float],
    sample: Sample,
) -> pd.DataFrame:
    """Solve every scenario and measure it on a sample of people.

    Parameters
    ----------
    central : EnglandParameters
        The calibration as it is.
    targets : DataFrame
        Calibration targets by measure: `value`, `tolerance_percent`.
    given : mapping of str to float
        Assumed parameters.

    Returns
    -------
    DataFrame
        `scenario`, `measure`, `value`.
    """
    found = []
    for scenario in SCENARIOS:
        parameters = central
        if scenario.wanted or scenario.fixed:
            wanted = _by_name(targets["value"]) | dict(scenario.wanted)
            tolerances = _by_name(targets["tolerance_percent"])
            tolerances |= dict.fromkeys(scenario.wanted, FIRST)
            fixed = {**given, **scenario.fixed}
            parameters = solve(emulator, wanted, fixed, tolerances).parameters
        measures = england_measures(parameters, sample)
        found += [(scenario.label, name, value) for name, value in measures.items()]
    return pd.DataFrame(found, columns=["scenario", "measure", "value"])


def _by_name(column: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in column.items()}
