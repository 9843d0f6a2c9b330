"""The page of what moved since the last release."""

from collections.abc import Sequence

from analysis.report.movement import Move, Movement, what_moved
from analysis.report.releases import Reason, Release
from analysis.site.templates import filled


def moves_html(releases: Sequence[Release], now: Release, reasons: Sequence[Reason] = ()) -> str:
    """Return what moved between the last other version that was released and this build.

    Parameters
    ----------
    releases : sequence of Release
        All that are kept, in the order in which they were made.
    now : Release
        The numbers of this build.
    reasons : sequence of Reason
        Why numbers moved, as written by hand.

    Returns
    -------
    str
        HTML. Without an earlier release it says so.
    """
    earlier = [release for release in releases if release.version != now.version]
    same = [release for release in releases if release.version == now.version]
    movement = what_moved(earlier[-1], now, reasons) if earlier else None
    return filled(
        "moves",
        now=now,
        earlier=earlier[-1] if earlier else None,
        movement=movement,
        moved=[_fields(move) for move in movement.moved] if movement else [],
        rule=f"{movement.rule.errors:.1f}" if movement else "",
        sure=f"{1 - movement.rule.false_alarm:.0%}" if movement else "",
        released=same[-1].released if same else "",
        otherwise=_count_differing(what_moved(same[-1], now)) if same else 0,
    )


def _count_differing(movement: Movement) -> int:
    """Count the numbers that are not those released under the same version."""
    return len(movement.moved) + len(movement.new) + len(movement.gone)


def _fields(move: Move) -> dict[str, str]:
    sign = "" if move.percent is None or move.percent < 0 else "+"
    percent = "–" if move.percent is None else f"{sign}{move.percent:.3g}%".replace("-", "−")
    return {
        "id": move.after.number.id,
        "label": move.after.label,
        "before": _text(move.before.number.text, move.before.number.grade),
        "after": _text(move.after.number.text, move.after.number.grade),
        "percent": percent,
        "errors": "none stated" if move.errors is None else f"{move.errors:,.1f}",
        "why": move.why,
    }


def _text(text: str, grade: str) -> str:
    return f"{text} [{grade}]"
