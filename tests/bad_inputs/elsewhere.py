"""Bad options, places to write to, files of cells and triangles of payments."""

import json
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.population.cell_files import MANIFEST_KEY
from tests.bad_inputs.cases import HEADER, OPTIONS, PEOPLE, Case, parquet, rows, text

SOUND = parquet()
JUST_SAID = ("--json",)


def also(*more):
    return (*OPTIONS, *more)


def and_file(name, content):
    def make(folder):
        (folder / name).write_bytes(content)
        return SOUND(folder)

    return make


def and_folder(name):
    def make(folder):
        (folder / name).mkdir()
        return SOUND(folder)

    return make


OPTIONS_AND_PLACES = [
    Case(
        "a threshold, which follows from the people",
        SOUND,
        "No such option",
        options=also("--threshold", "5000"),
        code=2,
    ),
    Case(
        "a weight that is not there",
        SOUND,
        "column many is not in the table",
        options=also("--weight", "many"),
    ),
    Case(
        "text as a weight",
        parquet(many=pa.array(["x"] * PEOPLE)),
        "column many: holds string, not numbers; convert it first",
        options=also("--weight", "many"),
    ),
    Case(
        "a negative weight",
        parquet(many=pa.array([-2.0] + [1.0] * (PEOPLE - 1))),
        "column many: 1 rows are negative .the least is -2.; give the number of people that a row",
        options=also("--weight", "many"),
    ),
    Case(
        "a missing weight",
        parquet(many=pa.array([None] + [1.0] * (PEOPLE - 1))),
        "column many: 1 rows are missing; give the number of people",
        options=also("--weight", "many"),
    ),
    Case(
        "an infinite weight",
        parquet(many=pa.array([np.inf] + [1.0] * (PEOPLE - 1))),
        "column many: the largest is inf; give the number of people",
        options=also("--weight", "many"),
    ),
    Case(
        "the cost as a weight",
        SOUND,
        "each may be named once",
        options=also("--weight", "cost"),
    ),
    Case(
        "cells of two people",
        SOUND,
        "at least 5 must be in a cell",
        options=also("--fewest-people", "2"),
    ),
    Case(
        "counts rounded to nothing",
        SOUND,
        "count step 50: give 1 .exact. to 10",
        options=also("--round-counts", "50"),
    ),
    Case("the cost as a factor", SOUND, "the cost is no factor", options=also("--by", "cost")),
    Case("a factor twice", SOUND, "each may be named once", options=also("--by", "age,age")),
    Case("no factor", SOUND, "name at least one factor column", options=also("--by", " , ")),
    Case("an option that is not there", SOUND, "No such option", options=also("--fast"), code=2),
    Case(
        "a word for a number",
        SOUND,
        "valid integer",
        options=also("--fewest-people", "ten"),
        code=2,
    ),
    Case(
        "cells to a .csv file",
        SOUND,
        "give a name ending in .parquet",
        options=also("--out", "cells.csv"),
    ),
    Case(
        "cells to no folder",
        SOUND,
        "there is no folder nowhere",
        options=also("--out", "nowhere/c.parquet"),
    ),
    Case(
        "cells over the data",
        SOUND,
        "is the data itself; give another name",
        options=also("--out", "people.parquet"),
    ),
    Case(
        "cells to a folder",
        and_folder("c.parquet"),
        "c.parquet: is a folder",
        options=also("--out", "c.parquet"),
    ),
    Case(
        "no column for people",
        SOUND,
        "column nhs is not in the table",
        options=also("--person", "nhs"),
    ),
    Case(
        "an earlier file that is not there",
        SOUND,
        "old.parquet: no such file",
        options=also("--earlier", "old.parquet"),
    ),
    Case(
        "people as an earlier file of cells",
        SOUND,
        "holds no cells; make it with",
        options=also("--earlier", "people.parquet"),
    ),
    Case(
        "an amount of memory in words",
        SOUND,
        "TENSUGGESTIONS_MEMORY is 'lots': give an amount",
        environment={"TENSUGGESTIONS_MEMORY": "lots"},
    ),
    Case(
        "a machine too small",
        lambda folder: wide_table(folder),
        "does not fit into 3MB of memory; use fewer factors or wider groups, or allow more with",
        environment={"TENSUGGESTIONS_MEMORY": "3MB"},
    ),
]


