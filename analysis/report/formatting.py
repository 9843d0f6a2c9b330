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

    A suffix that is a sign (as `%`) is repeated at the ends of an interval, a suffix in words is
    not. `scale` is the factor from the stored value to the printed one: 100 for a probability.
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
    "percent": Unit(suffix="%", most_decimals=2),
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
    """Return the unit called `name`, or raise an InputError that lists those there are."""
    if name not in UNITS:
        raise InputError(f"unit {name!r} is not known: use one of {', '.join(sorted(UNITS))}.")
    return UNITS[name]


def supported_step(magnitude: float, mcse: float | None) -> float:
    """Return the step in which a value of this magnitude may be printed: 1, 2 or 5 times 10^n.

    The step is at least one Monte Carlo standard error, so that a rerun with another seed seldom
    moves what is printed by more than one step. Steps of 2 and 5 keep a digit that a step of ten
    would throw away. At most `SIGNIFICANT_DIGITS` digits are shown.

    All in printed units. An error of None is that of an exact value, which is not rounded; a step
    of 0 means that nothing limits the digits.

    Examples
    --------
    >>> supported_step(73_421.0, 310.0)
    500.0
    >>> supported_step(8.342, 0.02)
    0.02
    """
    if mcse is None:
        return 0.0
    return max(significant_step(magnitude), _next_step(mcse))


def significant_step(magnitude: float, digits: int = SIGNIFICANT_DIGITS) -> float:
    """Return the step of the last of so many significant digits; 0 for a value of 0."""
    size = abs(magnitude)
    return 10.0 ** (math.floor(math.log10(size)) + 1 - digits) if size > 0 else 0.0


def _next_step(error: float) -> float:
    """Smallest of 1, 2 and 5 times a power of ten that is at least `error`."""
    if not error > 0:
        return 0.0
    exponent = math.floor(math.log10(error))
    # Written as decimals, so that 0.02 is the number that a reader writes, bit for bit.
    steps = [float(f"{first}e{exponent}") for first in (1, 2, 5, 10)]
    return next(step for step in steps if step >= error * (1 - 1e-12))


def printed_steps(
    values: Sequence[float], errors: Sequence[float | None], unit: Unit, decimals: int | None = None
) -> list[float]:
    """Return the step in which a value and each end of its interval is printed.

    Each has its own Monte Carlo error: the ends lie where draws are few. An end is never printed
    more finely than the value.

    Parameters
    ----------
    values, errors : sequence of float
        Value first, then the ends of its interval where it has one, and the Monte Carlo standard
        error of each, None where exact; stored units. Infinite ends are left out of the reckoning.
    decimals : int, optional
        Upper limit on the decimals shown.

    Returns
    -------
    list of float
        Printed units.
    """
    finite = [abs(value) * unit.scale for value in values if math.isfinite(value)]
    half_width = (max(values) - min(values)) * unit.scale / 2 if len(finite) == len(values) else 0.0
    # The width counts too: a value of 0.3 between -80 and 90 has no third digit.
    magnitude = max(finite[0] if finite else 0.0, half_width)
    most = unit.most_decimals if decimals is None else min(decimals, unit.most_decimals)
    steps: list[float] = []
    for error in errors:
        step = supported_step(magnitude, None if error is None else error * unit.scale)
        steps.append(max(step, 10.0**-most if step or decimals is not None else 0.0, *steps[:1]))
    return steps


def digits(value: float, unit: Unit, step: float) -> str:
    """Return the digits of one value, with thousands separators and a true minus sign.

    The value is in stored units, infinity is written `no limit`; the step is in printed units, and
    0 prints as many decimals as the value has.
    """
    if math.isinf(value):
        return "no limit"
    scaled = value * unit.scale
    if step == 0:
        text = f"{abs(scaled):,.10f}".rstrip("0").rstrip(".")
        return f"{'−' if scaled < 0 else ''}{unit.prefix}{text}"
    rounded = round(scaled / step) * step
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{'−' if rounded < 0 else ''}{unit.prefix}{text}"


def value_text(value: float, unit: Unit, step: float) -> str:
    """Return one value with its unit, as `8.3%` or `73,000 people`.

    A simulated probability is never printed as certain: `<1%`, `>99%`.
    """
    if unit is UNITS["probability"] and step > 0 and math.isfinite(value):
        nearest = round(value * unit.scale / step) * step
        if nearest <= 0:
            return f"<{step:g}%"
        if nearest >= unit.scale:
            return f">{unit.scale - step:g}%"
    return digits(value, unit, step) + ("" if math.isinf(value) else unit.suffix)


def signed_text(value: float, unit: Unit, step: float) -> str:
    """Return one value with the sign of its unit and without its words: `8.3%`, `73,000`."""
    signed = "" if unit.suffix.startswith(" ") or math.isinf(value) else unit.suffix
    return digits(value, unit, step) + signed


def ends_text(ends: Sequence[float], unit: Unit, steps: Sequence[float]) -> str:
    """Return the ends of an interval, as `6.1%–10.4%`; `to` where one is negative or no limit."""
    texts = [signed_text(end, unit, step) for end, step in zip(ends, steps, strict=True)]
    in_words = any(map(math.isinf, ends)) or any(text.startswith("−") for text in texts)
    return (" to " if in_words else "–").join(texts)


def full_text(value: str, interval: str | None, probability: float) -> str:
    """Return a value with its interval, as `8.3% (90% interval 6.1%–10.4%)`."""
    return value if interval is None else f"{value} ({probability:.0%} interval {interval})"
