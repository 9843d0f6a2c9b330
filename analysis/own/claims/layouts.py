"""Which column of a table of claims or members is what: by a layout that exists, or as named.

The layouts are data, in `layouts.toml`; a layout more is an entry more.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analysis.errors import InputError

LAYOUTS = Path(__file__).with_suffix(".toml")

NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "claims": (("person",), ("amount",), ("date", "year")),
    "costs": (("event",), ("domain",), ("amount",)),
    "visits": (("event",), ("person",), ("date",)),
    "members": (("person",), ("birth", "age"), ("sex",)),
    "deaths": (("person",), ("death",)),
    "cover": (("person",), ("start", "month", "months")),
    "conditions": (("person",), ("condition",), ("date", "year")),
    "people": (("person",), ("amount",), ("birth", "age"), ("sex",)),
}
"""What a table of each kind must have: of every group at least one."""

NOT_COLUMNS = frozenset(
    ["layout", "kind", "source", "reversed_by", "reversals_signed", "of_domain", "sex_codes"]
)
SHOWN_COLUMNS = 15


@dataclass(frozen=True)
class Layout:
    """One table of a layout: an entry of `LAYOUTS`.

    Attributes
    ----------
    columns : dict of str to tuple of str
        Names, in small letters, that a column may have, by what it is.
    reversed_by : tuple of str
        Codes of a line that takes an earlier one back.
    reversals_signed : bool
        Whether such lines have negative amounts already.
    of_domain : str
        For visits: the domain of the costs that belong to them.
    sex_codes : dict of str to str
        What the codes of sex stand for.
    """

    name: str
    kind: str
    source: str
    columns: dict[str, tuple[str, ...]]
    reversed_by: tuple[str, ...] = ()
    reversals_signed: bool = True
    of_domain: str = ""
    sex_codes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recognised:
    """A table whose columns are known.

    Attributes
    ----------
    columns : dict of str to str
        The name that a column has in the table, by what it is.
    year : int or None
        Year that the names of columns tell, as in ``TOTEXP15``.
    """

    layout: Layout
    columns: dict[str, str]
    year: int | None = None

    @property
    def kind(self) -> str:
        """What the table holds: a key of `NEEDS`."""
        return self.layout.kind

    def words(self) -> str:
        """Return what was recognised, for the user to check."""
        pairs = ", ".join(f"{ours} = {theirs}" for ours, theirs in self.columns.items())
        return f"{self.layout.kind} ({self.layout.name}): {pairs}"


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Return every table of every layout, in the order of the file."""
    return tuple(_layout(entry) for entry in tomllib.loads(LAYOUTS.read_text("utf-8"))["table"])


def _layout(entry: Mapping[str, object]) -> Layout:
    columns = {
        role: tuple(names) if isinstance(names, list) else (str(names),)
        for role, names in entry.items()
        if role not in NOT_COLUMNS
    }
    codes, words = entry.get("reversed_by", []), entry.get("sex_codes", {})
    return Layout(
        str(entry["layout"]),
        str(entry["kind"]),
        str(entry["source"]),
        columns,
        tuple(map(str, codes)) if isinstance(codes, list) else (),
        bool(entry.get("reversals_signed", True)),
        str(entry.get("of_domain", "")),
        {str(code): str(word) for code, word in words.items()} if isinstance(words, dict) else {},
    )


def read_map(arguments: Sequence[str]) -> dict[str, str]:
    """Read what the user says of columns.

    Parameters
    ----------
    arguments : sequence of str
        ``OURS=THEIRS``, such as ``person=PatientKey``; before OURS may stand the kind of table that
        is meant: ``members.person=Id``.

    Raises
    ------
    InputError
        If one is of another form, or names what no table has.
    """
    known = {role for layout in all_layouts() for role in layout.columns}
    named = {}
    for text in arguments:
        ours, _, theirs = text.partition("=")
        kind, _, role = ours.rpartition(".")
        if not theirs or role not in known or (kind and kind not in NEEDS):
            raise InputError(
                f"--map {text!r}: give OURS=THEIRS, where OURS is one of "
                f"{', '.join(sorted(known))}, with the kind of table before it where two tables "
                f"differ (members.person=Id); kinds are {', '.join(NEEDS)}"
            )
        named[ours] = theirs
    return named