def wide_table(folder):
    number = np.arange(200_000)
    people = {
        "age": (number % 900).astype(str),
        "sex": (number % 7).astype(str),
        "cost": number % 997 + 1.0,
    }
    pd.DataFrame(people).to_parquet(folder / "people.parquet")
    return "people.parquet"


COSTS = {
    "cost_above": [0.0, 10.0, 100.0, 1000.0],
    "rows": [15, 15, 15, 15],
    "n": [15.0, 15.0, 15.0, 15.0],
    "mean_log": [1.0, 3.5, 5.5, 7.5],
    "variance_log": [0.1, 0.1, 0.1, 0.1],
}


def cells_table():
    """A sound file of two cells and four bins of cost, as columns."""
    cells = {"table": "cells", "age": ["01", "02"], "rows": 40, "n": 40.0, "member_years": 40.0}
    cells |= {"n_positive": 30.0, "sum_limited": 2000.0, "sum_limited_squared": 180_000.0}
    cells |= {"n_tail": 15.0, "sum_cost": 20_000.0, "sum_cost_squared": 2e7}
    costs = pd.DataFrame(COSTS).assign(table="costs")
    return pd.concat([pd.DataFrame(cells), costs], ignore_index=True)


SAID = {"format": 2, "by": ["age"], "threshold": 100.0, "count_step": 1}


def cells_file(said=SAID, drop=(), **columns):
    """Write people, and a file of cells beside them that is spoilt like this."""

    def make(folder):
        table = cells_table().drop(columns=list(drop))
        for name, values in columns.items():
            first = 2 if name in COSTS and len(values) == 4 else 0
            table[name] = table[name].astype(object)
            table.loc[first : first + len(values) - 1, name] = values
            table[name] = table[name].infer_objects()
        manifest = said if isinstance(said, bytes) else json.dumps(said).encode()
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        pq.write_table(
            arrow.replace_schema_metadata({MANIFEST_KEY: manifest}), folder / "old.parquet"
        )
        return SOUND(folder)

    return make


def old_cells(name, make, says):
    return Case(name, make, f"old.parquet: {says}", options=also("--earlier", "old.parquet"))


