"""Which comparisons with published figures are not like with like, and why: they are not judged."""

from analysis.chapters.validation import (
    concentration,
    minimum_savings_rate,
    practice_residual,
)

APART = {
    minimum_savings_rate.FROM_RAND: "RAND has nobody over 64, the Medicare programme few who are "
    "younger. The survey's people over 64 take their place.",
    f"{practice_residual.FACT}, chance": "It asks whether chance is all there is between "
    "practices, not whether our figure for chance is right.",
    f"{practice_residual.FACT}, chance and tau": "US organisations are larger than practices, and "
    "in another country. What England's own figures give is in Lasting differences.",
    concentration.RAND_YEAR: "The model was fitted to these very people, so this is no outside "
    "figure. The survey's later years take its place.",
}
"""Reasons by the name of the check, stated before any result is computed."""
