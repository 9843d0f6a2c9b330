"""The workflow, the container and the deposit: what can be told of them without running them."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from analysis.publish.project import Project

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit

ACTION = re.compile(r"actions/[a-z-]+@v\d+")
"""An action of the host's own, by its major version."""

PLACE = re.compile(r"\.ci/[\w-]+|make [a-z]+")


def known_commands(text):
    """Assert that every script and target that a text calls is there; return them."""
    called = set(PLACE.findall(text))
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in called:
        if command.startswith("make "):
            assert command.removeprefix("make ") in targets, command
        else:
            assert os.access(ROOT / command, os.X_OK), command
    return called


@pytest.fixture(scope="module")
def workflow():
    """The workflow; YAML 1.1 reads its key `on` as true."""
    content = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text())
    content["on"] = content.pop(True)
    return content


@pytest.fixture(scope="module")
def container():
    """Instructions of the container file, comments dropped: pairs of a word and its text."""
    text = (ROOT / "Containerfile").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text())


@pytest.fixture(scope="module")
def deposit():
    return json.loads((ROOT / ".zenodo.json").read_text())


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


class TestWorkflow:
    def test_it_runs_on_a_version_tag_and_on_a_change_of_main(self, workflow):
        assert workflow["on"]["push"] == {"branches": ["main"], "tags": ["v*"]}

    def test_a_proposed_change_is_tested_and_not_published(self, workflow):
        assert "pull_request" in workflow["on"]
        assert workflow["jobs"]["publish"]["if"] == "github.event_name != 'pull_request'"
        assert workflow["jobs"]["publish"]["needs"] == "book"

    def test_every_action_has_its_major_version(self, workflow):
        used = [step["uses"] for step in steps_of(workflow) if "uses" in step]
        assert len(used) >= 4
        assert [name for name in used if not ACTION.fullmatch(name)] == []

    def test_what_it_calls_is_there(self, workflow):
        commands = [step["run"] for step in steps_of(workflow) if "run" in step]
        called = set().union(*(known_commands(command) for command in commands))
        assert {".ci/run", ".ci/address"} <= called

    def test_no_expression_is_pasted_into_a_command(self, workflow):
        """A name of a branch could hold a command: it gets there as a variable or not at all."""
        assert [step["run"] for step in steps_of(workflow) if "${{" in step.get("run", "")] == []

    def test_the_site_that_was_tested_is_the_one_that_is_kept(self, workflow):
        book = workflow["jobs"]["book"]["steps"]
        kept = next(i for i, step in enumerate(book) if "upload-pages" in step.get("uses", ""))
        assert ROOT / book[kept]["with"]["path"] == Project(root=ROOT, build=ROOT / "_build").site
        assert any(step.get("run") == ".ci/run" for step in book[:kept])

    def test_nothing_is_cached(self, workflow):
        assert not [step for step in steps_of(workflow) if "cache" in str(step).lower()]

    def test_only_the_job_that_publishes_may_write(self, workflow):
        may = {name: job.get("permissions", {}) for name, job in workflow["jobs"].items()}
        writers = {name for name, what in may.items() if "write" in what.values()}
        assert writers == {"publish"}
        assert workflow["permissions"] == {"contents": "read"}


class TestContainer:
    def test_its_base_has_the_python_of_the_project(self, container, workflow):
        base = dict(container)["FROM"]
        version = (ROOT / ".python-version").read_text().strip()
        assert re.fullmatch(rf"python:{re.escape(version)}-[a-z]+", base)
        assert workflow["jobs"]["book"]["container"] == base

    def test_it_installs_and_runs_as_continuous_integration_does(self, container):
        runs = [text for word, text in container if word == "RUN"]
        assert [known_commands(text) for text in runs] == [{".ci/run"}]
        # What is installed is said in one place.
        assert not re.search(r"apt-get|pip|curl|wget", " ".join(runs))
        script = (ROOT / ".ci" / "run").read_text()
        timed = "\n".join(line for line in script.splitlines() if line.startswith("timeout"))
        assert known_commands(timed) >= {"make book", "make test"}

    def test_it_serves_the_site_that_the_build_makes(self, container):
        command = json.loads(dict(container)["CMD"])
        site = Project(root=Path("/book"), build=Path("/book/_build")).site
        assert Path(dict(container)["WORKDIR"]) / command[-1] == site
        assert dict(container)["EXPOSE"] in command

    def test_nothing_that_was_made_elsewhere_gets_into_it(self):
        left_out = (ROOT / ".dockerignore").read_text().splitlines()
        assert {".venv", "_build"} <= set(left_out)