CELLS_FILES = [
    old_cells("no Parquet at all", and_file("old.parquet", b"cells"), "is no Parquet file"),
    old_cells(
        "a manifest that is no JSON", cells_file(b"{"), "its manifest is damaged; make the file"
    ),
    old_cells(
        "a manifest that is no text", cells_file(b"\xff\xfe"), "its manifest is damaged; make the"
    ),
    old_cells("a manifest that is a list", cells_file(["cells"]), "holds no cells; make it with"),
    old_cells(
        "a later format", cells_file(SAID | {"format": 99}), "is of format 99, and this version"
    ),
    old_cells(
        "no factors in the manifest", cells_file(SAID | {"by": []}), "its manifest is damaged"
    ),
    old_cells(
        "a threshold in words", cells_file(SAID | {"threshold": "x"}), "its manifest is damaged"
    ),
    old_cells(
        "an infinite threshold", cells_file(SAID | {"threshold": 1e999}), "its manifest is dama"
    ),
    old_cells(
        "cells of format 1",
        cells_file({"format": 1, "by": ["age"], "threshold": 100.0}),
        "is of format 1, in which every cell had bins of its own .* make the file again",
    ),
    old_cells(
        "no step in the manifest", cells_file(SAID | {"count_step": 0}), "its manifest is damaged"
    ),
    old_cells(
        "a column that is missing", cells_file(drop=["n_tail"]), "column n_tail is not there"
    ),
    old_cells(
        "costs that are missing", cells_file(drop=["mean_log"]), "column mean_log is not there"
    ),
    old_cells("no word on what a row is", cells_file(drop=["table"]), "column table is not there"),
    old_cells(
        "rows of another kind",
        cells_file(table=["<b>cells", "cells"]),
        "column table: '<b>cells' is neither cells nor costs",
    ),
    old_cells("cells alone", cells_file(table=["cells"] * 6), "column age: every cell needs a lab"),
    old_cells("costs alone", cells_file(table=["costs"] * 6), "holds no cell; make the file again"),
    old_cells("counts as text", cells_file(n=["40"] * 6), "column n holds no numbers; make the fi"),
    old_cells(
        "negative counts", cells_file(n_positive=[-20, 20]), "column n_positive: -20 is no sum ov"
    ),
    old_cells(
        "parts of people", cells_file(rows=[40.5, 40]), "column rows: a cell holds a whole number"
    ),
    old_cells(
        "counts that were not rounded as the manifest says",
        cells_file(SAID | {"count_step": 7}),
        "column rows: a count is no multiple of 7",
    ),
    old_cells(
        "an infinite sum", cells_file(sum_limited=[np.inf, 9]), "column sum_limited: inf is no sum"
    ),
    old_cells(
        "a missing sum", cells_file(sum_limited=[np.nan, 9]), "column sum_limited: nan is no sum"
    ),
    old_cells(
        "a sum withheld by halves",
        cells_file(sum_cost=[np.nan, 9]),
        "columns n_tail, sum_cost, sum_cost_squared: a cell withholds all of them or",
    ),
    old_cells(
        "more with a cost than people",
        cells_file(n=[10.0, 40.0]),
        "columns n_positive and n: its counts of people do not add up",
    ),
    old_cells(
        "more years than people",
        cells_file(member_years=[41.0, 40.0]),
        "columns member_years and n: its",
    ),
    old_cells(
        "more than the threshold for everybody",
        cells_file(sum_limited=[4e3, 2e3]),
        "column sum_limited: 4000 does not go with the other sums",
    ),
    old_cells(
        "squares that are too small",
        cells_file(sum_limited_squared=[9e3, 18e4]),
        "column sum_limited_squared: 9000 does not go",
    ),
    old_cells(
        "a cost below its own part", cells_file(sum_cost=[9.0, 2e4]), "column sum_cost: 9 do"
    ),
    old_cells("a cell twice", cells_file(age=["01", "01"]), "a cell is there twice"),
    old_cells("an empty label", cells_file(age=["", "01"]), "column age: every cell needs a label"),
    old_cells(
        "bins that do not increase",
        cells_file(cost_above=[0.0, 100.0, 10.0, 1e3]),
        "column cost_above: bins begin at 0 and increase",
    ),
    old_cells(
        "a threshold within a bin",
        cells_file(SAID | {"threshold": 99.0}),
        "threshold 99: no bin of costs",
    ),
    old_cells(
        "a mean outside its bin",
        cells_file(mean_log=[1.0, 9.5, 5.5, 7.5]),
        "column mean_log: 9.5 lies outside its bin",
    ),
    old_cells(
        "a variance larger than a bin",
        cells_file(variance_log=[0.1, 9.0, 0.1, 0.1]),
        "column variance_log: a variance is too large",
    ),
    old_cells(
        "costs of other people",
        cells_file(n=[15.0, 15.0, 15.0, 900.0]),
        "its cells and its table of costs are not about the same people",
    ),
]

