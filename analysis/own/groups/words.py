"""Words and rows for the mean costs of a reader's own groups."""

import math
from typing import TYPE_CHECKING, Any

from analysis.own.groups.table import FEWEST_GROUPS
from analysis.report.draws_text import rounded_text, values_text
from analysis.tables.small_tables import left_out_words

if TYPE_CHECKING:
    from analysis.own.groups.answer import GroupAnswer
    from analysis.own.people.settings import Settings

FEW_GROUPS = 30
"""Below this many groups a caution says so."""

HARDLY = 0.25
"""Below this the answer is what was believed before, rather than what the table shows."""

BEYOND = "more than were seen"


def first_words(answer: "GroupAnswer", settings: "Settings") -> str:
    """Return the answer in sentences, one a line."""
    k = answer.k[0]
    chance, both = answer.minimum_size
    share, years = f"{100 * settings.tolerance:g}%", f"{100 * settings.probability:g}% of years"
    classes = f"by {' and '.join(answer.classes)}" if answer.classes else "told as a whole"
    return "\n".join(
        [
            f"{answer.groups:,} groups of {answer.people:,.0f} people together, {classes}.",
            f"k, the standard deviation of one person's annual cost over its mean, is {_none(k)} "
            f"for {k['ages']}{_within(k, answer)}.",
            f"Beyond chance, groups of {rounded_text(_people(answer.spread[1]))} people differ by "
            f"{_share(answer.spread[1]['lasting'])} of expected cost (one standard deviation); it "
            f"falls with size to the power {_none(answer.exponent)} (0: not at all; 0.5: as chance "
            "does).",
            f"To overspend by more than {share} in at most {years}, chance alone asks for "
            f"{_size(chance)} people, chance and differences between groups for {_size(both)}.",
        ]
    )


def k_rows(answer: "GroupAnswer") -> list[tuple[str, str, str]]:
    """Return rows of k: for whom, under which budget, and k."""
    followed = f"follows {' and '.join(answer.classes)}"
    return [
        (str(row["ages"]), followed if row["within_classes"] else "the same for all", _none(row))
        for row in answer.k
    ]


def spread_rows(answer: "GroupAnswer") -> list[tuple[str, str, str, str]]:
    """Return rows of what makes groups differ at three sizes, in percent of expected cost."""
    names = ("smallest", "middle", "largest")
    return [
        (name, rounded_text(_people(row)), _share(row["chance"]), _share(row["lasting"]))
        for name, row in zip(names, answer.spread, strict=True)
    ]


def cautions(answer: "GroupAnswer") -> list[str]:
    """Return what the table cannot tell, in sentences."""
    sentences = [left_out_words(answer.left_out), _mix(answer), _learned(answer)]
    sentences += [_sizes_seen(answer), _slope(answer)]
    if answer.groups < FEW_GROUPS:
        sentences.append(
            f"Only {answer.groups} groups: how far they differ is learned from few "
            f"({FEWEST_GROUPS} are the fewest that are taken)."
        )
    sentences.append(
        "What a neighbourhood or a practice inside a group does to many people of one age looks "
        "like chance, and makes k too large. One year cannot show which differences last."
    )
    return [sentence for sentence in sentences if sentence]


def _mix(answer: "GroupAnswer") -> str:
    if answer.classes:
        return ""
    return (
        "The table does not tell age and sex: k holds what people of different ages differ by, and "
        "the spread what groups differ by in their ages. With columns age and sex both are told "
        "apart, and k is far better known."
    )


def _learned(answer: "GroupAnswer") -> str:
    weak = [name for name, share in answer.learned.items() if share < HARDLY]
    if not weak:
        return ""
    named = {"k": "k", "exponent": "the power of size"}
    return (
        f"The table hardly tells {' and '.join(named[name] for name in weak)}: the interval is "
        "about what was believed before the table was seen."
    )


def _sizes_seen(answer: "GroupAnswer") -> str:
    first, last = (rounded_text(_people(row)) for row in (answer.spread[0], answer.spread[-1]))
    beyond: Any = answer.minimum_size[1]["beyond_seen"]
    unseen = f" None of them is enough with a probability of {beyond:.0%}." if beyond else ""
    return (
        f"Groups of {first} to {last} people were seen; how far larger and smaller ones differ "
        f"the table does not show.{unseen}"
    )


def _slope(answer: "GroupAnswer") -> str:
    low, high = answer.slope["low"], answer.slope["high"]
    if low <= 0 <= high:
        return ""
    more = "more" if low > 0 else "less"
    value, *ends = (math.log(2) * abs(answer.slope[end]) for end in ("value", "low", "high"))
    told = values_text(value, min(ends), max(ends), "probability", decimals=1)
    return (
        f"A group twice as large costs {told} {more} than its people let expect. That is no part "
        "of the spread, which is that of groups of one size."
    )


def _within(k: dict[str, object], answer: "GroupAnswer") -> str:
    return f", within {' and '.join(answer.classes)}" if k["within_classes"] else ""


def _people(row: dict[str, object]) -> float:
    people: Any = row["people"]
    return float(people)


def _none(row: dict[str, Any]) -> str:
    return values_text(row["value"], row["low"], row["high"], decimals=2)


def _share(row: Any) -> str:  # noqa: ANN401  (a summary inside a row for JSON)
    return values_text(row["value"], row["low"], row["high"], "probability", decimals=1)


def _size(row: dict[str, Any]) -> str:
    text = values_text(row["value"], row["low"], row["high"], "people", infinite=BEYOND)
    return text.replace("no limit", BEYOND)