class TestDeposit:
    def test_it_says_what_the_citation_says(self, citation, deposit):
        version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        assert deposit["version"] == citation["version"] == version
        assert deposit["title"] == citation["title"]
        assert deposit["keywords"] == citation["keywords"]
        assert " ".join(citation["abstract"].split()) in deposit["description"]
        assert [one["identifier"] for one in deposit["related_identifiers"]] == [
            one["isbn"] for one in citation["references"]
        ]

    def test_its_authors_are_those_of_the_citation_without_the_comma(self, citation, deposit):
        """A comma would part a family name from a given name."""
        cited = [author["name"] for author in citation["authors"]]
        named = [creator["name"] for creator in deposit["creators"]]
        assert named == [name.removeprefix("The ").replace(",", "") for name in cited]

    def test_its_licence_is_the_first_of_the_citation_and_the_notes_name_the_other(
        self, citation, deposit
    ):
        assert deposit["license"] == citation["license"][0].lower()
        assert citation["license"][1].replace("CC-BY-", "CC BY ") in deposit["notes"]

    def test_the_date_is_that_of_the_changelog_and_absent_before_the_release(self, citation):
        text = (ROOT / "CHANGELOG.md").read_text()
        version, date = re.search(r"^## \[([\d.]+)\] - (\S+)$", text, re.MULTILINE).groups()
        assert version == citation["version"]
        dated = None if date == "Unreleased" else date
        assert (str(citation["date-released"]) if "date-released" in citation else None) == dated

    def test_it_has_only_fields_that_the_archive_knows(self, deposit):
        known = {
            "title", "version", "upload_type", "access_right", "license", "language", "creators",
            "description", "keywords", "notes", "related_identifiers",
        }  # fmt: skip
        assert set(deposit) == known
        assert deposit["upload_type"] == "software"


class TestAddress:
    @pytest.fixture
    def checkout(self, tmp_path):
        (tmp_path / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "address", tmp_path / ".ci" / "address")
        shutil.copy(ROOT / "_config.yml", tmp_path / "_config.yml")
        return tmp_path

    def say(self, checkout, *addresses):
        command = [str(checkout / ".ci" / "address"), *addresses]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_it_sets_both_and_changes_nothing_else(self, checkout):
        before = yaml.safe_load((checkout / "_config.yml").read_text())
        told = self.say(checkout, "https://example.org/book", "https://example.com/one/two")
        assert told.returncode == 0, told.stderr
        after = yaml.safe_load((checkout / "_config.yml").read_text())
        assert after["sphinx"]["config"].pop("html_baseurl") == "https://example.org/book/"
        assert after["repository"].pop("url") == "https://example.com/one/two"
        before["sphinx"]["config"].pop("html_baseurl")
        before["repository"].pop("url")
        assert after == before

    def test_it_may_be_said_again(self, checkout):
        self.say(checkout, "https://example.org/one/")
        once = (checkout / "_config.yml").read_text()
        assert self.say(checkout, "https://example.org/two/").returncode == 0
        assert (checkout / "_config.yml").read_text() == once.replace("/one/", "/two/")

    @pytest.mark.parametrize("address", ["", "book", "ftp://example.org", 'https://a.org/"x'])
    def test_what_is_no_address_is_refused(self, checkout, address):
        before = (checkout / "_config.yml").read_text()
        assert self.say(checkout, address).returncode == 1
        assert (checkout / "_config.yml").read_text() == before