LONG = "month,lag,paid\n" + "".join(
    f"2024-{month:02d},{lag},{100 / (lag + 1)}\n"
    for month in range(1, 9)
    for lag in range(min(4, 9 - month))
)
SEMICOLONS = LONG.replace(",", ";").replace(".", ",")
TAKEN_BACK = "month,lag,paid\n" + "".join(
    f"2024-{month:02d},{lag},{paid + month * (-1) ** lag}\n"
    for month in range(1, 10)
    for lag, paid in enumerate((100, 12, -20, 1))
    if month + lag < 10
)
WIDE = "month,0,1,2\n" + "".join(f"2024-{month:02d},100,50,10\n" for month in range(1, 7))


def triangle(name, content, says):
    make = content if callable(content) else text(content, "payments.csv")
    return Case(name, make, says, command="runoff", options=JUST_SAID)


def unlike(old, new):
    return LONG.replace(old, new, 1)


def dated(form):
    """The same payments, with their months written in another way."""
    return re.sub(r"2024-(\d\d)", form, LONG)


def only_the_chain_ladder(said, folder):
    """The run-off model expects no recoveries, and says so instead of an answer."""
    assert "At lag 2 more came back than was paid" in said["model_problem"]
    assert "model" not in said["total"]
    assert said["total"]["chain_ladder"] < 0
    assert "negative" in said["notes"][0]


def read_as_months(said, folder):
    """What a program writes for a month is read as that month."""
    assert said["by_month"][0]["month"] == "2024-01"


TRIANGLES = [
    triangle("an empty file", "", "payments.csv: is empty; give a CSV file"),
    triangle(
        "a header and no row", "month,lag,paid\n", "has no row below its header; add payments"
    ),
    triangle(
        "text in UTF-16", LONG.encode("utf-16"), "payments.csv: is not text in UTF-8; save it"
    ),
    triangle(
        "an .xlsx file named .csv",
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)),
        "payments.csv: is not ",
    ),
    triangle("no file", lambda folder: "payments.csv", "payments.csv: there is no such file"),
    triangle(
        "a folder", lambda folder: ((folder / "p.csv").mkdir(), "p.csv")[1], "p.csv: there is no"
    ),
    triangle(
        "Parquet",
        lambda folder: parquet("payments.csv")(folder),
        "payments.csv: is not text in UTF-8",
    ),
    triangle("no month", unlike("month", "date"), "has no column month; it has date, lag, paid"),
    triangle("no lag", unlike("lag", "delay"), "has a column paid, but neither paid_month nor lag"),
    triangle("a column twice", unlike("lag", "paid"), "column paid is there twice; ren"),
    triangle(
        "months in words", unlike("2024-01", "Jan-24"), "row 2, value 'Jan-24': write months as"
    ),
    triangle(
        "dates that can be read in two ways",
        dated(r"01/\1/2024"),
        "row 6, value '01/02/2024': it can be read in two ways, day first or month first; write m",
    ),
    triangle("quarters", dated(r"2024-Q1"), "value '2024-Q1': it is a quarter; give payments by m"),
    triangle(
        "cumulated amounts, not said to be",
        WIDE.replace(",50,10\n", ",150,160\n"),
        "the amounts rise from lag to lag in every month of care .*; add --cumulative",
    ),
    Case(
        "payments that are said to be cumulated",
        text(WIDE, "payments.csv"),
        "they are not cumulative; leave --cumulative out",
        command="runoff",
        options=(*JUST_SAID, "--cumulative"),
    ),
    Case(
        "months as a program stamps them",
        text(dated(r"2024-\1-01 00:00:00"), "payments.csv"),
        answer=read_as_months,
        told="A stamp of a day and time is read as its month.",
        command="runoff",
        options=JUST_SAID,
    ),
    Case(
        "recoveries at a lag, larger than the payments",
        text(TAKEN_BACK, "payments.csv"),
        answer=only_the_chain_ladder,
        told="The chain ladder answers alone, since the model expects no recoveries; it says so.",
        command="runoff",
        options=JUST_SAID,
    ),
    triangle(
        "a thirteenth month", unlike("2024-01", "2024-13"), "value '2024-13': write months as"
    ),
    triangle(
        "half a month of delay", unlike(",1,", ",1.5,"), "value '1.5': give whole months, 0 for"
    ),
    triangle(
        "payment before care", unlike(",1,", ",-1,"), "value '-1': payment cannot come before"
    ),
    triangle(
        "a thousands separator", unlike("100.0", '"1,000"'), "value '1,000': write numbers witho"
    ),
    triangle(
        "a currency sign", unlike("100.0", "£100"), "column paid, row 2, value '£100': write num"
    ),
    triangle(
        "an infinite payment", unlike("100.0", "inf"), "column paid, row 2, value 'inf': write"
    ),
    triangle(
        "NaN as a payment", unlike("100.0", "nan"), "column paid, row 2, value 'nan': write num"
    ),
    triangle(
        "a huge delay",
        unlike(",3,", ",99999999999999999999,"),
        "column lag, row 5, .*too large to be meant",
    ),
    triangle("a huge payment", unlike("100.0", "1e308"), "value '1e308': it is too large to be m"),
    triangle(
        "semicolons and decimal commas", SEMICOLONS, "row 2, value '100,0': write numbers with"
    ),
    triangle(
        "an escape sequence", unlike("2024-01", "\x1b[2J"), r"value '\\x1b\[2J': write months as"
    ),
    triangle(
        "a month that is missing", LONG.replace("2024-04", "2024-05"), "month 2024-04 is missing"
    ),
    triangle(
        "three months only", "".join(LONG.splitlines(True)[:13]), "months of care and 4 lags are t"
    ),
    triangle(
        "a wide table with a gap", WIDE.replace("100,50,10", "100,,10", 1), "is empty at lag 1"
    ),
    triangle(
        "a wide table with odd names", WIDE.replace(",1,", ",one,", 1), "column 'one' is neither pa"
    ),
    triangle("a wide table, a month twice", WIDE + "2024-06,1,1,1\n", "it stands there twice"),
    triangle(
        "lines of different length",
        LONG + "2024-09,0,5,7,8\n",
        "line 28 has 5 fields and the first line 3; correct it",
    ),
    triangle(
        "nothing was paid",
        "month,lag,paid\n"
        + "".join(f"2024-{m:02d},{lag},0\n" for m in range(1, 7) for lag in (0, 1)),
        "do not add up to more than 0",
    ),
]


