"""The account of people in words: what came in, what was left out and why, what came out."""

from collections.abc import Iterator

from analysis.own.claims.account import Account, YearRow

YEAR_HEADINGS = (
    "year", "people", "member-years", "part-year", "died", "no cost", "cost", "a member-year",
)  # fmt: skip


def account_sentences(account: Account) -> Iterator[str]:
    """Yield the account, one sentence a step; lines and money add up from the first to the last."""
    yield f"In: {account.lines:,} lines, {account.money:,.2f}."
    if account.lines_back:
        yield (
            f"Netted: {account.lines_back:,} of them take {-account.money_back:,.2f} back, and are "
            "summed with the rest."
        )
    if account.empty:
        yield f"Without an amount: {account.empty:,} of them, which add nothing."
    for reason, (lines, money) in account.left_out.items():
        yield f"Left out: {lines:,} lines, {money:,.2f}, {reason}."
    if below := sum(row.below for row in account.years):
        raised = sum(row.raised for row in account.years)
        yield (
            f"Below 0: {below:,} people in a year, whose lines take back {raised:,.2f} more than "
            "there is; they cost 0, and the total is so much higher."
        )
    lines = sum(row.lines for row in account.years)
    cost = sum(row.cost for row in account.years)
    yield f"Out: {lines:,} lines, {cost:,.2f}. Lines and money add up."


def year_cells(row: YearRow) -> tuple[str, ...]:
    """Return one year as the cells of a table with `YEAR_HEADINGS`."""
    counts = (row.part_year, row.died, row.without_cost)
    return (
        str(row.year),
        f"{row.people:,}",
        f"{row.member_years:,.2f}",
        *(f"{count:,}" for count in counts),
        _money(row.cost),
        _money(row.cost / row.member_years),
    )


def _money(amount: float) -> str:
    """Without the hundredths where they are lost beside it: the account above has them."""
    return f"{amount:,.0f}" if abs(amount) >= 1_000 else f"{amount:,.2f}"
