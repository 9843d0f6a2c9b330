"""What a reader should know of their triangle: money that came back, and cells without payment."""

import numpy as np

from analysis.own.bills.triangle import UserTriangle

WORTH_NAMING = 0.001
"""Share of the payments: less came back at a lag than this, and the model may pass over it."""


def recovery_problem(triangle: UserTriangle) -> str:
    """Return why the run-off model cannot follow a triangle; empty where it can.

    Every payment that it expects is above 0, so a lag at which more comes back than is paid, month
    after month, is beyond it.
    """
    by_lag = triangle.paid.sum(axis=1)
    share = by_lag / by_lag.sum(axis=1, keepdims=True)
    if share.min() >= -WORTH_NAMING:
        return ""
    service, lag = np.unravel_index(int(share.argmin()), share.shape)
    whose = f" of service {triangle.services[service]!r}" if len(share) > 1 else ""
    return (
        f"At lag {lag}{whose} more came back than was paid, {-share.min():.1%} of all payments. "
        "The run-off model expects no recoveries and would say too much."
    )


def notes_on(triangle: UserTriangle) -> list[str]:
    """Return a sentence for each way in which the amounts are not plain payments."""
    month, lag = np.nonzero((triangle.paid < 0).any(axis=0))
    notes = []
    if len(month):
        lags = ", ".join(str(each) for each in np.unique(lag))
        first = triangle.months[month[0]]
        notes.append(
            f"{_cells(len(month), 'is', 'are')} negative, the first in {first}; by lag: {lags}. "
            "They count as money that came back."
        )
    if triangle.unnamed:
        notes.append(
            f"{_cells(triangle.unnamed, 'is', 'are')} not in the file though others of the same "
            "month on the books are: counted as 0."
        )
    silent = [
        m
        for m, sums in zip(triangle.months, triangle.paid.any(axis=(0, 2)), strict=True)
        if not sums
    ]
    if silent:
        notes.append(f"Nothing is paid of {', '.join(silent)}: a month without care, or a gap?")
    if triangle.known.all():
        last = triangle.known.shape[1] - 1
        notes.append(
            f"Every month of care is known to lag {last}, the last in the file: nothing is to come "
            "unless bills arrive later than that."
        )
    return notes


def _cells(number: int, one: str, more: str) -> str:
    return f"1 amount {one}" if number == 1 else f"{number} amounts {more}"
