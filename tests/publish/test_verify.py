"""`verify`: what was published is computed again, elsewhere, and compared number by number."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from analysis import settings
from analysis.cli import app
from analysis.errors import InputError
from analysis.publish import project as project_module
from analysis.publish.execute import Reporter
from analysis.publish.verify import choose, folder_for, verify
from analysis.report.published import published_numbers
from analysis.seeds import seed_for
from tests.publish.conftest import copy_of_minibook

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("built")]

SEED = settings.PUBLISHED_SEED


def quiet():
    return Reporter(Console(quiet=True))


def published_by(project):
    return published_numbers((project.site / "numbers.json").read_text(), "numbers.json")


@pytest.fixture(scope="module")
def recomputed(built, tmp_path_factory):
    """Verify the small book once, from nothing, and keep the folder; return it and the verdict."""
    keep = tmp_path_factory.mktemp("verify") / "kept"
    published = published_by(built)
    before = {file: file.stat().st_mtime_ns for file in built.build.rglob("*")}
    with folder_for(built, SEED, keep) as elsewhere:
        agreement = verify(
            elsewhere, published, choose(built, published, []), quiet(), same_text=True
        )
    assert {file: file.stat().st_mtime_ns for file in built.build.rglob("*")} == before
    return keep, agreement


@pytest.fixture
def command(built, recomputed, tmp_path, monkeypatch):
    """Return a function that runs the command on the small book, as published or as given."""
    monkeypatch.setattr(project_module, "Project", lambda: built)

    def run(*options, content=None):
        file = built.site / "numbers.json"
        if content is not None:
            file = tmp_path / "numbers.json"
            file.write_text(content if isinstance(content, str) else json.dumps(content))
        return CliRunner().invoke(
            app, ["verify", str(file), "--keep", str(recomputed[0]), *options]
        )

    return run


@pytest.fixture
def content(built):
    """What was published, to tamper with."""
    return json.loads((built.site / "numbers.json").read_text())


def test_the_same_code_and_seed_print_the_same_numbers(recomputed):
    _, agreement = recomputed
    assert agreement.agrees, agreement.failures
    assert [v.id for v in agreement.verdicts] == ["toy.chance", "toy.exact"]
    assert all(v.same_text for v in agreement.verdicts)
    assert agreement.spread == 0.0


def test_nothing_of_the_build_was_used(built, recomputed):
    """Its outcomes were executed in the folder, which holds nothing but them."""
    keep, _ = recomputed
    executed = {folder.name for folder in (keep / "executed").iterdir()}
    assert executed == {"chance", "plain"}
    for name in executed:
        assert not (keep / "executed" / name).samefile(built.executed / name)
    assert not (keep / "html").exists()


def test_agreement_is_exit_code_0_and_a_sentence(command):
    result = command("--strict")
    assert result.exit_code == 0, result.output
    assert result.output.strip().startswith("All 2 numbers agree. Allowed: ")
    assert "executing" not in result.output, "a kept folder is continued"


@pytest.mark.parametrize("part", ["value", "low", "high"])
def test_a_number_moved_by_more_than_its_error_fails_by_name(command, content, part):
    chance = content["numbers"][0]
    error = chance["mcse" if part == "value" else f"mcse_{part}"]
    chance[part] += 3 * error
    assert command(content=content).exit_code == 0
    chance[part] += 4 * error
    result = command("--json", content=content)
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert not answer["agrees"]
    first, second = answer["numbers"]
    assert (first["id"], first["agrees"], second["agrees"]) == ("toy.chance", False, True)
    assert first["reason"].startswith(f"{part} ")
    assert "toy.chance" in command(content=content).output


def test_an_exact_number_that_moved_fails(command, content):
    content["numbers"][1]["value"] = 1501.0
    result = command(content=content)
    assert result.exit_code == 1
    assert "toy.exact" in result.output


def test_a_number_that_is_missing_or_new_fails_by_name(command, content):
    content["numbers"][1]["id"] = "toy.gone"
    answer = json.loads(command("--json", content=content).stdout)
    failed = {n["id"]: n["reason"] for n in answer["numbers"] if not n["agrees"]}
    assert failed == {
        "toy.exact": "not published",
        "toy.gone": "missing: published, but not recomputed",
    }


def test_a_part_is_verified_by_number_or_by_chapter(command, content):
    content["numbers"][0]["value"] = 0.5
    for only in ("plain", "notebooks/plain", "toy.exact"):
        assert command("--only", only, content=content).exit_code == 0
    for only in ("chance", "toy.chance"):
        assert command("--only", only, content=content).exit_code == 1
    result = command("--only", "toy.chanse")
    assert result.exit_code == 1
    assert "no published number or chapter has this name: did you mean toy.chance" in result.stderr


def test_a_number_of_a_chapter_that_is_gone_is_missing(command, content):
    content["numbers"][1]["page"] = "notebooks/gone"
    content["numbers"][1]["id"] = "toy.gone"
    assert "toy.gone" in command(content=content).output
    result = command("--only", "toy.gone", content=content)
    assert "published by notebooks/gone, which this checkout does" in result.stderr


def test_the_log_holds_every_verdict_failures_first(command, content, tmp_path):
    content["numbers"][1]["value"] = 1501.0
    log = tmp_path / "verify.txt"
    assert command("--log", str(log), content=content).exit_code == 1
    sentence, first, second = log.read_text().splitlines()
    assert sentence.startswith("1 of 2 do not agree")
    assert first.startswith("FAILS   toy.exact")
    assert second.startswith("agrees  toy.chance")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not valid JSON"),
        ('{"numbers": []}', "has no list of numbers"),
        ('{"numbers": [{"id": "a", "value": NaN}]}', "NaN is not a number"),
    ],
)
def test_a_malformed_file_is_one_line_and_exit_code_1(command, content, message):
    result = command(content=content)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_told(command, built, tmp_path):
    for address in (tmp_path / "absent.json", tmp_path):
        result = CliRunner().invoke(app, ["verify", str(address)])
        assert result.exit_code == 1
        assert "cannot be read" in result.stderr
    result = CliRunner().invoke(app, ["verify", "http://127.0.0.1:9/numbers.json"])
    assert "cannot be read" in result.stderr


def test_places_are_checked_before_the_work(command, built, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    for option, place, message in (
        ("--keep", other, "holds other files"),
        ("--keep", built.build, "is the build that is to be verified"),
        ("--keep", built.build / "sub", "is the build that is to be verified"),
        ("--keep", other / "thesis.txt", "is not a folder"),
        ("--log", tmp_path / "absent" / "log.txt", "folder that exists"),
        ("--log", other, "folder that exists"),
    ):
        result = CliRunner().invoke(
            app, ["verify", str(built.site / "numbers.json"), option, str(place)]
        )
        assert result.exit_code == 1
        assert message in result.stderr
    assert [file.name for file in other.iterdir()] == ["thesis.txt"]


def test_a_temporary_folder_goes_whatever_happens(built):
    for failure in (KeyboardInterrupt, InputError):
        with pytest.raises(failure), folder_for(built, SEED) as elsewhere:
            assert elsewhere.build.is_dir()
            (elsewhere.build / "part").write_text("")
            raise failure
        assert not elsewhere.build.exists()


@pytest.fixture(scope="module")
def seeded(built, tmp_path_factory):
    """A copy whose draws follow the project's seed, without the site."""
    project = copy_of_minibook(tmp_path_factory.mktemp("seeded") / "book")
    chance = project.notebooks / "chance.md"
    text = chance.read_text()
    text = text[: text.index("```{code-cell} ipython3\ntable =")]
    text = text.replace("draws(1)", 'draws(seed_for("toy"))')
    chance.write_text(
        text.replace("from toy.model", "from analysis.seeds import seed_for\nfrom toy.model")
    )
    return project


