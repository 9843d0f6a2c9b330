"""The command `cells`: the same cells from every kind of source, and every fault one clear line."""

import gzip
import json
import os
import sqlite3

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner

from analysis.cli import app
from analysis.population.cell_files import read_cells
from analysis.population.merging import MERGED
from analysis.population.release import release_source
from analysis.population.sources import open_people

pytestmark = pytest.mark.integration


def table(rows=6000, seed=1):
    """People of four ages (one of them rare), two sexes and codes with leading zeros."""
    generator = np.random.default_rng(seed)
    cost = np.exp(generator.normal(5.0, 1.4, rows)) * (generator.random(rows) < 0.8)
    return pd.DataFrame(
        {
            "age": generator.choice(["01", "02", "03", "85"], rows, p=[0.5, 0.3, 0.199, 0.001]),
            "sex": generator.choice(["female", "male"], rows),
            "cost": cost.round(2),
        }
    )


def in_parts(path, frames):
    path.mkdir()
    for name, frame in zip("abc", frames, strict=False):
        frame.to_parquet(path / f"{name}.parquet")


def in_duckdb(path, frame):
    with duckdb.connect(path) as connection:
        connection.register("frame", frame)
        connection.execute("CREATE TABLE people AS SELECT * FROM frame")
        connection.execute("CREATE TABLE other (x INTEGER)")
    return f"{path}::people"


def in_sqlite(path, frame):
    with sqlite3.connect(path) as connection:
        frame.to_sql("people", connection, index=False)
    return f"sqlite://{path}::people"


def thirds(frame):
    """Three parts; a category is stored in another way than text, and must not matter."""
    kinds = ("str", "category", "category")
    return [frame.iloc[part::3].astype({"sex": kind}) for part, kind in enumerate(kinds)]


KINDS = {
    "csv": lambda path, frame: frame.to_csv(path, index=False),
    "tsv": lambda path, frame: frame.to_csv(path, index=False, sep="\t"),
    "csv.gz": lambda path, frame: path.write_bytes(
        gzip.compress(frame.to_csv(index=False).encode("utf-8-sig"))
    ),
    "parquet": lambda path, frame: frame.to_parquet(path),
    "folder": lambda path, frame: in_parts(path, thirds(frame)),
    "duckdb": in_duckdb,
    "address": lambda path, frame: f"duckdb://{in_duckdb(path, frame)}",
    "sqlite": in_sqlite,
}


def written(folder, kind, frame):
    """Write the frame as one kind of source; return its address."""
    path = folder / f"people.{kind}"
    address = KINDS[kind](path, frame)
    return address if isinstance(address, str) else str(path)


def run(*arguments):
    return CliRunner().invoke(app, ["cells", *map(str, arguments)])


def asked(out, *more, by="age,sex"):
    return ["--by", by, "--cost", "cost", "--out", out, *more]


def values(file):
    return pq.read_table(file).replace_schema_metadata().to_pandas()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected")
    frame = table()
    assert run(written(folder, "parquet", frame), *asked(folder / "cells.parquet")).exit_code == 0
    return values(folder / "cells.parquet")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_gives_the_same_cells(kind, tmp_path, expected):
    source = written(tmp_path, kind, table())
    out = tmp_path / "cells.parquet"
    result = run(source, *asked(out))
    assert (result.exit_code, result.stderr) == (0, "")
    assert_frame_equal(values(out), expected, rtol=1e-12)
    assert {"01", "02", MERGED} == set(expected["age"]), "a code keeps its leading zero"
    assert expected["n"].sum() == 6000


def test_json_is_the_manifest_in_the_file(tmp_path):
    source, out = written(tmp_path, "csv", table()), tmp_path / "cells.parquet"
    result = run(source, *asked(out, "--json", "--threshold", "500", "--round-counts", "5"))
    said = json.loads(result.stdout)
    cells, manifest = read_cells(out)
    assert said == manifest | {"out": str(out)}
    assert manifest["source"] == "people.csv", "no folder of this machine"
    assert (manifest["threshold"], manifest["threshold_rule"]) == (500.0, "given")
    assert manifest["by"] == ["age", "sex"] == list(cells.factors)
    assert manifest["people"] == cells.table["n"].sum()
    assert (cells.table["n"] % 5 == 0).all()
    assert len(manifest["source_sha256"]) == 64