def describe(name, make, says):
    return Case(name, make, says, command="describe", options=JUST_SAID)


def shown(said, folder):
    """The description names every column as it stands, in text that JSON can hold."""
    assert "<b>age</b>" in json.dumps(said, ensure_ascii=False)
    assert not re.search(r"[\x00-\x1f]", json.dumps(said))


DESCRIBED = [
    Case(
        "HTML and an escape sequence in names, 1e308 as a cost",
        text(lambda: "<b>age</b>,\x1b[31msex,cost\n" + rows() + "01,f,1e308\n"),
        answer=shown,
        told="Names are text, and the largest cost is shown for what it is.",
        command="describe",
        options=JUST_SAID,
    ),
    describe("an empty file", text("", "people.csv"), "people.csv: is empty"),
    describe(
        "text in UTF-16 without its mark",
        text((HEADER + rows()).encode("utf-16-le")),
        "is not a text file; save it",
    ),
    describe("no file", lambda folder: "people.csv", "people.csv: no such file or folder"),
    describe(
        "Parquet's marks with nothing between", text(b"PAR1" * 12, "p.parquet"), "p.parquet: ca"
    ),
    describe("a line with too few fields", text(HEADER + rows() + "01,f\n"), "Line: 402; Expected"),
    describe("a name twice", text("cost,age,Cost\n" + rows()), "is there twice .as cost and Cost."),
    describe(
        "an address on the web", lambda folder: "http://example.org/p.csv", "no file is fetched"
    ),
]
