"""Lines and money that came in, what was left out and why, and what came out: it must add up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.own.claims.lines import PARTS_OF_ONE

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_PERSON = "no person"
NO_DATE = "no date"
OTHER_YEAR = "of a year that is not asked for"
NO_MEMBER = "of people who are not among the members"
NO_COVER = "of members without cover in that year"
REASONS = (NO_PERSON, NO_DATE, OTHER_YEAR, NO_MEMBER, NO_COVER)

MOST_STRANGERS = 0.5
"""Share of lines of people who are no members beyond which two tables do not belong together."""

MOST_RAISED = 0.01
"""Share of the money that may be missing from people whose lines come to less than 0."""

LEAST_SHARE = 0.2
"""A year whose cost per member-year is below this share of another's is hardly complete."""


@dataclass(frozen=True)
class YearRow:
    """One year of people: sums over all who were there.

    Attributes
    ----------
    member_years : float
        Sum of the exposures.
    cost : float
        In the currency of the claims.
    below, raised : int, float
        People whose lines come to less than 0, and what they lack; they cost 0.
    first, last : str
        Day of the first and the last claim.
    """

    year: int
    people: int
    member_years: float
    part_year: int
    died: int
    without_cost: int
    cost: float
    lines: int
    below: int
    raised: float
    first: str
    last: str


