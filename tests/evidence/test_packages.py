"""Every frozen package is valid, documented, and holds no rows it may not hold."""

import re
from datetime import date

import pytest
from frictionless import Package, Resource, Schema

from analysis import settings
from analysis.evidence.catalogue import descriptor, packages, path, resources, table

EXPECTED = [
    "av_2026",
    "claims",
    "contracts",
    "desynpuf",
    "england",
    "england_generator",
    "forecasts",
    "gate",
    "meps",
    "mssp",
    "organisations",
    "published",
    "rand_hie",
    "releases",
    "run_off_scores",
    "soa_1991",
    "validation",
    "vektis",
]
BY_PACKAGE = pytest.mark.parametrize("package", EXPECTED)
TABLES = [(package, resource) for package in EXPECTED for resource in resources(package)]
BY_TABLE = pytest.mark.parametrize(("package", "resource"), TABLES)


def entry(package: str, resource: str) -> dict:
    return next(r for r in descriptor(package)["resources"] if r["name"] == resource)


@pytest.mark.unit
def test_packages_are_those_of_the_design():
    assert sorted(packages()) == EXPECTED


@pytest.mark.unit
@BY_PACKAGE
def test_package_states_source_licence_and_date(package):
    found = descriptor(package)
    assert found["name"] == package
    assert date.fromisoformat(found["retrieved"]) <= date.today()
    assert found["snapshot"] is True
    assert found["title"]
    assert found["description"]
    assert all(
        source["title"] and source["path"].startswith("https://") for source in found["sources"]
    )
    assert any(source.get("citation") for source in found["sources"])
    assert all(licence["name"] and licence["path"] for licence in found["licenses"])


@pytest.mark.unit
@BY_TABLE
def test_every_field_has_type_unit_and_description(package, resource):
    for field in entry(package, resource)["schema"]["fields"]:
        assert field["type"] in {"integer", "number", "boolean", "string"}, field["name"]
        assert field["unit"], field["name"]
        assert field["description"].endswith("."), field["name"]


@pytest.mark.unit
@BY_TABLE
def test_descriptor_states_size_and_rows(package, resource):
    stated = entry(package, resource)
    assert stated["bytes"] == path(package, resource).stat().st_size
    assert stated["rows"] == len(table(package, resource))


@pytest.mark.unit
@BY_PACKAGE
def test_readme_covers_what_a_reader_needs(package):
    text = (settings.DATA / package / "README.md").read_text()
    retrieved = descriptor(package)["retrieved"]
    for needed in ("frozen snapshot", "Licence", retrieved, "Rows", "Regenerate", "Traps"):
        assert needed in text
    assert f"python data/{package}/derive.py" in text
    assert all(f"`{name}" in text for name in resources(package))


@pytest.mark.unit
@BY_PACKAGE
def test_readme_row_counts_are_true(package):
    text = (settings.DATA / package / "README.md").read_text()
    rows = re.search(r"^\| Rows \| (.*) \|$", text, re.MULTILINE).group(1)
    numbers = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", rows)}
    grows = {"assumptions", "roles", "numbers", "reasons"}
    assert {len(table(package, r)) for r in resources(package) if r not in grows} <= numbers


@pytest.mark.unit
@BY_PACKAGE
def test_folder_holds_nothing_undeclared(package):
    declared = {entry(package, r)["path"] for r in resources(package)}
    others = {"people.sql", "README.md", "datapackage.json"}
    files = [file for file in (settings.DATA / package).iterdir() if file.is_file()]
    found = {file.name for file in files if file.suffix != ".py"}
    assert found - others == declared


@pytest.mark.integration
@BY_TABLE
def test_table_fits_its_schema(package, resource):
    stated = entry(package, resource)
    if stated["format"] == "csv":
        folder = settings.DATA / package
        checked = Resource.from_descriptor(stated, basepath=str(folder))
    else:
        # frictionless needs another Parquet library; its rows are checked in memory instead.
        frame = table(package, resource).astype(object)
        rows = frame.where(frame.notna(), None).to_dict("records")
        schema = Schema.from_descriptor(stated["schema"])
        checked = Resource(name=resource, data=rows, schema=schema)
    report = checked.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]


@pytest.mark.integration
@BY_PACKAGE
def test_descriptor_is_a_valid_data_package(package):
    found = Package(str(settings.DATA / package / "datapackage.json"))
    assert [resource.name for resource in found.resources] == resources(package)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("package", "resource", "column", "minimum"),
    [
        ("mssp", "cells", "n_acos", 3),
        ("mssp", "cross_section", "n_acos", 3),
        ("mssp", "pairs", "n_pairs", 3),
        ("soa_1991", "exceedances", "n_claims", 5),
        ("england", "size_bins", "n_organisations", 5),
        ("england", "need_bins", "n_organisations", 5),
        ("england", "practice_payments", "n_practices", 5),
        ("desynpuf", "cells_with_conditions", "n", 10),
        ("meps", "costs", "rows", 10),
        ("meps", "cells", "rows", 10),
        ("meps", "ladder_cells", "rows", 10),
        ("vektis", "municipalities", "persons", 10),
    ],
)
def test_no_cell_is_smaller_than_stated(package, resource, column, minimum):
    assert table(package, resource)[column].min() >= minimum
    assert descriptor(package)["minimum_cell"] == minimum
