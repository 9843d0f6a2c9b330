"""The command `cells`: the same cells from every kind of source; bad ones are in `bad_inputs`."""

import gzip
import json
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
from analysis.errors import InputError
from analysis.population.cell_files import MANIFEST_KEY, read_cells
from analysis.population.disclosure.merging import MERGED
from analysis.population.disclosure.release import release_source
from analysis.tables.people_tables import open_people

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


def read_again(file):
    """The table as a stranger reads it: its rows that are cells."""
    table = values(file)
    return table[table["table"] == "cells"]


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
    cells = read_again(out)
    assert {"01", "02", MERGED} == set(cells["age"]), "a code keeps its leading zero"
    assert cells["rows"].sum() == 6000


def test_json_is_the_manifest_in_the_file(tmp_path):
    source, out = written(tmp_path, "csv", table()), tmp_path / "cells.parquet"
    result = run(source, *asked(out, "--json", "--round-counts", "5"))
    said = json.loads(result.stdout)
    cells, manifest = read_cells(out)
    assert said == manifest | {"out": str(out), "means": None, "warnings": []}
    assert manifest["source"] == "people.csv", "no folder of this machine"
    assert manifest["threshold"] == cells.threshold
    assert (manifest["weight"], manifest["exposure"], manifest["format"]) == (None, None, 2)
    assert manifest["by"] == ["age", "sex"] == list(cells.factors)
    assert manifest["people"] == cells.table["n"].sum()
    assert (cells.table["n"] % 5 == 0).all()
    assert (cells.costs["rows"] % 5 == 0).all()
    assert len(manifest["source_sha256"]) == 64


def test_a_file_that_is_read_again_holds_what_was_released(tmp_path):
    out = tmp_path / "cells.parquet"
    source = open_people(written(tmp_path, "parquet", table()), "cost", ["age", "sex"])
    released = release_source(source, ["age", "sex"], "cost").cells
    run(tmp_path / "people.parquet", *asked(out))
    cells, _ = read_cells(out)
    assert_frame_equal(cells.table, released.table, check_dtype=False)
    assert_frame_equal(cells.costs, released.costs, check_dtype=False)
    assert cells.threshold == released.threshold


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_weights_and_exposures_are_summed_and_told(kind, tmp_path):
    generator, frame = np.random.default_rng(2), table()
    frame["people"] = generator.choice([2.0, 3.0], len(frame))
    frame["year"] = np.where(generator.random(len(frame)) < 0.3, 0.5, 1.0)
    out = tmp_path / "cells.parquet"
    options = ("--weight", "people", "--exposure", "year")
    result = run(written(tmp_path, kind, frame), *asked(out, *options))
    assert (result.exit_code, result.stderr) == (0, "")
    cells, manifest = read_cells(out)
    assert (manifest["weight"], manifest["exposure"]) == ("people", "year")
    assert cells.people == len(frame)
    assert cells.table["n"].sum() == pytest.approx(frame["people"].sum(), rel=1e-3)
    years = frame["people"] @ frame["year"]
    assert cells.table["member_years"].sum() == pytest.approx(years, rel=1e-3)


def test_a_file_of_format_1_is_refused_with_its_reason(tmp_path):
    out = tmp_path / "old.parquet"
    old = pa.table({"age": ["01"], "n": [40]})
    pq.write_table(old.replace_schema_metadata({MANIFEST_KEY: json.dumps({"format": 1})}), out)
    with pytest.raises(InputError, match="is of format 1, .* make the file again with .*cells"):
        read_cells(out)


def test_the_same_data_give_the_same_bytes(tmp_path):
    source = written(tmp_path, "parquet", table())
    outs = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for out in outs:
        run(source, *asked(out))
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_an_earlier_release_of_nearly_the_same_people_stops_it(tmp_path):
    frame = table()
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    run(written(tmp_path, "csv", frame), *asked(old))
    more = pd.concat([frame, frame.iloc[:1].assign(cost=0.0)])
    changed = written(tmp_path, "parquet", more)
    again = ("--earlier", old)
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

    monkeypatch.setattr("analysis.population.disclosure.release.check_people", interrupted)
    out = tmp_path / "cells.parquet"
    result = run(written(tmp_path, "csv", table()), *asked(out))
    assert result.exit_code == 130
    assert not out.exists()


def test_help_says_what_data_is_and_usage_errors_have_their_code():
    result = CliRunner().invoke(app, ["cells", "--help"])
    for word in ("CSV", "Parquet", "DUCKDB".lower(), "pyspark://", "--fewest-people", "--weight"):
        assert word in result.stdout
    assert run("people.csv", "--cost", "cost").exit_code == 2


def check_refused(result, name, says, folder, before):
    assert result.exit_code == 1, result.stdout
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith(f"error: {name}"), result.stderr
    assert says.lower() in result.stderr.lower(), result.stderr
    assert sorted(folder.rglob("*")) == before, "something was written"


@pytest.mark.parametrize("scheme", ["nosuch", "mssql"])
def test_an_address_that_fails_does_not_show_its_password(scheme, tmp_path):
    address = f"{scheme}://user:hunter2@localhost/base::people"
    result = run(address, *asked(tmp_path / "cells.parquet"))
    check_refused(result, f"{scheme}://…::people: cannot be read", "", tmp_path, [])
    assert "hunter2" not in result.stderr


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
