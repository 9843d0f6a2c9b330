"""Claim lines to people by year, by the command and by DuckDB alone reading the same files.

`python -m tests.benchmarks.claims --lines 100000000` runs this part alone. Each side is a process
of its own, timed from its start to its end. The command also checks what it reads, and that lines
and money add up.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import duckdb

from analysis.tables.read_errors import MEMORY_VARIABLE
from tests.benchmarks.results import Comparison, print_table
from tests.benchmarks.scale import measured

LINES = 10_000_000
LINES_A_PERSON = 40
PARTS = 16
GIGABYTES = 4
LIMIT = "3GB"
"""What DuckDB may hold of them; the process itself and its output need the rest."""

LINE_SQL = """
COPY (
    SELECT 'C' || lpad((i // 2)::VARCHAR, 10, '0') AS claim, i % 2 + 1 AS line,
        'M' || lpad((hash(i // 2) % {people})::VARCHAR, 8, '0') AS person,
        DATE '2023-01-01' + (hash(i // 2, 1) % 731)::INTEGER AS date,
        -- The second line of every tenth claim takes the first one back.
        CASE WHEN i // 2 % 10 = 0 THEN 1 - 2 * (i % 2) ELSE 1 END
            * round(20 + hash(i // 2, i % 2 * (i // 2 % 10 > 0)::INTEGER) % 30000 / 100, 2) AS paid
    FROM range({first}, {last}) t(i)
) TO '{file}' (FORMAT parquet)
"""

MEMBER_SQL = """
COPY (
    SELECT 'M' || lpad(i::VARCHAR, 8, '0') AS person, DATE '1930-01-01' + (hash(i) % 33000)::INTEGER
        AS birth, CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END AS sex,
        DATE '2022-07-01' + (hash(i, 2) % 540)::INTEGER * (i % 5 = 0)::INTEGER AS start,
        DATE '2024-12-31' - (hash(i, 3) % 365)::INTEGER * (i % 7 = 0)::INTEGER AS "end"
    FROM range({people}) t(i)
) TO '{file}' (FORMAT parquet)
"""

PEER_SQL = """
COPY (
    WITH sums AS (
        SELECT person, year(date) AS year, sum(round(paid * 10000)::BIGINT) AS amount
        FROM read_parquet('{folder}/claims/*.parquet') GROUP BY ALL
    ), covered AS (
        SELECT person, y AS year, birth, sex,
            greatest(start, make_date(y, 1, 1), birth) AS begins,
            least("end" + 1, make_date(y + 1, 1, 1)) AS after,
            make_date(y + 1, 1, 1) - make_date(y, 1, 1) AS days
        FROM read_parquet('{folder}/members.parquet'), (VALUES (2022), (2023), (2024)) v(y)
    )
    SELECT person, c.year, greatest(c.year - 1 - year(birth)
            + (month(birth) = 1 AND day(birth) = 1)::INTEGER, 0) AS age, sex,
        (after - begins) / days AS exposure,
        greatest(coalesce(amount, 0), 0) / 10000 AS cost
    FROM covered c LEFT JOIN sums s USING (person, year)
    WHERE after > begins AND c.year >= 2023
) TO '{out}' (FORMAT parquet)
"""


def generate(folder: Path, lines: int) -> None:
    """Write claims as a folder of Parquet files, and members with a span of cover each."""
    (folder / "claims").mkdir()
    people, connection = lines // LINES_A_PERSON, duckdb.connect()
    ends = [lines * part // PARTS for part in range(PARTS + 1)]
    for part, (first, last) in enumerate(pairwise(ends)):
        file = folder / "claims" / f"part-{part:02d}.parquet"
        connection.execute(LINE_SQL.format(people=people, first=first, last=last, file=file))
    connection.execute(MEMBER_SQL.format(people=people, file=folder / "members.parquet"))


def by_duckdb(folder: Path, out: Path) -> None:
    """Write the same people with one query of DuckDB, without a check."""
    connection = duckdb.connect(config={"memory_limit": LIMIT})
    connection.execute(PEER_SQL.format(folder=folder, out=out))


def differing_rows(one: Path, other: Path) -> tuple[int, int]:
    """Return the number of people and years, and of those in which two files differ."""
    columns = "person, year, age, sex, exposure, cost"
    rows, same = duckdb.execute(
        f"SELECT count(*), count(o.person) FROM '{one}' m LEFT JOIN "
        f"(SELECT {columns} FROM '{other}') o ON (m.person = o.person AND m.year = o.year AND "
        "m.age = o.age AND m.sex = o.sex AND abs(m.exposure - o.exposure) < 1e-12 "
        "AND abs(m.cost - o.cost) < 1e-9)"
    ).fetchone()
    total = duckdb.execute(f"SELECT count(*) FROM '{other}'").fetchone()[0]
    return rows, abs(total - rows) + rows - same


def claim_benchmarks(lines: int = LINES) -> list[Comparison]:
    """Compare the command with DuckDB alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        generate(folder, lines)
        print(f"Generated {lines:,} lines in {time.perf_counter() - start:.0f} s (not counted).",
              file=sys.stderr)  # fmt: skip
        os.environ[MEMORY_VARIABLE] = LIMIT
        members, ours, theirs = (folder / f"{n}.parquet" for n in ("members", "ours", "theirs"))
        command = ["people", str(folder / "claims"), "--members", str(members), "--out", str(ours)]
        run = measured([sys.executable, "-m", "analysis", *command, "--json"])
        peer = [sys.executable, "-m", "tests.benchmarks.claims", "--child", name, str(theirs)]
        peer_run = measured(peer)
        rows, differ = differing_rows(ours, theirs)
        said = json.loads(run.printed)
    agrees = not differ and rows == said["people_and_years"] and run.gigabytes < GIGABYTES
    return [
        Comparison(
            f"`python -m analysis people` of {lines:,} claim lines in {PARTS} Parquet files",
            "one query of DuckDB on the same files, without checks or an account",
            run.seconds,
            peer_run.seconds,
            f"{rows:,} people and years, {differ:,} differ; at most {run.cost} and "
            f"{peer_run.cost}; {GIGABYTES} GB allowed",
            agrees,
        )
    ]


def main() -> int:
    """Run this part alone, or the child of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--child", nargs=2, metavar=("FOLDER", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        by_duckdb(Path(given.child[0]), Path(given.child[1]))
        return 0
    found = claim_benchmarks(given.lines)
    print_table(found)
    return 0 if all(each.agrees for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
