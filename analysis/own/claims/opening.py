"""The tables a user names, opened by one engine, each with what its columns are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import InputError
from analysis.own.claims.layouts import Recognised, recognise
from analysis.tables.people_tables import PeopleSource, open_people
from analysis.tables.read_errors import plain_read_errors

AMOUNTS = ("amount", "months", "weight")
"""What is a number; everything else is read as text, so that no label loses a leading zero."""

LABELS = ("person", "claim", "line", "date", "reversal")


@dataclass(frozen=True)
class OpenTable:
    """A table and what its columns are."""

    source: PeopleSource
    known: Recognised

    def has(self, *roles: str) -> bool:
        """Whether there is a column for each of these."""
        return all(role in self.known.columns for role in roles)

    def column(self, role: str) -> str:
        """Name of the column that is this."""
        return self.known.columns[role]


@dataclass(frozen=True)
class Asked:
    """What a user says of their tables.

    Attributes
    ----------
    named : mapping of str to str
        From `analysis.own.claims.layouts.read_map`.
    layout : str or None
        The only layout to look for.
    """

    named: Mapping[str, str]
    layout: str | None = None


def open_table(
    address: str, kinds: Sequence[str], asked: Asked, beside: PeopleSource | None
) -> OpenTable:
    """Open a table and recognise its columns.

    Parameters
    ----------
    address : str
        As for `analysis.tables.people_tables.open_people`.
    kinds : sequence of str
        What it may be.
    beside : PeopleSource or None
        A table opened before, to be joined with.

    Raises
    ------
    InputError
        If it cannot be read, or its columns fit no layout.
    """
    seen = open_people(address, "", beside=beside)
    with plain_read_errors(seen.name):
        known = recognise(list(seen.table.columns), kinds, asked.named, asked.layout)
    by_role = known.columns
    labels = [by_role[role] for role in LABELS if role in by_role]
    numbers = [by_role[role] for role in AMOUNTS if role in by_role and role != "amount"]
    # Again, now that it is known which columns are amounts and must agree in all parts of a folder.
    source = open_people(address, by_role.get("amount", ""), labels, numbers, beside or seen)
    return OpenTable(source, known)


@dataclass(frozen=True)
class Tables:
    """The tables of a user, opened by one engine.

    Attributes
    ----------
    claims : tuple of OpenTable
        Claims, costs and visits; or one table of people, one row a person and year.
    members : tuple of OpenTable
        Members and deaths.
    """

    claims: tuple[OpenTable, ...]
    members: tuple[OpenTable, ...] = ()
    cover: OpenTable | None = None
    conditions: OpenTable | None = None

    @property
    def name(self) -> str:
        """The tables of claims, as messages name them."""
        return " and ".join(each.source.name for each in self.claims)

    def opened(self) -> list[OpenTable]:
        """Return all of them, claims first."""
        others = [each for each in (self.cover, self.conditions) if each is not None]
        return [*self.claims, *self.members, *others]


def open_tables(
    claims: Sequence[str],
    members: Sequence[str],
    cover: str | None,
    conditions: str | None,
    asked: Asked,
) -> Tables:
    """Open all tables that a user names.

    Parameters
    ----------
    claims, members : sequence of str
        Addresses, as for `analysis.tables.people_tables.open_people`.
    cover, conditions : str, optional

    Raises
    ------
    InputError
        If one cannot be read or is not what it should be, or members are needed and not given.
    """
    opened: list[OpenTable] = []

    def also(address: str, kinds: Sequence[str]) -> OpenTable:
        opened.append(open_table(address, kinds, asked, opened[0].source if opened else None))
        return opened[-1]

    kinds = ("claims", "costs", "visits") if members else ("claims", "costs", "visits", "people")
    found = [also(address, kinds) for address in claims]
    tables = Tables(
        tuple(found),
        tuple(also(address, ("members", "deaths")) for address in members),
        also(cover, ("cover",)) if cover else None,
        also(conditions, ("conditions",)) if conditions else None,
    )
    check_map_used(asked.named, opened)
    if not members:
        _check_people_only(tables)
    return tables


def _check_people_only(tables: Tables) -> None:
    """Raise InputError if there is no list of members, and claims instead of people."""
    first = tables.claims[0]
    if first.known.kind != "people" or len(tables.claims) > 1 or tables.cover is not None:
        raise InputError(
            f"{tables.name}: has claims, in which people without one are missing; give the list of "
            "all members with --members"
        )


def check_map_used(named: Mapping[str, str], tables: Sequence[OpenTable]) -> None:
    """Raise InputError if a column that the user names is in no table."""
    columns = {name.strip().casefold() for each in tables for name in each.source.table.columns}
    for ours, theirs in named.items():
        if theirs.strip().casefold() not in columns:
            raise InputError(f"--map {ours}={theirs}: no table has a column {theirs}")
