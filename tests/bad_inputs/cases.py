"""What an entry of the catalogue is, and the table of people that most entries spoil."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HEADER = "age,sex,cost\n"
OPTIONS = ("--by", "age,sex", "--cost", "cost", "--out", "cells.parquet", "--json")
PEOPLE = 400


@dataclass(frozen=True)
class Case:
    """One input, and what must come out.

    `make` writes into an empty folder and returns the first argument of the command. With `says`,
    a pattern, the command must refuse in one message; with `answer` it must succeed, and the check
    gets what it printed (JSON) and the folder.
    """

    name: str
    make: Callable[[Path], str]
    says: str = ""
    answer: Callable[[dict, Path], None] | None = None
    told: str = ""
    """For an answer: what the reader of the table learns."""
    command: str = "cells"
    options: tuple[str, ...] = OPTIONS
    code: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    as_a_stranger: bool = False
    """Run without the rights of root, who may read everything."""


def age(number):
    return "01" if number < PEOPLE // 2 else "02"


def sex(number):
    return "f" if number // 100 % 2 == 0 else "m"


def cost(number):
    """A quarter without cost, half with some, a quarter above three times the mean."""
    return {0: 0.0, 1: 3000.0 + number}.get(number % 4, 100.25 + number)


def line(number, **spoilt):
    told = {"age": age(number), "sex": sex(number), "cost": str(cost(number))}
    return ",".join((told | spoilt)[name] for name in ("age", "sex", "cost")) + "\n"


def rows(**spoil):
    """All people as lines of CSV; a keyword gives a column in another way, from the number."""
    return "".join(
        line(number, **{name: how(number) for name, how in spoil.items()})
        for number in range(PEOPLE)
    )


def frame():
    people = range(PEOPLE)
    columns = {"age": map(age, people), "sex": map(sex, people), "cost": map(cost, people)}
    return pd.DataFrame({name: list(values) for name, values in columns.items()})


def text(content, name="people.csv"):
    """Write a file of this content, text in UTF-8 or bytes."""

    def make(folder):
        found = content() if callable(content) else content
        (folder / name).write_bytes(found if isinstance(found, bytes) else found.encode())
        return name

    return make


def after(extra, **spoil):
    """Write a sound table of people with more lines at its end."""
    return text(lambda: HEADER + rows(**spoil) + extra)


def parquet(name="people.parquet", **columns):
    """Write the people as Parquet, some columns replaced by Arrow arrays."""

    def make(folder):
        table = pa.Table.from_pandas(frame(), preserve_index=False)
        for column, values in columns.items():
            kept = table.drop_columns([column]) if column in table.column_names else table
            table = kept.append_column(column, values() if callable(values) else values)
        pq.write_table(table, folder / name)
        return name

    return make


def folder_of(**files):
    """Write a folder named people with these makers' files in it."""

    def make(folder):
        (folder / "people").mkdir()
        for maker in files.values():
            maker(folder / "people")
        return "people"

    return make


def the_same_people(said, folder, labels=None):
    """The cells are those of the sound table, however it was written down."""
    expected = frame().replace({"age": labels or {}}).groupby(["age", "sex"])["cost"]
    table = pd.read_parquet(folder / "cells.parquet")
    found = table[table["table"] == "cells"].set_index(["age", "sex"])
    assert said["people"] == PEOPLE
    assert found["rows"].to_dict() == expected.count().to_dict()
    limited = expected.apply(lambda costs: costs.clip(upper=said["threshold"]).sum())
    for label, total in limited.items():
        assert abs(found["sum_limited"][label] / total - 1) < 1e-3, label


def with_ages(*labels):
    """Return a check that the people are the same, their ages called like this."""
    return lambda said, folder: the_same_people(
        said, folder, dict(zip(["01", "02"], labels, strict=True))
    )
