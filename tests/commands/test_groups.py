"""The command `groups`: the invented practices, its words, and its JSON."""

import json

import pytest
from typer.testing import CliRunner

from analysis.cli import app

pytestmark = pytest.mark.integration


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("groups") / "practices.csv"
    made = run("example", path, "--kind", "practices", "--groups", "25", "--json")
    true = json.loads(made.stdout)
    assert (true["practices"], true["spread"]) == (25, 0.08)
    return path


def test_the_example_is_the_same_for_the_same_seed(tmp_path):
    files = [tmp_path / f"{name}.csv" for name in "ab"]
    for path in files:
        run("example", path, "--kind", "practices", "--groups", "6", "--seed", "5")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_text().startswith("group,age,sex,people,mean_cost\n")


def test_json_holds_what_the_words_say(file):
    result = run("groups", file, "--tolerance", "3", "--probability", "10", "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    said = json.loads(result.stdout)
    assert said["settings"] == {"tolerance": 0.03, "probability": 0.1}
    assert (said["format"], said["groups"], said["classes"]) == (1, 25, ["age", "sex"])
    assert said["k"][0]["low"] < said["k"][0]["value"] < said["k"][0]["high"]
    words = " ".join(run("groups", file, "--tolerance", "3", "--probability", "10").stdout.split())
    for part in (
        "25 groups of",
        f"is {said['k'][0]['value']:.2f} (",
        "overspend by more than 3% in at most 10% of years",
        "Only 25 groups",
        "were seen; how far larger and smaller ones differ the table does not show",
    ):
        assert part in words, part
    # The normal approximation, within the skewness of costs.
    k, size = said["k"][0]["value"], said["minimum_size"][0]["value"]
    assert size == pytest.approx((1.2816 * k / 0.03) ** 2, rel=0.25)


def test_the_same_table_gives_the_same_answer(file):
    assert run("groups", file, "--json").stdout == run("groups", file, "--json").stdout