def test_a_file_that_is_read_again_holds_what_was_released(tmp_path):
    out = tmp_path / "cells.parquet"
    source = open_people(written(tmp_path, "parquet", table()), "cost", ["age", "sex"])
    released = release_source(source, ["age", "sex"], "cost").cells
    run(tmp_path / "people.parquet", *asked(out))
    cells, _ = read_cells(out)
    assert_frame_equal(cells.table, released.table, check_dtype=False)
    assert (cells.tail_counts == released.tail_counts).all()
    assert (cells.joined == released.joined).all()
    assert (cells.edges == released.edges).all()


def test_the_same_data_give_the_same_bytes(tmp_path):
    source = written(tmp_path, "parquet", table())
    outs = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for out in outs:
        run(source, *asked(out))
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_an_earlier_release_of_nearly_the_same_people_stops_it(tmp_path):
    frame = table()
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    run(written(tmp_path, "csv", frame), *asked(old, "--threshold", "500"))
    more = pd.concat([frame, frame.iloc[:1].assign(cost=0.0)])
    changed = written(tmp_path, "parquet", more)
    again = ("--threshold", "500", "--earlier", old)
    result = run(changed, *asked(new, *again))
    assert result.exit_code == 1
    assert "1 more people without cost than in old.parquet" in result.stderr
    assert not new.exists()
    # The same people, and a coarser view of them, are fine.
    for by in ("age,sex", "age"):
        same = run(tmp_path / "people.csv", *asked(new, *again, by=by))
        assert same.exit_code == 0, same.stderr


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupt_is_told_and_leaves_nothing(raised, tmp_path, monkeypatch):
    """The second is how DuckDB passes on a Ctrl-C while a query runs."""

    def interrupted(*_):
        raise raised

    monkeypatch.setattr("analysis.population.release.check_people", interrupted)
    out = tmp_path / "cells.parquet"
    result = run(written(tmp_path, "csv", table()), *asked(out))
    assert result.exit_code == 130
    assert not out.exists()


def test_help_says_what_data_is_and_usage_errors_have_their_code():
    result = CliRunner().invoke(app, ["cells", "--help"])
    for word in ("CSV", "Parquet", "DUCKDB".lower(), "pyspark://", "--fewest-people", "auto"):
        assert word in result.stdout
    assert run("people.csv", "--cost", "cost").exit_code == 2


