"""Tables of groups by year, for the growth of savings."""

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bad_inputs.cases import Case, text

JUST_SAID = ("--json",)
HEADER = "group,start_year,year,savings_rate,people\n"


def line(number, year):
    return f"g{number},2015,{year},{number - 2 + 0.5 * (year - 2015)},{10_000 + number}\n"


SOUND = HEADER + "".join(line(n, year) for n in range(1, 7) for year in range(2015, 2019))
"""Six groups over four years."""


def grown(name, content, says, options=JUST_SAID):
    make = content if callable(content) else text(content, "groups.csv")
    return Case(name, make, says, command="mature", options=options)


def unlike(old, new):
    assert old in SOUND
    return SOUND.replace(old, new, 1)


def numbers_as_dates(folder):
    dates = pa.array([0, 1, 2], pa.date32())
    table = pa.table({"group": ["a", "b", "c"], "people": [1, 2, 3], "start_year": dates})
    table = table.append_column("year", dates).append_column("savings_rate", pa.array([1.0] * 3))
    pq.write_table(table, folder / "groups.parquet")
    return "groups.parquet"


def only(*groups):
    return HEADER + "".join(line(n, year) for n in groups for year in range(2015, 2019))


def signed():
    """The sound table with percent signs, and a point for the people of a seventh group."""
    lines = [line.split(",") for line in [*SOUND.splitlines()[1:], "g7,2015,2015,1.0,."]]
    return HEADER + "".join(",".join([*row[:3], f"{row[3]}%", row[4]]) + "\n" for row in lines)


def as_before(said, folder):
    assert (said["groups"], said["rows"], said["left_out"]) == (6, 24, 1)
    assert said["cautions"][0].startswith("1 row was left out")


GROUPS = [
    grown("an empty file", "", "groups.csv: is empty"),
    grown("a header and no row", HEADER, "has no row below its header; give one row a group"),
    grown("text in UTF-16 without its mark", SOUND.encode("utf-16-le"), "is not a text file; save"),
    grown("no file", lambda folder: "groups.csv", "groups.csv: no such file"),
    grown("no group", unlike("group,", "name,"), "column group is not in the table; it needs"),
    grown(
        "neither calendar years nor years since the start",
        unlike("start_year", "began"),
        "column years_since_start is not in the table; it needs",
    ),
    grown(
        "neither rates nor spend",
        unlike("savings_rate", "rate"),
        "column spend is not in the table; it needs",
    ),
    grown("a group without a name", unlike("g1,", ","), "column group, row 2.*needs a group"),
    grown(
        "percent signs in some rows",
        unlike("-0.5,", "-0.5%,"),
        "column savings_rate, row 3, value '-0.5%': give every row the percent sign, or none",
    ),
    grown("an infinite rate", unlike("-1.0", "inf"), "column savings_rate, row 2, value 'inf'"),
    grown("a rate that is missing", unlike("-1.0", ""), "row 2, value '': write numbers"),
    grown("a rate of 2,000 percent", unlike("-1.0", "2000"), "value '2000': give -100 to 100"),
    grown("nobody in a group", unlike("10001", "0"), "column people, row 2, value '0': give 1"),
    grown("half a year", unlike(",2016,", ",2016.5,"), "value '2016.5': give whole years"),
    grown(
        "a year before the start",
        unlike(",2016,", ",2014,"),
        "column year, row 3, value '2014': it lies before start_year",
    ),
    grown("a year of two digits", unlike(",2016,", ",16,"), "column year, row 3.*give 1900 to"),
    grown("dates for years, as Parquet", numbers_as_dates, "column start_year, row 2"),
    grown("a group twice in a year", unlike(",2016,", ",2015,"), "'g1': it has two rows in one"),
    grown(
        "a group that begins twice",
        unlike("g1,2015,2016", "g1,2016,2016"),
        "column start_year, row 3, value '2016': the group has another one above",
    ),
    grown(
        "spend above twice the benchmark",
        "group,years_since_start,spend,benchmark,people\na,0,300,100,9\n",
        "column spend, row 2, value '300': spend is more than twice",
    ),
    grown(
        "a benchmark of nothing",
        "group,years_since_start,spend,benchmark,people\na,0,3,0,9\n",
        "column benchmark, row 2, value '0': give an amount above 0",
    ),
    grown("four groups", only(1, 2, 3, 4), "holds 4 groups, 4 of them in two years or more; 5"),
    grown(
        "two years only",
        HEADER + "".join(line(n, year) for n in range(1, 9) for year in (2015, 2016)),
        "shows groups in 2 different years since their start; 3 are the",
    ),
    grown("a target of 200%", SOUND, "target 200: give 5 to 99", ("--target", "200")),
    grown(
        "a calendar trend in words",
        SOUND,
        "--calendar 'none': give LOW,HIGH",
        ("--calendar", "none"),
    ),
    grown(
        "a calendar trend whose ends are the wrong way round",
        SOUND,
        "calendar trend 1,-1: give a low and a high end",
        ("--calendar", "1,-1"),
    ),
    Case(
        "percent signs in all rows, and a point for people who are not told",
        text(signed, "groups.csv"),
        answer=as_before,
        told="The sign is read; a row whose number is not available is left out, which is said.",
        command="mature",
        options=JUST_SAID,
    ),
]
