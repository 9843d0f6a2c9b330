"""What Ibis 12 asks of DuckDB in words that DuckDB 2 no longer knows: tables kept, rows in batches.

Other engines are asked through Ibis.
"""

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_numbers = count(1)


def kept(table: "ir.Table") -> "ir.Table":
    """Compute a table once and keep it with the engine, for several expressions to read."""
    engine = table.get_backend()
    if engine.name != "duckdb":
        return table.cache()
    name = f"kept_{next(_numbers)}"
    engine.raw_sql(f"CREATE TEMP TABLE {name} AS {engine.compile(table)}")
    return engine.table(name)


def batches_of(table: "ir.Table") -> "pa.RecordBatchReader":
    """Return the rows of a table in batches, so that they need not fit into memory."""
    engine = table.get_backend()
    if engine.name != "duckdb":
        return table.to_pyarrow_batches()
    return engine.con.sql(engine.compile(table)).to_arrow_reader()