TEXT = {
    "empty": ("", "is empty"),
    "header_only": ("age,sex,cost\n", "has no rows"),
    "no_cost_column": ("age,sex,price\n01,f,1\n", "column cost is not in the table; it has age"),
    "no_factor_column": ("age,cost\n01,1\n", "column sex is not in the table"),
    "text_cost": ("age,sex,cost\n01,f,2\n01,m,n/a\n", "line 3, column cost: 'n/a' is not a number"),
    "thousands": (
        'age,sex,cost\n01,f,"1,234.50"\n',
        "line 2, column cost: '1,234.50' is not a number",
    ),
    "currency": ("age,sex,cost\n01,f,£12\n", "line 2, column cost: '£12' is not a number"),
    "decimal_comma": ("age;sex;cost\n01;f;1,5\n", "line 2, column cost: '1,5' is not a number"),
    "late_text": (
        "age,sex,cost\n" + "01,f,1\n" * 30_000 + "01,f,x\n",
        "line 30002, column cost: 'x' is not a number",
    ),
    "negative": ("age,sex,cost\n01,f,-3\n01,f,2\n", "1 rows are negative (the least is -3)"),
    "missing_cost": ("age,sex,cost\n01,f,\n01,f,2\n", "column cost: 1 rows are missing"),
    "infinite": ("age,sex,cost\n01,f,inf\n", "column cost: some rows are infinite"),
    "nan": ("age,sex,cost\n01,f,nan\n01,m,1\n", "column cost: some rows are missing (NaN)"),
    "huge": ("age,sex,cost\n01,f,1e300\n", "too large for money"),
    "missing_factor": ("age,sex,cost\n01,,4\n", "column sex: 1 rows are missing"),
    "blank_factor": ('age,sex,cost\n01," ",4\n', "column sex: 1 rows have an empty label"),
    "reserved_label": ("age,sex,cost\n01,(merged),4\n", "label (merged) is taken"),
    "too_few": ("age,sex,cost\n01,f,4\n01,m,0\n", "all 2 people together are too few"),
    "all_zero": ("age,sex,cost\n" + "01,f,0\n" * 20, "every cost is 0"),
    "more_fields": ("age,sex,cost\n01,f,1\n01,f,1,9\n", "Line: 3"),
    "fewer_fields": ("age,sex,cost\n01,f,1\n01,f\n", "Line: 3"),
    "open_quote": ('age,sex,cost\n01,f,1\n"01,f,1\n', "unterminated quote"),
    "twice": ("age,sex,cost,cost\n01,f,1,2\n", "column cost is there twice"),
    "nameless": ("age,,cost\n01,f,1\n", "a column without a name"),
    "identifier": (
        "age,sex,cost\n" + "".join(f"{i},f,1\n" for i in range(5000)),
        "column age: about",
    ),
}
BYTES = {
    "latin": ("age,sex,cost\n01,f,1\n01,é,1\n".encode("latin-1"), "not text in UTF-8"),
    "latin_header": ("age,sexé,cost\n".encode("latin-1"), "not text in UTF-8"),
    "utf16": ("age,sex,cost\n01,f,1\n".encode("utf-16"), "not text in UTF-8"),
    "spreadsheet": (b"PK\x03\x04" + bytes(60), "not a text file"),
}


def check_refused(result, name, says, folder, before):
    assert result.exit_code == 1, result.stdout
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith(f"error: {name}"), result.stderr
    assert says.lower() in result.stderr.lower(), result.stderr
    assert sorted(folder.rglob("*")) == before, "something was written"


@pytest.mark.parametrize("fault", [*TEXT, *BYTES])
def test_a_bad_csv_file_is_one_clear_line_and_nothing_is_written(fault, tmp_path):
    content, says = (TEXT | BYTES)[fault]
    path = tmp_path / "bad.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = sorted(tmp_path.rglob("*"))
    result = run(path, *asked(tmp_path / "cells.parquet"))
    check_refused(result, "bad.csv: ", says, tmp_path, before)


def frame_with(**columns):
    return table(50).assign(**columns)


def with_nan(path):
    """Write NaN and not null, which Parquet keeps apart."""
    frame = table(50)
    costs = pa.array(frame["cost"].mask(frame.index == 3).to_numpy())
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(arrow.set_column(2, "cost", costs), path)


def torn(path):
    table(50).to_parquet(path)
    path.write_bytes(path.read_bytes()[:700])


def torn_part(path):
    in_parts(path, [table(50)])
    (path / "b.parquet").write_bytes(b"PAR1")