def test_another_seed_agrees_and_other_code_does_not(built, seeded, tmp_path):
    """Published with draws of another stream altogether."""
    published = published_by(built)
    wanted = choose(seeded, published, ["toy.chance"])
    with folder_for(seeded, 7, tmp_path / "seven") as elsewhere:
        other = verify(elsewhere, published, wanted, quiet())
        record = json.loads((elsewhere.executed / "chance/records/toy.chance.json").read_text())
    assert other.agrees, other.failures
    assert 0 < other.spread < 3
    drawn = np.random.default_rng(seed_for("toy", 7)).beta(80, 920, size=(4, 1000))
    assert record["seed"] == 7
    assert record["value"] == pytest.approx(np.median(drawn), rel=1e-12)

    module = seeded.root / "toy" / "model.py"
    module.write_text(module.read_text().replace("beta(80, 920", "beta(84, 916"))
    with folder_for(seeded, 7, tmp_path / "seven") as elsewhere:
        changed = verify(elsewhere, published, wanted, quiet())
    assert [v.id for v in changed.failures] == ["toy.chance"]


def test_a_kept_folder_of_another_seed_is_not_taken_over(built, recomputed):
    from analysis.publish.freshness import reasons_to_execute

    elsewhere = replace(built, build=recomputed[0], seed=SEED)
    notebook = built.notebooks / "plain.md"
    assert reasons_to_execute(elsewhere, notebook) == []
    assert reasons_to_execute(replace(elsewhere, seed=7), notebook) == ["seed changed"]


def test_outcomes_from_before_seeds_were_noted_still_stand(built):
    from analysis.publish.freshness import Sidecar, read_sidecar

    sidecar = read_sidecar(built.executed / "plain")
    fields = asdict(sidecar)
    del fields["identity"]["seed"]
    assert Sidecar.from_json(json.dumps(fields)) == sidecar
