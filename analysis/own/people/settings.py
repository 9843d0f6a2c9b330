"""What a reader assumes and asks for, with the book's own choices as defaults."""

from dataclasses import dataclass

from analysis.errors import InputError
from analysis.evidence.assumptions import assumption

LASTING = "own_data_lasting_sd"
"""Name of the assumption: how far pools differ lastingly."""


@dataclass(frozen=True)
class Settings:
    """What is assumed and asked for.

    Attributes
    ----------
    tolerance : float
        Overspend that can be borne, share of the budget.
    probability : float
        Acceptable share of years with a larger one, between 0 and 0.5.
    lasting : float
        tau: how far pools differ lastingly, one standard deviation, share of the budget.
    maximum : float
        Largest possible annual cost of one person, in multiples of the mean.
    """

    tolerance: float
    probability: float
    lasting: float
    maximum: float

    def __post_init__(self) -> None:
        """Refuse settings outside their range."""
        for name, low, high, unit in (
            ("tolerance", 0.001, 0.5, 100),
            ("probability", 0.001, 0.45, 100),
            ("lasting", 0.0, 0.5, 100),
            ("maximum", 5.0, 1e6, 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                per = " percent" if unit == 100 else " times the mean"
                raise InputError(
                    f"{name} {value * unit:g}: give {low * unit:g} to {high * unit:g}{per}"
                )


def default_settings() -> Settings:
    """Return the book's own reading of *safe*, and its assumptions."""
    return Settings(
        tolerance=assumption("overspend_tolerance_high").value,
        probability=assumption("overspend_probability_limit").value,
        lasting=assumption(LASTING).value,
        maximum=assumption("maximum_annual_cost_multiple").value,
    )
