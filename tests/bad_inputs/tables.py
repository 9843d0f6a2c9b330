"""Tables whose lines, columns or types are not in order."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bad_inputs.cases import HEADER, PEOPLE, Case, after, frame, parquet, rows, text
from tests.bad_inputs.cases import the_same_people as same

SOUND = rows()


def header(names):
    return text(lambda: f"{names}\n{SOUND}")


def quoted(line):
    return ",".join(f'"{field}"' for field in line.split(",")) + "\n"


def semicolons(content):
    return content.replace(",", ";")


def twice_in_parquet(folder):
    table = pa.Table.from_pandas(frame(), preserve_index=False)
    columns = [*table.columns, table["cost"]]
    pq.write_table(pa.table(columns, names=["age", "sex", "cost", "cost"]), folder / "p.parquet")
    return "p.parquet"


def times(value):
    return pa.array([value] * PEOPLE)


LINES = [
    Case("a line with too many fields", after("01,f,1,9\n"), "Line: 402; Expected .*: 3 Found: 4"),
    Case("a line with too few fields", after("01,f\n"), "Line: 402; Expected .*: 3 Found: 2"),
    Case(
        "a quotation mark that is not closed", after('"01,f,3\n'), "Line: 402.*unterminated quote"
    ),
    Case(
        "a line of three million characters", after("01," + "f" * 3_000_000 + ",3\n"), "Line: 402"
    ),
    Case(
        "a first line of three million characters",
        header("age,sex,cost," + "f" * 3_000_000),
        "a first line of more than 1,000,000 characters",
    ),
    Case(
        "a title above the names", text("Costs 2024\n" + HEADER + SOUND), "only one column, 'Costs"
    ),
    Case(
        "a remark above the names", text("# from us\n" + HEADER + SOUND), "only one column, '# from"
    ),
    Case(
        "a line for Excel, sep=;", text("sep=;\n" + semicolons(HEADER + SOUND)), "remove that line"
    ),
    Case("a line of totals at the end", after("Total,,9999\n"), "column sex: 1 rows are missing"),
    Case(
        "empty lines between and after",
        text(HEADER + SOUND.replace("\n01,m", "\n\n01,m", 1) + "\n\n"),
        answer=same,
        told="They are nobody.",
    ),
    Case(
        "line ends of Windows, and none after the last line",
        text((HEADER + SOUND).replace("\n", "\r\n").rstrip()),
        answer=same,
        told="They are line ends, and the last person counts.",
    ),
    Case(
        "semicolons between columns",
        text(semicolons(HEADER + SOUND)),
        answer=same,
        told="The first line shows what divides the columns.",
    ),
    Case(
        "every field in quotation marks",
        text("".join(quoted(line) for line in (HEADER + SOUND).splitlines())),
        answer=same,
        told="They are no part of a value.",
    ),
]

COLUMNS = [
    Case(
        "no column of that name", header("age,sex,price"), "column cost is not in the table; it has"
    ),
    Case("capitals", header("Age,Sex,Cost"), "column age is not .* Did you mean 'Age'"),
    Case("nearly the name", header("age,gender,costs"), "column sex is not in the table; it has"),
    Case("a slip in a name", header("age,sex,cots"), "column cost is not .* Did you mean 'cots'"),
    Case(
        "spaces around names", header("age , sex, cost"), "column age is not .* Did you mean 'age '"
    ),
    Case(
        "a Cyrillic letter in a name",
        header("\u0430ge,sex,cost"),
        r"column age is not .* Did you mean '\\u0430ge'",
    ),
    Case(
        "a space of no width in a name",
        header("age\u200b,sex,cost"),
        r"column age is not .* Did you mean 'age\\u200b'",
    ),
    Case(
        "an escape sequence in a name",
        header("age,sex,\x1b[31mcost"),
        r"column cost is not .*\\x1b\[31mcost",
    ),
    Case("a name twice", header("age,cost,cost"), "column cost is there twice; rename one"),
    Case(
        "a name twice but for capitals", header("age,COST,cost"), "twice .as COST and cost.; rename"
    ),
    Case("a name twice in Parquet", twice_in_parquet, "column cost is there twice; rename one"),
    Case(
        "a column without a name", header("age,,cost"), "a column without a name in its first line"
    ),
    Case(
        "300 columns and not the one",
        text("".join(f"c{number}," for number in range(299)) + "c299\n"),
        "column age is not in the table; it has c0, .* and 280 more",
    ),
    Case(
        "SQL in a column name",
        header('age,sex,cost"; DROP TABLE people;--'),
        "column cost is not in the table; it has age, sex, cost",
    ),
    Case(
        "a factor called like a column of cells",
        header("age,n,cost"),
        "column n: the cells use this name; rename the factor",
        options=("--by", "age,n", "--cost", "cost", "--out", "cells.parquet"),
    ),
    Case(
        "two currencies in a column for them",
        text(
            lambda: (
                "age,sex,cost,currency\n"
                + "".join(
                    f"{line},{'EUR' if n % 2 else 'GBP'}\n"
                    for n, line in enumerate(SOUND.splitlines())
                )
            )
        ),
        "column currency: holds EUR, GBP, and costs in several currencies cannot be added",
    ),
    Case(
        "people who are there twice",
        text(
            lambda: (
                "person,age,sex,cost\n"
                + "".join(f"{n // 2},{line}\n" for n, line in enumerate(SOUND.splitlines()))
            )
        ),
        "column person: 200 rows are of people who are there before .200 people.",
        options=(
            *("--by", "age,sex", "--cost", "cost", "--out", "cells.parquet"),
            *("--person", "person"),
        ),
    ),
]

TYPES = [
    Case(
        "costs as text", parquet(cost=times("£5")), "cost: holds string, not numbers .such as '£5'"
    ),
    Case(
        "costs as true and false", parquet(cost=times(True)), "column cost: holds boolean, not num"
    ),
    Case(
        "costs as times",
        parquet(cost=times(dt.datetime(2024, 1, 1))),
        "column cost: holds timestamp.*, not numbers",
    ),
    Case("costs as lists", parquet(cost=times([1.0])), "column cost: holds array.*, not numbers"),
    Case(
        "costs as records", parquet(cost=times({"x": 1})), "column cost: holds struct.*, not numb"
    ),
    Case("nothing but missing costs", parquet(cost=pa.nulls(PEOPLE)), "nothing but missing values"),
    Case(
        "costs as decimals",
        parquet(cost=lambda: pa.array(frame()["cost"]).cast(pa.decimal128(12, 2))),
        answer=same,
        told="Decimals are numbers.",
    ),
    Case(
        "a list as a label", parquet(age=times(["a"])), "column age: holds array.*, which is no lab"
    ),
    Case(
        "a record as a label", parquet(age=times({"a": 1})), "column age: holds struct.*, which is"
    ),
    Case(
        "bytes as a label", parquet(age=times(b"\xff")), "column age: holds binary, which is no lab"
    ),
    Case(
        "nothing but missing labels", parquet(age=pa.nulls(PEOPLE)), "column age: 400 rows are miss"
    ),
    Case(
        "labels stored as a dictionary",
        parquet(age=lambda: pa.array(frame()["age"]).dictionary_encode()),
        answer=same,
        told="A way to store text.",
    ),
    Case(
        "nested columns that are not used",
        parquet(visits=times([{"day": 1}])),
        answer=same,
        told="What is not named is not read.",
    ),
    Case(
        "no rows, but types",
        lambda folder: (frame().iloc[:0].to_parquet(folder / "p.parquet"), "p.parquet")[1],
        "p.parquet: the table of people has no rows",
    ),
]
