"""Labels of cells: what a factor may say of people, and what is a slip of the pen or of a program.

Labels leave with the cells and are shown in terminals, pages and spreadsheets, so none may hold a
character that acts instead of being seen. And two labels that a reader takes for one are one level
that was split; which of them is right only the holder of the data can say.
"""

import re
from collections.abc import Sequence
from unicodedata import category

import pandas as pd

from analysis.errors import InputError
from analysis.population.disclosure.merging import MERGED
from analysis.tables.column_roles import plain_label

LONGEST_LABEL = 200

MISSING_WORDS = frozenset(
    ["nan", "na", "n/a", "#n/a", "<na>", "nat", "null", "(null)", "#ref!", "#value!", "#name?"]
)
"""What programs write where there is nothing."""

EXCEL_MADE = {
    re.compile(r"\d(\.\d+)?E\+\d+"): "a number that a spreadsheet has shortened",
    re.compile(r"(\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2})"): "a date that a spreadsheet made",
    re.compile(r"#{3,}"): "a number that did not fit into the column of a spreadsheet",
}

DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing, so that text reads as something else."""


def checked_labels(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return cells with their factors as text, each label fit to be shown.

    Raises
    ------
    InputError
        If a label is missing or reserved, cannot be shown, was spoilt by a spreadsheet, or differs
        from another only in spaces, capitals or the form of its characters.
    """
    floats = [factor for factor in by if frame[factor].dtype.kind == "f"]
    frame = frame.assign(**{factor: frame[factor] + 0.0 for factor in floats})  # -0.0 is 0.0
    for factor in by:
        people = frame["rows"].groupby(frame[factor], dropna=False).sum()
        absent = people[[_is_absent(label) for label in people.index]]
        if len(absent):
            raise InputError(_absent(factor, absent))
        labels = [str(label) for label in people.index]
        for label in labels:
            if fault := _fault(label):
                raise InputError(f"column {factor}: {fault}")
        _check_alike(factor, labels)
    return frame.astype(dict.fromkeys(by, str))


def _is_absent(label: object) -> bool:
    # NaN and NaT are written as words that mean missing.
    return label is None or str(label).strip().casefold() in MISSING_WORDS | {""}


def _absent(factor: str, absent: pd.Series) -> str:
    word = str(absent.index[0]).strip()
    written = isinstance(absent.index[0], str) and word
    label = f"the label {word!r}, which means missing" if written else "an empty label"
    fix = " or name their group, such as unknown" if written else ""
    return (
        f"column {factor}: {int(absent.sum())} rows have {label}; every person needs a label: "
        f"correct or drop those rows{fix}"
    )


def _fault(label: str) -> str:
    """Say what is wrong with one label; empty where nothing is."""
    if label == MERGED:
        return f"the label {MERGED} is taken; rename that level"
    if len(label) > LONGEST_LABEL:
        return (
            f"a label has {len(label):,} characters ({label[:20]!r}…); the longest may have "
            f"{LONGEST_LABEL}: use short codes"
        )
    if any(category(character) == "Cc" or character in DIRECTIONS for character in label):
        return f"the label {label!a} holds a character that cannot be seen; remove it"
    for pattern, what in EXCEL_MADE.items():
        if pattern.fullmatch(label):
            return (
                f"the label {label!r} looks like {what}; set the column to text in the spreadsheet "
                "before the data come in, and save again"
            )
    return ""


def _check_alike(factor: str, labels: Sequence[str]) -> None:
    first_spelling: dict[str, str] = {}
    for label in labels:
        same = first_spelling.setdefault(plain_label(label), label)
        if same != label:
            raise InputError(
                f"column {factor}: the labels {same!r} and {label!r} differ only in spaces, "
                "capitals or the form of a character; make them one"
            )
