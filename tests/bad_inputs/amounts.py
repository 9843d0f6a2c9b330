"""Costs that are no amounts of money, and amounts that leave nothing to say."""

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.bad_inputs.cases import (
    HEADER,
    PEOPLE,
    Case,
    after,
    cost,
    frame,
    parquet,
    rows,
    text,
)
from tests.bad_inputs.cases import the_same_people as same

PLAIN = "is not a number; write amounts as plain numbers"


def last(value):
    """Write the sound table and one more person, whose cost this is."""
    return after(f"01,f,{value}\n")


def all_of(how):
    return text(lambda: HEADER + rows(cost=how))


def oddly(number):
    """The same costs, written in four ways."""
    ways = ("-0.0", "+{}", " {} ", "{:.10e}")
    return ways[number % 4].format(cost(number))


def european(number):
    """Points for thousands; the comma is put in when those between columns have gone."""
    return f"{cost(number):,.2f}".replace(",", "~").replace(".", "_").replace("~", ".")


def bad_line(value):
    return f"line 402, column cost: {value} {PLAIN}"


def with_a(value):
    return lambda: pa.array([value, *frame()["cost"].tolist()[1:]], pa.float64())


def the_rest(said, folder):
    assert said["people"] == PEOPLE
    assert cells(folder)["sum_limited"].sum() > 0


def thousandths(said, folder):
    least = cells(folder)["sum_limited"].sum() / PEOPLE
    assert 1 < least < 10


def cells(folder):
    table = pd.read_parquet(folder / "cells.parquet")
    return table[table["table"] == "cells"]


def one_giant(said, folder):
    assert said["people"] == PEOPLE + 1
    assert cells(folder)["sum_limited"].sum() < 1e7
    assert cells(folder)["sum_cost"].isna().all()


WRITTEN = [
    Case(
        "a word after 30,000 lines of numbers",
        text(lambda: HEADER + "01,f,1\n" * 30_000 + "01,f,x\n"),
        f"line 30002, column cost: 'x' {PLAIN}",
    ),
    Case("a word", last("n/a"), bad_line("'n/a'")),
    Case("a thousands separator", last('"1,234.50"'), bad_line("'1,234.50'")),
    Case("a space as thousands separator", last("1 234"), bad_line("'1 234'")),
    Case("a space that does not break", last("1\xa0234"), bad_line(r"'1\\xa0234'")),
    Case("an apostrophe as thousands separator", last("1'234"), bad_line('"1\'234"')),
    Case(
        "decimal commas",
        text(lambda: "age;sex;cost\n" + rows().replace(",", ";").replace(".", ",")),
        answer=same,
        told="The whole column agrees, so it is read, and the answer says so.",
    ),
    Case(
        "points for thousands, commas for decimals",
        text(lambda: "age;sex;cost\n" + rows(cost=european).replace(",", ";").replace("_", ",")),
        answer=same,
        told="The whole column agrees, so it is read, and the answer says so.",
    ),
    Case(
        "a comma that may be either mark",
        text("age;sex;cost\n" + "01;f;1,234\n" * 50 + "01;f;0\n" * 50),
        "column cost: '1,234' may be thousands or a decimal comma, and no other amount",
    ),
    Case(
        "a currency in every amount",
        text(lambda: HEADER + rows(cost=lambda number: f"£{cost(number)}")),
        answer=same,
        told="It is the same in the whole column, so it is read.",
    ),
    Case("a decimal comma in quotation marks", last('"1,5"'), bad_line("'1,5'")),
    Case(
        "points for thousands alone",
        all_of(lambda number: f"{1 + number % 9}.{number:03d}"),
        answer=thousandths,
        told="A point is always the decimal point, as documented: 1.234 is little more than 1. No "
        "program can tell; look at the total.",
    ),
    Case("a currency sign before", last("£12"), bad_line("'£12'")),
    Case("a currency sign after", last("12€"), bad_line("'12€'")),
    Case("another currency in one line", last("$12"), bad_line(r"'\$12'")),
    Case("a percentage", last("5%"), bad_line("'5%'")),
    Case("a bracket for a minus", last("(5)"), bad_line(r"'\(5\)'")),
    Case("hexadecimal", last("0x10"), bad_line("'0x10'")),
    Case("true", last("true"), bad_line("'true'")),
    Case("Arabic digits", last("٥"), bad_line("'٥'")),
    Case("wide digits", last("５"), bad_line("'５'")),
    Case("NULL", last("NULL"), bad_line("'NULL'")),
    Case("Excel's #N/A", last("#N/A"), bad_line("'#N/A'")),
    Case("Excel's #DIV/0!", last("#DIV/0!"), bad_line("'#DIV/0!'")),
    Case("a formula", last("=cmd()"), bad_line(r"'=cmd\(\)'")),
    Case("an escape sequence", last("\x1b[2J5"), bad_line(r"'\\x1b\[2J5'")),
    Case("a character of value zero", last("3\0"), "line 402, column cost: .* is not a number"),
    Case("a name where the cost was expected", last("Smith"), bad_line("'Smith'")),
    Case(
        "plus signs, spaces, scientific notation, minus zero",
        all_of(oddly),
        answer=same,
        told="They are numbers all the same.",
    ),
]

