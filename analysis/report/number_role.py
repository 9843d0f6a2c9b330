"""What the role `number` shows, in the pages of the site and in the documents to print."""

from analysis.errors import InputError

VARIANTS = {
    "text": "text",
    "value": "value_text",
    "low": "low_text",
    "high": "high_text",
    "interval": "interval_text",
    "label": "label",
    "grade": "grade",
}
"""What may follow the colon in `s07.p_over_2pct_100k:value`, and the field it shows."""


def role_target(text: str) -> tuple[str, str]:
    """Return the number that a role names, and the field of its record that is shown.

    Parameters
    ----------
    text : str
        What stands in the role: `s07.attachment`, or `s07.attachment:value`.

    Returns
    -------
    name, field : str

    Raises
    ------
    InputError
        When there is no such variant.
    """
    name, _, variant = text.strip().partition(":")
    if (variant or "text") not in VARIANTS:
        raise InputError(f"number {name} has no {variant!r}: use one of {', '.join(VARIANTS)}.")
    return name, VARIANTS[variant or "text"]


def not_recorded(name: str) -> InputError:
    """Return the error of a role that names a number which no notebook records."""
    return InputError(f"number {name} is not recorded in any notebook.")
