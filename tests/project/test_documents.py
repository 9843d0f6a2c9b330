"""Links of the documents lead somewhere; changelog, licence and citation agree."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_between_documents_resolve(document: str):
    text = (ROOT / document).read_text()
    for target in re.findall(r"\[[^\]]+\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), f"{document}: {target}"


def test_changelog_has_an_entry_for_the_version(version: str):
    text = (ROOT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (Unreleased|\d{4}-\d\d-\d\d)$", text, re.M)
    assert headings, "no heading of the form `## [1.2.3] - 2026-01-31`"
    assert headings[0][0] == version, "the newest entry is not the version of pyproject.toml"


def test_citation_is_valid():
    command = [str(Path(sys.executable).with_name("cffconvert")), "--validate"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_citation_has_the_version_and_no_invented_doi(version: str):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert str(citation["version"]) == version
    assert "doi" not in citation
    assert citation["license"] == ["MIT", "CC-BY-4.0"]


def test_licence_says_which_terms_cover_what():
    text = (ROOT / "LICENSE").read_text()
    assert "Permission is hereby granted, free of charge" in text
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text
    for part in ("analysis/", "tests/", "book/", "notebooks/", "data/"):
        assert part in text, f"LICENSE does not say what covers {part}"


def test_every_place_that_the_architecture_page_names_is_there():
    text = (ROOT / "book" / "architecture.md").read_text()
    rooms = "|".join([*(folder.name for folder in (ROOT / "analysis").iterdir()), "analysis"])
    named = set(re.findall(rf"`((?:{rooms}|data|tests|book|notebooks)/[\w./-]*)`", text))
    assert len(named) > 40
    missing = [
        name for name in named if not any((ROOT / i / name).exists() for i in ("", "analysis"))
    ]
    assert not missing