@dataclass(frozen=True)
class Account:
    """What happened to every claim line, and to the money.

    Attributes
    ----------
    lines, money : int, float
        That came in.
    lines_back, money_back : int, float
        Of those, lines that take an earlier one back; the money is below 0.
    empty : int
        Lines without an amount, which add nothing.
    left_out : dict of str to (int, float)
        Lines and money left out, by reason.
    years : tuple of YearRow
        What came out.
    """

    lines: int
    money: float
    lines_back: int
    money_back: float
    empty: int
    left_out: dict[str, tuple[int, float]]
    years: tuple[YearRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Return all of it as values that JSON can hold."""
        return asdict(self) | {
            "left_out": {
                reason: {"lines": lines, "money": money}
                for reason, (lines, money) in self.left_out.items()
            },
            "people_and_years": sum(row.people for row in self.years),
            "member_years": sum(row.member_years for row in self.years),
            "cost": round(sum(row.cost for row in self.years), 4),
        }


def account_of(
    total: pd.Series,
    sums: "ir.Table",
    all_years: "ir.Table",
    years: Sequence[int],
    members: "ir.Table",
) -> Account:
    """Return the account of one run.

    Parameters
    ----------
    total : Series
        ``lines`` and ``amount`` of the lines as they were read, before anything was done.
    sums : ibis Table
        From `analysis.own.claims.lines.sums_by_person`.
    all_years : ibis Table
        People by year with ``amount`` and ``lines``.
    years : sequence of int
        That are written.

    Raises
    ------
    InputError
        If lines or money that came in are not those left out and those that came out; if most lines
        are of people who are no members; if somebody's year costs less than nothing.
    """
    by_reason = _by_reason(sums, members, years)
    rows = _year_rows(all_years, sums, years)
    _check_sums(total, by_reason, rows)
    _check_strangers(by_reason, sums, members)
    _check_raised(rows)
    sums_by_reason = by_reason.to_dict("index")
    left_out = {
        reason: (int(sums_by_reason[reason]["lines"]), _money(sums_by_reason[reason]["amount"]))
        for reason in REASONS
        if reason in sums_by_reason
    }
    return Account(
        int(total["lines"]),
        _money(total["amount"]),
        int(by_reason["back"].sum()),
        _money(by_reason["amount_back"].sum()),
        int(by_reason["empty"].sum()),
        left_out,
        tuple(
            YearRow(
                int(row["year"]), int(row["people"]), float(row["member_years"]),
                int(row["part_year"]), int(row["died"]), int(row["without_cost"]),
                _money(row["amount"]), int(row["lines"]), int(row["below"]),
                _money(row["raised"]), _day(row["first"]), _day(row["last"]),
            )
            for _, row in rows.iterrows()
        ),
    )  # fmt: skip


def _by_reason(sums: "ir.Table", members: "ir.Table", years: Sequence[int]) -> pd.DataFrame:
    """Lines and money by the first reason to leave them out; none for those that count."""
    import ibis

    there = members.select("person", "year", covered=ibis.literal(True))
    known = members.select("person").distinct().mutate(known=ibis.literal(True))
    marked = sums.left_join(there, ["person", "year"]).drop("person_right", "year_right")
    marked = marked.left_join(known, "person")
    counts = ibis.cases(
        (marked["person"].isnull(), NO_PERSON),  # noqa: PD003 - a column of Ibis
        (marked["year"].isnull(), NO_DATE),  # noqa: PD003
        (~marked["year"].isin(list(years)), OTHER_YEAR),
        (marked["covered"].fill_null(False), ""),
        (marked["known"].fill_null(False), NO_COVER),
        else_=NO_MEMBER,
    )
    marked = marked.mutate(reason=counts)
    names = ("lines", "amount", "back", "amount_back", "empty")
    sums_of = {name: marked[name].sum().cast("int64") for name in names}
    return marked.group_by("reason").aggregate(**sums_of).execute().set_index("reason")


def _year_rows(all_years: "ir.Table", sums: "ir.Table", years: Sequence[int]) -> pd.DataFrame:
    of_years = all_years.filter(all_years["year"].isin(list(years)))
    days = sums.group_by("year").aggregate(first=sums["first"].min(), last=sums["last"].max())
    rows = of_years.group_by("year").aggregate(
        people=of_years.count(),
        member_years=of_years["exposure"].sum(),
        part_year=(of_years["exposure"] < 1).sum(),
        died=of_years["died"].sum(),
        without_cost=(of_years["amount"] == 0).sum(),
        amount=of_years["amount"].sum().cast("int64"),
        raised=of_years["raised"].sum().cast("int64"),
        below=(of_years["raised"] > 0).sum(),
        lines=of_years["lines"].sum().cast("int64"),
    )
    found = rows.left_join(days, "year").drop("year_right").order_by("year").execute()
    if found.empty:
        raise InputError("nobody was covered in the years of the claims; do the years agree?")
    return found


def _check_sums(total: pd.Series, by_reason: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Lines as read are those left out and those that came out; so is money, to the last digit."""
    left_out = by_reason.drop(index="", errors="ignore")
    for name, unit in (("lines", 1), ("amount", PARTS_OF_ONE)):
        raised = int(rows["raised"].sum()) if name == "amount" else 0
        came_in, left, out = map(int, (total[name], left_out[name].sum(), rows[name].sum()))
        if came_in != left + out - raised:
            raise InputError(
                f"{name} do not add up: {came_in / unit:,.10g} came in, {left / unit:,.10g} were "
                f"left out and {(out - raised) / unit:,.10g} came out; did a table change while it "
                "was read?"
            )


def _check_strangers(by_reason: pd.DataFrame, sums: "ir.Table", members: "ir.Table") -> None:
    strangers = int(by_reason["lines"].get(NO_MEMBER, 0))
    if strangers > MOST_STRANGERS * (by_reason["lines"].sum()):
        theirs, ours = (
            table.drop_null("person").limit(1).execute()["person"].iloc[0]
            for table in (sums, members)
        )
        raise InputError(
            f"{strangers:,} of {by_reason['lines'].sum():,} lines are {NO_MEMBER}; claims name a "
            f"person like {theirs!r} and members like {ours!r}: give the list of all members, with "
            "the same key (--map person=COLUMN)"
        )


def _check_raised(rows: pd.DataFrame) -> None:
    raised, money = rows["raised"].sum(), rows["amount"].sum()
    if raised > MOST_RAISED * money:
        raise InputError(
            f"{int(rows['below'].sum()):,} people cost less than 0 in a year, by "
            f"{raised / PARTS_OF_ONE:,.2f} together: lines take claims back that are not there; "
            "give the claims that they take back too, or leave those lines out"
        )


def check_years(account: Account, chosen: bool) -> None:
    """Raise InputError if a year hardly has claims, unless the user chose the years.

    Parameters
    ----------
    chosen : bool
        Whether the years were named.
    """
    rate = np.array([row.cost / row.member_years for row in account.years])
    if chosen or len(rate) < 2 or rate.min() >= LEAST_SHARE * rate.max():
        return
    told = "; ".join(
        f"{row.year}: {row.lines:,} lines, {row.cost / row.member_years:,.2f} per member-year"
        for row in account.years
    )
    raise InputError(
        f"some years are hardly complete ({told}); name those that are with --year, once for each"
    )


def _money(parts: float) -> float:
    return float(parts or 0) / PARTS_OF_ONE


def _day(day: date | None) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"
