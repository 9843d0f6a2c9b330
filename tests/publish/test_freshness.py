"""A notebook runs again when, and only when, something it depends on has changed."""

import json

import pytest

from analysis.publish.freshness import Identity, current_identity, read_sidecar, reasons_to_execute


def reasons(project):
    return {notebook.stem: reasons_to_execute(project, notebook) for notebook in project.chapters()}


@pytest.mark.integration
def test_nothing_changed_nothing_runs(built):
    assert reasons(built) == {"chance": [], "plain": []}


@pytest.mark.integration
def test_a_module_reaches_only_the_notebooks_that_import_it(changeable):
    module = changeable.root / "toy" / "model.py"
    module.write_text(module.read_text() + "\nCHANGED = 1\n")
    assert reasons(changeable) == {"chance": ["module toy.model changed"], "plain": []}


@pytest.mark.integration
def test_a_comment_or_a_docstring_of_a_module_runs_nothing(changeable):
    module = changeable.root / "toy" / "model.py"
    lines = module.read_text().splitlines()
    assert lines[0].startswith('"""')
    lines[0] = '"""Said otherwise."""'
    module.write_text("\n\n".join([*lines, "# changed", ""]))
    assert reasons(changeable) == {"chance": [], "plain": []}


@pytest.mark.integration
def test_a_module_imported_by_an_imported_module_counts(built):
    code = read_sidecar(built.executed / "plain").identity.code
    assert "analysis.report.formatting" in code
    assert "analysis.publish.notebooks" in code
    assert "toy.model" not in code


@pytest.mark.integration
def test_code_counts_and_text_around_it_does_not(changeable):
    chance = changeable.notebooks / "chance.md"
    chance.write_text(chance.read_text() + "\nMore.\n")
    assert reasons(changeable) == {"chance": [], "plain": []}
    chance.write_text(chance.read_text() + "\n```{code-cell}\n1 + 1\n```\n")
    assert reasons(changeable) == {"chance": ["code cells changed"], "plain": []}


@pytest.mark.integration
def test_the_lock_counts(changeable):
    changeable.lock.write_text("another==1\n")
    assert reasons(changeable)["plain"] == ["pinned packages changed"]


@pytest.mark.integration
def test_a_removed_module_counts(changeable):
    (changeable.root / "toy" / "model.py").unlink()
    assert reasons(changeable)["chance"] == ["module toy.model changed"]


@pytest.mark.integration
@pytest.mark.parametrize("damage", ["", "{", "[]", '{"identity": {}}'])
def test_a_damaged_sidecar_means_execute_again(changeable, damage):
    (changeable.executed / "plain" / "identity.json").write_text(damage)
    assert reasons(changeable)["plain"] == ["not executed yet"]


@pytest.mark.integration
def test_a_data_package_reaches_only_the_notebooks_that_read_it(changeable):
    file = changeable.executed / "plain" / "identity.json"
    sidecar = json.loads(file.read_text())
    sidecar["identity"]["data"] = {"no_such_package": "0" * 64}
    file.write_text(json.dumps(sidecar))
    assert reasons(changeable) == {
        "chance": [],
        "plain": ["data package no_such_package changed"],
    }


@pytest.mark.unit
def test_the_present_digest_of_each_package_is_asked_for(tmp_path):
    from analysis.publish.project import Project

    (tmp_path / "a.md").write_text("# A\n")
    project = Project(root=tmp_path, build=tmp_path, packages={})
    now = current_identity(project, tmp_path / "a.md", [], ["rand"], lambda name: f"{name} now")
    assert now.data == {"rand": "rand now"}
    assert Identity(now.source, now.lock, now.version, {}, {"rand": "before"}).changes(now) == [
        "data package rand changed"
    ]
