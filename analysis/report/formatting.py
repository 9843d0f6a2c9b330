"""How a number is written: its unit, and no more digits than its Monte Carlo error supports.

Pure functions from floats to text. Everything that prints a published number (prose, cards,
tables, `numbers.json`) prints what these functions return.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.errors import InputError

SIGNIFICANT_DIGITS = 3
"""The most digits a simulated number is given, however small its Monte Carlo error."""


@dataclass(frozen=True)
class Unit:
    """How values of one unit are written.

    Parameters
    ----------
    prefix, suffix : str
        Text before and after the digits. A suffix that is a sign (as `%`) is repeated at the
        ends of an interval, a suffix in words is not.
    scale : float
        Factor from the stored value to the printed one: 100 for a probability printed as a
        percentage.
    most_decimals : int
        Decimals beyond which no reader would follow.
    """

    prefix: str = ""
    suffix: str = ""
    scale: float = 1.0
    most_decimals: int = 6


UNITS: dict[str, Unit] = {
    "people": Unit(suffix=" people", most_decimals=0),
    "count": Unit(most_decimals=0),
    "none": Unit(),
    "ratio": Unit(),
    "R2": Unit(most_decimals=4),
    "percent": Unit(suffix="%", most_decimals=1),
    "percentage points": Unit(suffix=" percentage points", most_decimals=1),
    "probability": Unit(suffix="%", scale=100.0, most_decimals=1),
    "GBP": Unit(prefix="£", most_decimals=2),
    "GBP per head": Unit(prefix="£", suffix=" a head", most_decimals=2),
    "USD": Unit(prefix="$", most_decimals=2),
    "USD per head": Unit(prefix="$", suffix=" a head", most_decimals=2),
    "years": Unit(suffix=" years", most_decimals=1),
    "months": Unit(suffix=" months", most_decimals=1),
    "days": Unit(suffix=" days", most_decimals=1),
}
"""Every unit a record may have. `probability` is stored in 0–1 and printed as a percentage."""


def unit_named(name: str) -> Unit:
    """Return the unit called `name`.

    Parameters
    ----------
    name : str
        A key of `UNITS`.

    Returns
    -------
    Unit

    Raises
    ------
    InputError
        When no such unit is defined.
    """
    if name not in UNITS:
        raise InputError(f"unit {name!r} is not known: use one of {', '.join(sorted(UNITS))}.")
    return UNITS[name]


def supported_decimals(magnitude: float, mcse: float | None) -> int:
    """Return how many decimals a value of this magnitude may be printed with.

    The last printed place is worth at least one Monte Carlo standard error, so that a rerun
    with another seed seldom moves it by more than one, and at most `SIGNIFICANT_DIGITS`
    digits are shown.

    Parameters
    ----------
    magnitude : float
        Size of the value, in printed units; its sign does not matter.
    mcse : float or None
        Monte Carlo standard error in printed units; None for an exact value, which is not
        rounded.

    Returns
    -------
    int
        Decimals; negative means rounding to tens, hundreds and so on.

    Examples
    --------
    >>> supported_decimals(73_421.0, 310.0)
    -3
    >>> supported_decimals(8.342, 0.02)
    1
    """
    if mcse is None:
        return 10
    size = abs(magnitude)
    by_size = SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(size)) if size > 0 else 10
    by_error = math.floor(-math.log10(mcse)) if mcse > 0 else 10
    return min(by_size, by_error)


def printed_decimals(values: Sequence[float], mcse: float | None, unit: Unit) -> int:
    """Return the decimals shared by a value and the ends of its interval.

    Parameters
    ----------
    values : sequence of float
        Value first, then the ends of its interval where it has one; stored units. Infinite
        ends are left out of the reckoning.
    mcse : float or None
        The largest Monte Carlo standard error among them, stored units.
    unit : Unit
        Unit they are printed in.

    Returns
    -------
    int
    """
    finite = [abs(value) * unit.scale for value in values if math.isfinite(value)]
    half_width = (max(values) - min(values)) * unit.scale / 2 if len(finite) == len(values) else 0.0
    magnitude = max(finite[0] if finite else 0.0, half_width)
    error = None if mcse is None else mcse * unit.scale
    return min(supported_decimals(magnitude, error), unit.most_decimals)


def digits(value: float, unit: Unit, decimals: int) -> str:
    """Return the digits of one value, with thousands separators and a true minus sign.

    Parameters
    ----------
    value : float
        Stored units; infinity is written `no limit`.
    unit : Unit
        Unit to print in.
    decimals : int
        Decimals to round to; negative rounds to tens, hundreds and so on.

    Returns
    -------
    str
    """
    if math.isinf(value):
        return "no limit"
    rounded = round(value * unit.scale, decimals)
    if decimals >= 10:
        # An exact value: as many decimals as it has, none invented.
        text = f"{abs(rounded):,.10f}".rstrip("0").rstrip(".")
    else:
        text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    sign = "−" if rounded < 0 else ""
    return f"{sign}{unit.prefix}{text}"


def value_text(value: float, unit: Unit, decimals: int) -> str:
    """Return one value with its unit, as `8.3%` or `73,000 people`."""
    shown = digits(value, unit, decimals)
    return shown if math.isinf(value) else f"{shown}{unit.suffix}"


def interval_text(low: float, high: float, unit: Unit, decimals: int) -> str:
    """Return the ends of an interval, as `6.1%–10.4%`; `to` replaces the dash after a minus."""
    sign = unit.suffix if not unit.suffix.startswith(" ") else ""
    ends = [digits(end, unit, decimals) + ("" if math.isinf(end) else sign) for end in (low, high)]
    words = any(
        end.startswith("−") or math.isinf(x) for end, x in zip(ends, (low, high), strict=True)
    )
    return (" to " if words else "–").join(ends)


def full_text(value: str, interval: str | None, probability: float) -> str:
    """Return a value with its interval, as `8.3% (90% interval 6.1%–10.4%)`."""
    return value if interval is None else f"{value} ({probability:.0%} interval {interval})"
