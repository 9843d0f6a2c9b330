"""What an evidence grade promises, and the heading under which a number stands."""

GRADE_MEANINGS = {
    "estimated": "Fitted here to data: the interval is a posterior given those data.",
    "calibrated": "Computed from parameters taken from cited, published figures.",
    "assumed": "A structural model under stated priors: a way to reason, not a measurement.",
}
"""What each evidence grade promises."""


def suggestion_title(suggestion: int | None) -> str:
    """Return the heading under which the numbers of one suggestion stand."""
    return "Foundations" if suggestion is None else f"Suggestion {suggestion}"
