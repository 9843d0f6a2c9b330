"""Excel and Stata files give the table that a CSV file would."""

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.tables.people_tables import open_people

pytestmark = pytest.mark.unit


def frame():
    return pd.DataFrame(
        {
            "code": ["007", "12", "x"],
            "age": [40, 85, 3],
            "cost": [1234.5, 0.0, 2.25],
            "when": pd.to_datetime(["2024-01-31"] * 3),
        }
    )


def written(folder, *sheets):
    with pd.ExcelWriter(folder / "people.xlsx") as book:
        for sheet in sheets:
            frame().to_excel(book, sheet_name=sheet, index=False)
    return str(folder / "people.xlsx")


def test_a_sheet_is_read_as_it_is_stored(tmp_path):
    found = open_people(written(tmp_path, "people"), "cost").table
    kinds = {name: str(kind) for name, kind in found.schema().items()}
    assert kinds["age"] == "int64" and kinds["cost"] == "float64"
    assert kinds["when"].startswith("timestamp")
    assert found.execute()["code"].tolist() == ["007", "12", "x"]


def test_a_number_beside_text_is_written_as_a_sheet_shows_it(tmp_path):
    file = tmp_path / "people.xlsx"
    pd.DataFrame({"age": [40, "85+", 7.5], "cost": ["1,5", "2", "3"]}).to_excel(file, index=False)
    source = open_people(str(file), "cost")
    assert source.table.execute().to_dict("list") == {
        "age": ["40", "85+", "7.5"],
        "cost": [1.5, 2.0, 3.0],
    }
    assert source.read_as == ("column cost with decimal commas",)


def test_one_of_several_sheets_has_to_be_named(tmp_path):
    file = written(tmp_path, "notes", "people")
    with pytest.raises(InputError, match="name a sheet after ::; it has notes, people"):
        open_people(file, "cost")
    with pytest.raises(InputError, match="sheet persons is not there; it has notes, people"):
        open_people(f"{file}::persons", "cost")
    assert open_people(f"{file}::people", "cost").table.count().execute() == 3


def test_stata_gives_codes_and_not_their_labels(tmp_path):
    file = tmp_path / "people.dta"
    labels = {"sex": {1: "male", 2: "female"}}
    table = frame().assign(sex=[1, 2, 2])
    table.to_stata(file, write_index=False, value_labels=labels)
    found = open_people(str(file), "cost").table.execute()
    assert found["sex"].tolist() == [1, 2, 2]
    assert found["cost"].tolist() == [1234.5, 0.0, 2.25]