SIZES = [
    Case("a negative cost", last("-3"), "column cost: 1 rows are negative .the least is -3."),
    Case("an infinite cost", last("inf"), "column cost: some rows are infinite"),
    Case("a cost that is not a number", last("nan"), "column cost: some rows are missing .NaN."),
    Case("an empty cost", last(""), "column cost: 1 rows are missing; annual costs must be"),
    Case("NaN in Parquet", parquet(cost=with_a(np.nan)), "cost: some rows are missing .NaN."),
    Case("null in Parquet", parquet(cost=with_a(None)), "column cost: 1 rows are missing"),
    Case(
        "infinity in Parquet", parquet(cost=with_a(np.inf)), "column cost: some rows are infinite"
    ),
    Case("1e308", last("1e308"), "column cost: some rows are infinite, or too large for money"),
    Case("1e400, more than a number can be", last("1e400"), "too large for money"),
    Case(
        "a cost beyond 64 bits",
        last("9" * 26),
        "people with a cost .301. fill 1 bin .* check that costs are amounts and the largest is",
    ),
    Case(
        "one giant",
        last("1e12"),
        answer=one_giant,
        told="Sums of cells are cut at the threshold, and the table of costs counts the person "
        "among others: nothing tells the cost. `describe` shows it.",
    ),
    Case(
        "integers near 2^63",
        parquet(cost=pa.array([2**62 >> (n // 2 % 40) if n % 2 else 0 for n in range(PEOPLE)])),
        answer=the_rest,
        told="Sums are taken in floating point, so nothing overflows.",
    ),
    Case("the smallest number there is", last("5e-324"), "smallest cost above 0 is .*, too small"),
    Case("what rounding left of a zero", last("1.4e-14"), "round costs to the smallest coin"),
    Case("no cost at all", all_of(lambda _: "0"), "column cost: every cost is 0; there is nothing"),
    Case(
        "the same cost for all",
        all_of(lambda _: "5"),
        "people with a cost .400. fill 1 bin of at least 10 people, and 4 are needed",
    ),
    Case("one person", text(HEADER + "01,f,3\n"), "people with a cost .1. fill 1 bin of at least"),
    Case("nine people", text(HEADER + "01,f,3\n" * 9), "people with a cost .9. fill 1 bin of at"),
    Case(
        "two people with a cost",
        text(HEADER + "01,f,0\n" * 90 + "01,f,90\n" * 2),
        "people with a cost .2. fill 1 bin of at least 10 people, and 4 are needed",
    ),
]