# The name, how it is written, and what the message says after the name.
FAULTS = {
    "torn.parquet": (torn, "is cut short"),
    "text.parquet": (
        lambda path: frame_with(cost="£5").to_parquet(path),
        "column cost: holds string, not numbers (such as '£5')",
    ),
    "boolean.parquet": (
        lambda path: frame_with(cost=True).to_parquet(path),
        "column cost: holds boolean, not numbers",
    ),
    "nan.parquet": (with_nan, "column cost: some rows are missing (NaN)"),
    "nan_label.parquet": (
        lambda path: frame_with(age=[np.nan] + [40.0] * 49).to_parquet(path),
        "column age: 1 rows",
    ),
    "no_rows.parquet": (
        lambda path: table(50).iloc[:0].to_parquet(path),
        "the table of people has no rows",
    ),
    "no_parquet.parquet": (
        lambda path: path.write_text("age,sex,cost\n01,f,1\n"),
        "is no Parquet file",
    ),
    "empty_folder": (lambda path: path.mkdir(), "holds no .parquet file"),
    "mixed_types": (
        lambda path: in_parts(path, [table(50), frame_with(cost="1")]),
        "column cost is double in a.parquet but string in b.parquet",
    ),
    "mixed_columns": (
        lambda path: in_parts(path, [table(50), table(50).drop(columns="sex")]),
        "column sex is string in a.parquet but absent in b.parquet",
    ),
    "torn_part": (torn_part, "b.parquet: is cut short"),
    "absent.parquet": (lambda path: None, "no such file or folder"),
    "people.xlsx": (lambda path: path.write_bytes(b"PK"), "is of no known kind; give .csv"),
    "absent.duckdb::persons": (
        lambda path: in_duckdb(path, table(50)),
        "table persons is not there; it has other, people",
    ),
    "unnamed.duckdb": (
        lambda path: in_duckdb(path, table(50)),
        "name a table after ::; it has other, people",
    ),
    "no_base.duckdb": (lambda path: path.write_text("no database"), "cannot be read"),
    "people[1].parquet": (lambda path: table(50).to_parquet(path), "has one of the characters"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_source_is_one_clear_line_and_nothing_is_written(fault, tmp_path):
    make, says = FAULTS[fault]
    name = fault.partition("::")[0]
    make(tmp_path / name)
    before = sorted(tmp_path.rglob("*"))
    result = run(tmp_path / fault, *asked(tmp_path / "cells.parquet"))
    check_refused(result, f"{name}: ", says, tmp_path, before)


@pytest.mark.parametrize("scheme", ["nosuch", "mssql"])
def test_an_address_that_fails_does_not_show_its_password(scheme, tmp_path):
    address = f"{scheme}://user:hunter2@localhost/base::people"
    result = run(address, *asked(tmp_path / "cells.parquet"))
    check_refused(result, f"{scheme}://…::people: cannot be read", "", tmp_path, [])
    assert "hunter2" not in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(tmp_path):
    source = tmp_path / "people.parquet"
    table(50).to_parquet(source)
    source.chmod(0)
    result = run(source, *asked(tmp_path / "cells.parquet"))
    check_refused(result, "people.parquet: ", "permission", tmp_path, [source])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--threshold", "much"], "threshold 'much': give an amount like 5000, or auto"),
        (["--threshold", "-5"], "threshold: -5.0 is not a finite amount above 0"),
        (["--threshold", "nan"], "threshold: nan is not a finite amount above 0"),
        (["--fewest-people", "2"], "at least 5 must be in a cell"),
        (["--round-counts", "50"], "count step 50: give 1 (exact) to 10"),
        (["--by", "cost"], "the cost is no factor"),
        (["--by", "age,age"], "each may be named once"),
        (["--by", ","], "name at least one factor column"),
        (["--out", "cells.csv"], "give a name ending in .parquet"),
        (["--out", "nowhere/cells.parquet"], "there is no folder nowhere"),
        (["--out", "people.parquet"], "is the data itself"),
        (["--out", "folder.parquet"], "is a folder"),
        (["--earlier", "none.parquet"], "none.parquet: no such file"),
        (["--earlier", "people.parquet"], "people.parquet: holds no cells"),
    ],
)
def test_a_bad_option_is_one_clear_line_and_nothing_is_written(
    options, says, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    table(200).to_parquet("people.parquet")
    (tmp_path / "folder.parquet").mkdir()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    result = run("people.parquet", *asked("cells.parquet"), *options)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.stderr
    assert says in result.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_cells_are_not_written_into_the_folder_that_is_read(tmp_path):
    source = written(tmp_path, "folder", table())
    result = run(source, *asked(f"{source}/cells.parquet"))
    assert result.exit_code == 1
    assert "lies in the folder of the data" in result.stderr


def test_a_failed_run_keeps_the_file_that_was_there(tmp_path):
    out = tmp_path / "cells.parquet"
    assert run(written(tmp_path, "parquet", table()), *asked(out)).exit_code == 0
    before = out.read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_text("age,sex,cost\n01,f,-1\n")
    assert run(bad, *asked(out)).exit_code == 1
    assert out.read_bytes() == before