def recognise(
    names: Sequence[str], kinds: Sequence[str], named: Mapping[str, str], layout: str | None = None
) -> Recognised:
    """Say what the columns of a table are.

    The layout of which most columns are there is taken, of several the first in the file.

    Parameters
    ----------
    names : sequence of str
        Of the columns.
    kinds : sequence of str
        What the table may be, the likeliest first.
    named : mapping of str to str
        From `read_map`; it comes before every layout.
    layout : str, optional
        Only tables of this layout, and what is `named`.

    Raises
    ------
    InputError
        If no layout fits; says what is lacking.
    """
    wanted = [entry for entry in all_layouts() if layout is None or _same(entry.name, layout)]
    if not wanted:
        known = ", ".join(dict.fromkeys(entry.name for entry in all_layouts()))
        raise InputError(f"--layout {layout}: known are {known}")
    found = [
        _fitted(entry, names, named) for kind in kinds for entry in wanted if entry.kind == kind
    ]
    whole = [each for each in found if not _lacking(each)]
    if not whole:
        raise InputError(_no_layout(names, kinds, found))
    # A row with a day or the number of a claim is a claim, even if it tells age and sex as well.
    if any({"date", "claim"} & set(each.columns) for each in whole if each.kind == "claims"):
        whole = [each for each in whole if each.kind != "people"]
    # Plain names are a part of many layouts' own, so they count for less than one of those.
    return max(whole, key=lambda each: (len(each.columns), each.layout.name != "plain"))


def _fitted(layout: Layout, names: Sequence[str], named: Mapping[str, str]) -> Recognised:
    plain = {name.strip().casefold(): name for name in names}
    columns, years = {}, set()
    for role, theirs in layout.columns.items():
        said = named.get(f"{layout.kind}.{role}", named.get(role))
        if said is not None and said.strip().casefold() in plain:
            columns[role] = plain[said.strip().casefold()]
            continue
        for pattern in theirs:
            expression = re.escape(pattern).replace(r"\{yy\}", r"(\d\d)")
            matches = [hit for name in plain if (hit := re.fullmatch(expression, name))]
            if matches:
                columns[role] = plain[matches[0].group()]
                years |= set(map(int, matches[0].groups()))
                break
    year = None if len(years) != 1 else (2000 if min(years) < 90 else 1900) + min(years)
    return Recognised(layout, columns, year)


def _lacking(found: Recognised) -> list[tuple[str, ...]]:
    return [group for group in NEEDS[found.kind] if not set(group) & set(found.columns)]


def _no_layout(names: Sequence[str], kinds: Sequence[str], found: Sequence[Recognised]) -> str:
    nearest = min(found, key=lambda each: (len(_lacking(each)), -len(each.columns)), default=None)
    lacking = _lacking(nearest) if nearest else list(NEEDS[kinds[0]])
    kind = nearest.kind if nearest else kinds[0]
    shown = ", ".join(names[:SHOWN_COLUMNS]) + (" ..." if len(names) > SHOWN_COLUMNS else "")
    what = " and ".join(" or ".join(group) for group in lacking)
    return (
        f"no column is known to be {what}, which {kind} need; say which it is with "
        f"--map {lacking[0][0]}=COLUMN; it has {shown}"
    )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def layout_list() -> str:
    """Return the layouts as a list in Markdown: what is known by which name, and from where."""
    return "\n".join(
        f"- **{entry.name}**, {entry.kind}: {_named_columns(entry)} ([source]({entry.source}))"
        for entry in all_layouts()
        if entry.name != "plain"
    )


def _named_columns(entry: Layout) -> str:
    return "; ".join(
        f"{role} {' or '.join(f'`{name}`' for name in names)}"
        for role, names in entry.columns.items()
    )
