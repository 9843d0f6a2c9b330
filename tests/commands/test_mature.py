"""The command `mature`: kinds of tables that say the same, its words, and its JSON."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.inference import importance

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Fewer effective draws: enough for tests."""
    monkeypatch.setattr(importance, "ENOUGH", 400.0)


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def said(*arguments):
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("mature") / "groups.csv"
    true = said("example", path, "--kind", "groups", "--groups", "18")
    assert (true["groups"], true["years_to_80pct"]) == (18, 7.0)
    return path


def test_the_example_is_the_same_for_the_same_seed(tmp_path):
    files = [tmp_path / f"{name}.csv" for name in "ab"]
    for path in files:
        said("example", path, "--kind", "groups", "--groups", "10", "--seed", "5")
    assert files[0].read_bytes() == files[1].read_bytes()
    table = pd.read_csv(files[0])
    assert list(table.columns) == ["group", "start_year", "year", "savings_rate", "people"]
    assert table["group"].nunique() == 10


def test_spend_as_parquet_says_the_same_as_rates_as_csv(file, tmp_path):
    table = pd.read_csv(file)
    table["benchmark"] = 2_000.0
    table["spend"] = 2_000 - 20 * table.pop("savings_rate")
    table.columns = [name.upper() for name in table.columns]
    table.sample(frac=1, random_state=1).to_parquet(tmp_path / "groups.parquet")
    one, two = said("mature", file), said("mature", tmp_path / "groups.parquet")
    assert two["gain"] == pytest.approx(one["gain"], rel=1e-3)
    assert one["format"] == 1
    assert one["calendar"] == [-0.8, 0.4]
    assert sum(one["probabilities"].values()) == pytest.approx(1)
    assert {row["groups"] for row in one["curve"][8:]} == {0}
    assert one["exits"]["began"] == 18
    assert any("Only 18 groups" in sentence for sentence in one["cautions"])


def test_the_words_say_what_is_prior_and_what_the_table_cannot_tell(file):
    result = run("mature", file, "--saving", "2.5", "--calendar=-0.1,0.1")
    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "until a mean saving of 2.5% of the benchmark",
        "Probabilities: under 5 years",
        "before the table",
        "9 (not seen)",
        "−0.10 to 0.10 points a year",
        "extrapolation",
        "groups left before the last year",
    ):
        assert words in " ".join(result.stdout.split()), words


def test_a_bad_table_is_one_clear_line(tmp_path):
    (tmp_path / "groups.csv").write_text("group,people\na,1\n")
    result = run("mature", tmp_path / "groups.csv")
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (1, 1, "")
    assert "column years_since_start is not in the table" in result.stderr
