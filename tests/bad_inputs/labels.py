"""Labels that are missing, split, spoilt by a spreadsheet, or that act instead of being read."""

import csv

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from tests.bad_inputs.cases import HEADER, PEOPLE, Case, after, age, parquet, rows, text, with_ages

TEN_MILLION = """
    COPY (SELECT i AS age, 'f' AS sex, (i % 1000)::DOUBLE AS cost FROM range(10000000) t(i))
    TO '{}'
"""


def called(*names):
    """Write the sound table with its two ages called like this."""
    by_age = dict(zip(["01", "02"], names, strict=True))
    return text(lambda: HEADER + rows(age=lambda n: by_age[age(n)]))


def some(label, number=20):
    """Write the sound table and a few more people of this age."""
    return after(f"{label},f,5\n" * number)


def ten_million(folder):
    duckdb.sql(TEN_MILLION.format(folder / "people.parquet"))
    return "people.parquet"


def ages(values):
    return parquet(age=lambda: pa.array(values()))


def signed_zero(said, folder):
    found = pd.read_parquet(folder / "cells.parquet").groupby("age")["n"].sum()
    assert found.to_dict() == {"0.0": PEOPLE}


def read_back(field):
    """A field as a reader of CSV takes it."""
    return next(csv.reader([field]))[0]


def safe(name, one, other, told):
    return Case(
        name,
        called(one, other),
        answer=with_ages(read_back(one), read_back(other)),
        told=told,
    )


LABELS = [
    Case("an empty label", some(""), "column age: 20 rows are missing; every person needs a label"),
    Case("a label of spaces", some("   "), "column age: 20 rows have an empty label"),
    Case("the word nan", some("nan"), "20 rows have the label 'nan', which means missing"),
    Case("the word NULL", some("NULL"), "20 rows have the label 'NULL', which means missing"),
    Case("Excel's #N/A", some("#N/A"), "20 rows have the label '#N/A', which means missing"),
    Case(
        "NaN among numbers",
        ages(lambda: np.where(np.arange(PEOPLE) < 20, np.nan, 40.0)),
        "column age: 20 rows have an empty label",
    ),
    Case(
        "minus zero and zero",
        ages(lambda: [-0.0, 0.0] * (PEOPLE // 2)),
        answer=signed_zero,
        told="They are one label.",
    ),
    Case(
        "spaces at the end", some("01 "), "the labels '01' and '01 ' differ only in spaces, capit"
    ),
    Case(
        "capitals", called("Old", "old"), "the labels 'Old' and 'old' differ only in spaces, capi"
    ),
    Case(
        "one letter, two ways to store it",
        called("caf\u00e9", "cafe\u0301"),
        "differ only in spaces, capitals or the form of a character",
    ),
    Case(
        "numbers in scientific notation", some("1.23E+15"), "a number that a spreadsheet has short"
    ),
    Case(
        "a band that became a date", some("Oct-19"), "'Oct-19' looks like a date that a spreadshe"
    ),
    Case(
        "another that became a date", some("03-Apr"), "'03-Apr' looks like a date that a spreadsh"
    ),
    Case("a column that was too narrow", some("####"), "a number that did not fit into the column"),
    Case("the word for merged cells", some("(merged)"), "the label \\(merged\\) is taken; rename"),
    Case(
        "a character of value zero", some("01\0"), r"the label '01\\x00' holds a character that can"
    ),
    Case(
        "an escape sequence", some("\x1b[31mred"), r"label '\\x1b\[31mred' holds a character that"
    ),
    Case(
        "a turn of the direction of writing", some("\u202e10"), r"label '\\u202e10' holds a charact"
    ),
    Case(
        "a line end in a label", some('"0\n1"'), r"the label '0\\n1' holds a character that cannot"
    ),
    Case("a label of 100,000 characters", some("x" * 100_000), "a label has 100,000 characters"),
    Case(
        "an identifier as factor",
        text(lambda: HEADER + "".join(f"{n},f,1\n" for n in range(5000))),
        "column age: about .* different values, more than the 1,000 allowed; group them into bands",
    ),
    Case(
        "ten million labels",
        ten_million,
        "column age: about .* different values, more than the 1,000 allowed",
    ),
    safe(
        "a formula, and HTML",
        "=cmd|'/C calc'!A0",
        "<script>alert(1)</script>",
        "They stay text: cells are a Parquet file, and reports escape what they show.",
    ),
    safe(
        "SQL, and an address",
        "'; DROP TABLE people;--",
        "https://example.org/?a=1&b=2",
        "They stay text: no query is put together of it, and nothing is fetched.",
    ),
    safe(
        "a path, and a comma in quotation marks",
        "../../etc/passwd",
        '"40, 41"',
        "Nothing is opened, and the marks hold the label together.",
    ),
    safe(
        "quotation marks, and other scripts",
        '"so ""old"""',
        "老人 👩‍⚕️",
        "Two marks are one, and letters are letters.",
    ),
    safe("codes with leading zeros", "007", "7", "No zero is lost: no type is guessed."),
]
