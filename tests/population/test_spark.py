"""The same expression on a real local Spark: the same counts, the same sums, the same faults.

Spark is an extra (`make spark`). Without it, or without Java, these tests say so and are skipped;
continuous integration never skips them.
"""

import os
import shutil
from importlib.util import find_spec

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from analysis.errors import InputError
from analysis.own.claims.account import NO_MEMBER
from analysis.own.claims.opening import Asked, open_tables
from analysis.own.claims.person_years import person_years
from analysis.own.claims.writing import write_people
from analysis.own.claims.years import Years
from analysis.population.cells import risk_cells
from analysis.population.disclosure.release import release_source
from analysis.tables.checks import SMALLEST_COST
from analysis.tables.people_tables import open_people

pytestmark = pytest.mark.integration

EDGES = 10 ** (np.arange(20, 90, 2) / 20)
FACTORS = ["sex", "age"]
SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A Spark session in a JVM of its own, ended with the module."""
    missing = [
        name
        for name, found in (("pyspark", find_spec("pyspark")), ("Java", java()))
        if found is None
    ]
    if missing:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say(f"the tests of Spark need {' and '.join(missing)}: run `make spark`")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.config(
        "spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse"))
    )
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    running = builder.getOrCreate()
    yield running
    running.stop()


def java():
    return os.environ.get("JAVA_HOME") or shutil.which("java")


def people(rows=5000, seed=1):
    """Costs with the awkward values: zeros of both signs, edges, the smallest and a huge one."""
    generator = np.random.default_rng(seed)
    cost = np.exp(generator.normal(5.0, 1.8, rows)) * (generator.random(rows) < 0.8)
    special = [
        0.0,
        -0.0,
        1.0,
        0.01,
        SMALLEST_COST,
        *EDGES,
        *np.nextafter(EDGES, np.inf),
        1e12,
    ]
    cost[: len(special)] = special
    return pd.DataFrame(
        {
            "sex": generator.choice(["female", "männlich", "O'Hara; --"], rows),
            "age": generator.choice(["01", "02"], rows),
            "cost": cost,
        }
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    people().to_parquet(path)
    return path


@pytest.mark.usefixtures("session")
class TestSpark:
    def test_counts_are_identical_and_sums_agree_to_a_billionth(self, file):
        on_spark = open_people(f"pyspark://::{file}", "cost", FACTORS)
        assert on_spark.engine == "pyspark"
        found = risk_cells(on_spark.table, FACTORS, "cost")
        expected = risk_cells(people(), FACTORS, "cost")
        assert_frame_equal(found.table, expected.table, rtol=1e-9, atol=0, check_dtype=False)
        counts = ["rows", "n", "n_positive", "n_tail"]
        assert (found.table[counts] == expected.table[counts]).all(axis=None)
        assert (found.costs["rows"] == expected.costs["rows"]).all()
        assert_frame_equal(found.costs, expected.costs, rtol=1e-9, atol=1e-9, check_dtype=False)

    def test_weights_and_exposures_are_summed_alike(self, tmp_path):
        generator = np.random.default_rng(7)
        frame = people().assign(
            weight=generator.uniform(0.5, 3, 5000), covered=generator.random(5000)
        )
        frame.to_parquet(tmp_path / "people.parquet")
        found, expected = (
            risk_cells(open_people(address, "cost", FACTORS).table, FACTORS, "cost", *named)
            for address in (f"pyspark://::{tmp_path}/people.parquet", f"{tmp_path}/people.parquet")
            for named in [("weight", "covered")]
        )
        assert_frame_equal(found.table, expected.table, rtol=1e-9, check_dtype=False)
        assert_frame_equal(found.costs, expected.costs, rtol=1e-9, atol=1e-9, check_dtype=False)

    def test_what_is_released_is_the_same(self, tmp_path):
        path = tmp_path / "people.parquet"
        people().assign(cost=lambda made: made["cost"].clip(upper=1e6)).to_parquet(path)
        on_spark, on_duckdb = (
            release_source(open_people(address, "cost", FACTORS), FACTORS, "cost")
            for address in (f"pyspark://::{path}", str(path))
        )
        assert on_spark.cells.threshold == on_duckdb.cells.threshold
        assert_frame_equal(on_spark.cells.table, on_duckdb.cells.table, rtol=1e-12)
        assert_frame_equal(on_spark.cells.costs, on_duckdb.cells.costs)

    def test_a_table_of_the_catalogue_is_found_by_its_name(self, session, file):
        session.read.parquet(str(file)).createOrReplaceTempView("people")
        table = open_people("pyspark://::people", "cost", FACTORS).table
        assert table.count().execute() == 5000
        with pytest.raises(InputError, match="table persons is not there; it has people"):
            open_people("pyspark://::persons", "cost", FACTORS)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("cost", None),
            ("cost", float("nan")),
            ("cost", -3.0),
            ("cost", float("inf")),
            ("cost", 1e300),
            ("age", None),
        ],
    )
    def test_a_fault_is_told_as_by_duckdb(self, column, value, tmp_path):
        frame = people(100)
        values = [value, *frame[column].tolist()[1:]]
        kind = pa.float64() if column == "cost" else pa.string()
        arrow = pa.Table.from_pandas(frame, preserve_index=False)
        place = arrow.schema.get_field_index(column)
        arrow = arrow.set_column(place, column, pa.array(values, kind, from_pandas=False))
        pq.write_table(arrow, tmp_path / "bad.parquet")
        said = []
        for address in (f"{tmp_path}/bad.parquet", f"pyspark://::{tmp_path}/bad.parquet"):
            source = open_people(address, "cost", FACTORS)
            with pytest.raises(InputError, match=f"column {column}: ") as error:
                release_source(source, FACTORS, "cost")
            said.append(str(error.value).partition(f"column {column}")[2])
        # Spark counts NaN as missing; DuckDB finds it in the sum.
        assert said[0] == said[1] or all("missing" in text for text in said)

    def test_an_identifier_is_refused_before_cells_are_made(self, tmp_path):
        frame = people(4000).assign(age=lambda made: made.index.astype(str))
        frame.to_parquet(tmp_path / "people.parquet")
        source = open_people(f"pyspark://::{tmp_path}/people.parquet", "cost", FACTORS)
        with pytest.raises(InputError, match=r"column age: about [34],\d+ different values"):
            release_source(source, FACTORS, "cost")

    def test_costs_in_whole_pence_and_decimals_are_welcome(self, session, tmp_path):
        whole = people(500).assign(cost=lambda made: made["cost"].clip(upper=1e6).round())
        whole.to_parquet(tmp_path / "people.parquet")
        rows = session.read.parquet(str(tmp_path / "people.parquet"))
        expected = risk_cells(whole, FACTORS, "cost")
        for kind in ("bigint", "decimal(12,2)"):
            rows.withColumn("cost", rows["cost"].cast(kind)).createOrReplaceTempView("cast")
            table = ibis.pyspark.connect(session).table("cast")
            found = risk_cells(table, FACTORS, "cost")
            assert_frame_equal(found.table, expected.table, rtol=1e-9, check_dtype=False)


CLAIMS_BY_FILE = {
    "claims": [
        ("c1", 1, "a", "2023-03-01", 100.1), ("c2", 1, "a", "2024-01-31", 50.0),
        ("c3", 1, "b", "2024-05-05", 900.0), ("c3", 2, "b", "2024-05-05", -900.0),
        ("c4", 1, "b", "2024-06-01", 40.0), ("c5", 1, "z", "2024-06-01", 1.0),
        ("c6", 1, "c", "2023-06-01", 70.0),
    ],
    "members": [
        ("a", "1970-01-01", "f", None), ("b", "1970-01-02", "m", "2024-07-01"),
        ("c", "1940-06-15", "f", None),
    ],
    "cover": [
        ("a", "2023-01-01", "2024-01-10"), ("a", "2024-01-05", "2024-06-30"),
        ("b", "2023-01-01", None), ("c", "2023-01-01", "2024-12-31"),
    ],
    "conditions": [("a", "2023-05-01", "asthma")],
}  # fmt: skip
CLAIM_COLUMNS = {
    "claims": ["claim", "line", "person", "date", "paid"],
    "members": ["person", "birth_date", "sex", "death_date"],
    "cover": ["person", "start", "end"],
    "conditions": ["person", "date", "condition"],
}


def test_claims_become_the_same_people_by_both_engines(session, tmp_path):
    for name, rows in CLAIMS_BY_FILE.items():
        pd.DataFrame(rows, columns=CLAIM_COLUMNS[name]).to_parquet(tmp_path / f"{name}.parquet")
    made = []
    for prefix in ("", "pyspark://::"):
        claims, members, cover, conditions = (
            f"{prefix}{tmp_path}/{name}.parquet" for name in CLAIM_COLUMNS
        )
        tables = open_tables([claims], [members], cover, conditions, Asked({}))
        people, account = person_years(tables, Years())
        write_people(people, tmp_path / "people.parquet", account.as_json())
        made.append((pd.read_parquet(tmp_path / "people.parquet"), account))
    (one, account), (other, same_account) = made
    assert_frame_equal(one, other, check_exact=True)
    assert account == same_account
    assert account.left_out == {NO_MEMBER: (1, 1.0)}
    assert one["cost"].sum() == 260.1
    assert one["exposure"].tolist()[-3:] == [182 / 366, 183 / 366, 1.0]
