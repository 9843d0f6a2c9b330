"""The page on data must say what the descriptors say: it is prose, but its facts are not free."""

import json
import re
from pathlib import Path

import pytest

from tests.project.source import ROOT

pytestmark = pytest.mark.unit

DESCRIPTORS = sorted((ROOT / "data").glob("*/datapackage.json"))


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """Sections of the page, by the package that their table of facts names."""
    page = (ROOT / "book" / "data.md").read_text()
    found = {}
    for part in page.split("\n## ")[1:]:
        (package,) = re.findall(r"^\| Package \| `(\w+)` \|$", part, flags=re.MULTILINE)
        found[package] = part
    return found


def extent(table: dict) -> str:
    """Rows of a table; one that is written by hand grows, so its rows are not counted."""
    by_hand = "Written by hand" in table["description"]
    return "written by hand" if by_hand else f"{table['rows']:,} rows"


@pytest.mark.parametrize("path", DESCRIPTORS, ids=lambda path: path.parent.name)
def test_page_has_the_facts_of_each_package(path: Path, sections: dict[str, str]):
    descriptor = json.loads(path.read_text())
    section = sections[path.parent.name]
    wanted = [
        descriptor["title"],
        descriptor["description"],
        f"| Taken | {descriptor['retrieved']} |",
        *(f"| Table | `{table['name']}`, {extent(table)}: " for table in descriptor["resources"]),
        *(f"| Source | [{found['title']}]({found['path']}) |" for found in descriptor["sources"]),
        *(f"| Licence | [{found['title']}]({found['path']}) |" for found in descriptor["licenses"]),
    ]
    if "minimum_cell" in descriptor:
        wanted.append(f"| Smallest cell | {descriptor['minimum_cell']} |")
    missing = [fact for fact in wanted if fact not in section]
    assert not missing, "write these into book/data.md"


def test_page_has_every_package_and_no_other(sections: dict[str, str]):
    assert set(sections) == {path.parent.name for path in DESCRIPTORS}


@pytest.mark.parametrize("part", ["What it is for", "How it was derived", "Traps"])
def test_every_package_has_its_prose(part: str, sections: dict[str, str]):
    assert not [package for package, text in sections.items() if f"**{part}.**" not in text]
