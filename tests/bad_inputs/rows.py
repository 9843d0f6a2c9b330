"""Tables whose rows are no people covered for a year, and what tells so."""

from tests.bad_inputs.cases import OPTIONS, Case, rows, text
from tests.bad_inputs.cases import the_same_people as same


def beside(name, how):
    """Write the sound table with one more column before the others."""

    def content():
        lines = rows().splitlines()
        told = [f"{how(number)},{line}" for number, line in enumerate(lines)]
        return f"{name},age,sex,cost\n" + "\n".join(told) + "\n"

    return text(content)


def months(number):
    return 3 if number % 4 == 3 else 12


def of_member_years(said, folder):
    same(said, folder)
    assert said["means"]["member_years"] == 325.0
    assert said["means"]["people"] == 400


WITH_MONTHS = (*OPTIONS, "--exposure", "member_months")

ROWS = [
    Case(
        "claims, a claim number in each row",
        beside("claim_id", lambda number: f"C{number:05}"),
        "column claim_id: rows are claims and not people: `people` adds them up by the person",
    ),
    Case(
        "people in several rows",
        beside("person_id", lambda number: number // 2),
        "column person_id: 200 rows are of people who are there before .200 people.",
    ),
    Case(
        "three years of the same people",
        beside("year", lambda number: 2022 + number % 3),
        "column year: year holds several years .2022 to 2024.; the same people may be there",
    ),
    Case(
        "groups, with the number of their people",
        beside("number_of_people", lambda number: 500 + number % 7),
        "each row may hold many people .503 on average., so rows are groups",
    ),
    Case(
        "codes for a missing age",
        text(lambda: "age,sex,cost\n" + rows(age=lambda n: "-9" if n < 20 else "40")),
        "column age: 20 rows are codes such as -9, by which surveys say",
    ),
    Case(
        "M beside male",
        text(lambda: "age,sex,cost\n" + rows(sex=lambda n: "M" if n % 2 else "male")),
        "column sex: the labels 'M' and 'male' mean the same: make them one",
    ),
    Case(
        "the cost of a life",
        text(lambda: "age,sex,lifetime_cost\n" + rows()),
        "column lifetime_cost: its name says that it is a total over more than a year",
        options=("--by", "age,sex", "--cost", "lifetime_cost", "--out", "cells.parquet"),
    ),
    Case(
        "months of cover",
        beside("member_months", months),
        answer=of_member_years,
        told="They are shares of the year; no cost is made annual.",
        options=WITH_MONTHS,
    ),
    Case(
        "nobody covered, but a cost",
        beside("member_months", lambda number: 0 if number == 3 else 12),
        "column member_months: 1 rows have no cover, 1 of them with a cost; drop who was not",
        options=WITH_MONTHS,
    ),
    Case(
        "more than twelve months",
        beside("member_months", lambda number: 24),
        "the largest is 24, and a year has 12 months; .* say --exposure member_months=days",
        options=WITH_MONTHS,
    ),
    Case(
        "months that no name calls so",
        beside("cover", lambda number: 12),
        "column cover: the largest is 12, and a year has 1 whole; .* --exposure cover=months",
        options=(*OPTIONS, "--exposure", "cover"),
    ),
]
