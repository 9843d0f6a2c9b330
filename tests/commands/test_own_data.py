"""The commands on a reader's own people: from their table to a report."""

import io
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pypdf
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.own.people.example import example_people
from analysis.population.cell_files import read_cells

pytestmark = pytest.mark.integration


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def said(*arguments):
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A table of invented people, and its cells under odd names."""
    folder = tmp_path_factory.mktemp("own")
    people = example_people(40_000)
    people["sex"] = people["sex"].map({"female": "<b>#panic() $x$ [red]", "male": "m & m"})
    people.to_csv(folder / "people.csv", index=False)
    made = run(
        "cells", folder / "people.csv", "--by", "sex", "--cost", "cost",
        "--out", folder / "cells.parquet",
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    return folder


# ---- describe ------------------------------------------------------------------------------


def written(folder, frame, name="people.csv"):
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def described(folder, frame):
    found = said("describe", written(folder, frame))
    return found, {role["role"]: role for role in found["roles"]}


def test_describe_finds_the_columns_and_says_the_next_command(tmp_path):
    found, roles = described(tmp_path, example_people(3000))
    taken = {role: (roles[role]["column"], roles[role]["sureness"]) for role in roles}
    assert taken == {
        "person": ("person", "sure"),
        "age": ("age", "sure"),
        "sex": ("sex", "sure"),
        "cost": ("cost", "sure"),
    }
    assert found["problems"] == []
    assert found["next"].endswith("--by age,sex --cost cost --person person --out cells.parquet")
    words = run("describe", tmp_path / "people.csv")
    assert "3,000 rows, 4 columns" in words.stdout
    assert "Next: python -m analysis cells" in words.stdout


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        ({"cost": "Total_Spend", "sex": "Gendr", "age": "AGE (years)"}, {"sex": "likely"}),
        ({"cost": "x1", "sex": "x2", "age": "x3", "person": "x4"}, {"cost": "guess"}),
    ],
)
def test_columns_are_found_under_other_names(names, roles, tmp_path):
    people = example_people(3000).rename(columns=names)
    _, found = described(tmp_path, people)
    for role in ("cost", "sex", "age"):
        assert found[role]["column"] == names[role]
    for role, sureness in roles.items():
        assert found[role]["sureness"] == sureness


def test_last_years_cost_is_told_from_this_years_and_gets_bands(tmp_path):
    people = example_people(8000).rename(columns={"cost": "cost_2024"})
    people["cost_2023"] = people["cost_2024"].sample(frac=1, random_state=1).to_numpy()
    found, roles = described(tmp_path, people)
    assert roles["cost"]["column"] == "cost_2024"
    assert roles["prior_cost"]["column"] == "cost_2023"
    assert "--bands cost_2023=0," in found["next"]


PROBLEMS = {
    "negative": (lambda f: f.assign(cost=f["cost"] - 5), "are negative"),
    "missing": (lambda f: f.assign(cost=f["cost"].mask(f.index < 7)), "7 rows are missing"),
    "written": (
        lambda f: f.assign(cost=["£1,234.50", "12 EUR", *f["cost"].astype(str)[2:]]),
        "2 rows are not plain numbers",
    ),
    "infinite": (lambda f: f.assign(cost=f["cost"].mask(f.index == 3, np.inf)), "1 rows are inf"),
    "same": (lambda f: f.assign(cost=3.5), "every cost is the same"),
    "giant": (lambda f: f.assign(cost=f["cost"].mask(f.index == 3, 1e8)), "of all cost"),
    "old": (lambda f: f.assign(age=f["age"].mask(f.index == 3, 150)), "ages run from 0 to 150"),
    "no sex": (lambda f: f.assign(sex=f["sex"].mask(f.index < 5)), "5 rows are missing"),
    "twice": (lambda f: pd.concat([f, f.head(40)]), "40 rows are of people who are there before"),
    "birth": (
        lambda f: f.drop(columns="age").assign(birth_date="1970-01-31"),
        "may hold dates of birth",
    ),
    "no cost": (lambda f: f.drop(columns="cost"), "no column looks like an annual cost"),
    "few": (lambda f: f.head(50), "50 rows are few"),
}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_describe_names_each_problem_with_its_fix(kind, tmp_path):
    change, says = PROBLEMS[kind]
    found, _ = described(tmp_path, change(example_people(2000)))
    problems = [problem for problem in found["problems"] if says in problem["problem"]]
    assert problems, found["problems"]
    assert problems[0]["fix"]
    assert (found["next"] is None) == any(problem["stops"] for problem in found["problems"])


def test_the_next_command_is_safe_to_paste(tmp_path):
    people = example_people(2000).rename(columns={"age": "age; rm -rf $HOME"})
    found, _ = described(tmp_path, people)
    assert "--by 'age; rm -rf $HOME,sex'" in found["next"]


# ---- bands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "options", "first", "number"),
    [
        (2_000, (), "00-17", 5),
        (12_000, (), "00-04", 10),
        (2_000, ("--bands", "age=0,50"), "00-49", 2),
        (2_000, ("--bands", "person=0,1000", "--by", "person"), "1: 0 to under 1,000", 2),
    ],
)
def test_ages_are_put_into_bands(people, options, first, number, tmp_path):
    path, out = written(tmp_path, example_people(people)), tmp_path / "cells.parquet"
    made = said("cells", path, "--by", "age", "--cost", "cost", "--out", out, *options)
    cells, manifest = read_cells(out)
    labels = sorted({*cells.table[cells.factors[0]]} - {"(merged)"})
    assert made["cells_found"] == number
    assert labels[0] == first
    assert manifest["bands"][0]["rule"] == ("given" if options else "automatic")
    assert cells.table["n"].sum() == people


def test_bands_can_be_left_out_and_leave_other_columns_alone(tmp_path):
    frame = example_people(2000).assign(region=lambda f: f["person"] % 50)
    path, out = written(tmp_path, frame), tmp_path / "cells.parquet"
    for by, options in (("region", ()), ("age", ("--bands", "none"))):
        made = said("cells", path, "--by", by, "--cost", "cost", "--out", out, *options)
        assert made["bands"] == []
        assert made["cells_found"] > 40


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ("age", "give COLUMN=LOWER ENDS"),
        ("age=5,3", "increasing"),
        ("age=a,b", "increasing"),
        ("age=0,inf", "finite lower ends"),
        ("cost=0,5", "name this column in --by too"),
        ("age=10,50", "below the first band"),
        ("sex=0,1", "rows are not numbers (such as"),
    ],
)
def test_bad_bands_are_one_clear_line(bands, says, tmp_path):
    path, out = written(tmp_path, example_people(500)), tmp_path / "cells.parquet"
    result = run("cells", path, "--by", "age,sex", "--cost", "cost", "--out", out, "--bands", bands)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.stderr
    assert says in result.stderr
    assert not out.exists()


# ---- fit, size, stop-loss, report ----------------------------------------------------------

SHAPES = {
    "fit": {"format", "cells", "explained", "observed", "warnings"},
    "size": {
        *("format", "cells", "settings", "sizes", "costliest_person", "tolerance_of_any_size"),
        *("own_years", "other_populations", "warnings"),
    },
    "expected": {"format", "cells", "against", "formula", "settings", "actual_expected"},
    "stop-loss": {"format", "cells", "settings", "growth", "group", "stop_loss", "warnings"},
}


def test_json_keeps_its_shape_and_says_the_same_every_time(place):
    for command, keys in SHAPES.items():
        found = said(command, place / "cells.parquet")
        assert set(found) == keys
        assert said(command, place / "cells.parquet") == found


def test_fit_shows_the_costs_themselves_beside_the_model(place):
    words = run("fit", place / "cells.parquet").stdout
    assert "k, adjusted budgets" in words and "of the costs themselves" in words
    seen = {row["measure"]: row for row in said("fit", place / "cells.parquet")["observed"]}
    assert seen["k"]["low"] <= seen["k"]["observed"] <= seen["k"]["high"]


def test_size_follows_its_options(place):
    usual = said("size", place / "cells.parquet")
    assert usual["settings"]["tolerance"] == 0.02
    assert [row["case"] for row in usual["sizes"]] == ["adjusted", "unadjusted", "lasting"]
    assert usual["sizes"][2]["people"] is None, "no size is enough"
    loose = said(
        "size", place / "cells.parquet", "--tolerance", 5, "--probability", 10, "--lasting", 0
    )
    assert loose["sizes"][0]["people"] < usual["sizes"][0]["people"] / 4
    words = run("size", place / "cells.parquet").stdout
    assert "no size is enough" in words and "90% interval" in words


def test_size_says_how_much_one_person_matters_and_what_others_have(place):
    file = place / "cells.parquet"
    found = said("size", file, "--compare", "--people", 5000, "--years", 3)
    one, usual = found["costliest_person"], found["sizes"][0]["people"]
    assert one["share_least"] <= one["share"] <= one["share_most"]
    assert usual / 2 < one["people"] < usual
    assert {row["population"] for row in found["other_populations"]} > {"RAND, 1974-82"}
    assert (found["own_years"]["people"], found["own_years"]["years"]) == (5000, 3)
    weights = {row["measure"]: row["value"] for row in found["own_years"]["credibility"]}
    assert 0 < weights["buhlmann"] < 1 and weights["full"] > 1082
    words = " ".join(run("size", file, "--compare", "--people", 500).stdout.split())
    for told in ("The costliest person brings about", "limited fluctuation", "without long-term"):
        assert told in words


def test_expected_says_whose_budgets_and_what_was_spent(place):
    file = place / "cells.parquet"
    found = said("expected", file, "--against", file)
    assert found["formula"] == ["sex"] and found["against"] == found["cells"]
    assert all(row["ratio"] == pytest.approx(1) for row in found["actual_expected"])
    words = run("expected", file).stdout
    assert "A/E" in words and "Budgets are the same for everybody" in words


def test_stop_loss_of_a_group_in_its_contract_year(place):
    found = said(
        "stop-loss", place / "cells.parquet", "--attachment", 10, "--kept", 0, "--people", 500,
        "--trend", 7, "--years", 2, "--laser", 300_000,
    )  # fmt: skip
    assert found["growth"] == pytest.approx(1.07**2)
    (cover,) = found["stop_loss"]
    assert cover["laser_excess"] == pytest.approx(300_000 - cover["attachment"])
    assert 0 < cover["specific"] < cover["expected"] < cover["most"]
    assert 0 < cover["aggregate_pays"] < 0.5
    today = said("stop-loss", place / "cells.parquet", "--attachment", 10, "--kept", 0)
    # What lies above a fixed amount grows faster than the costs.
    assert cover["specific"] > found["growth"] * today["stop_loss"][0]["premium"]


def test_stop_loss_says_whether_a_person_is_a_head_or_a_year(place, tmp_path):
    people = example_people(3000).assign(months=lambda frame: np.resize([6, 12], len(frame)))
    people.to_csv(tmp_path / "people.csv", index=False)
    out = tmp_path / "cells.parquet"
    made = run(
        "cells", tmp_path / "people.csv", "--by", "sex", "--cost", "cost", "--exposure", "months",
        "--out", out,
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    options = ("--attachment", 10, "--kept", 0, "--people", 500, "--trend", 7)
    words = " ".join(run("stop-loss", out, *options).stdout.split())
    assert "1,000 heads are 750 member-years" in words and "A group of 500" in words
    assert "+7.0% on those of the data" in words
    assert "member-years" not in run("stop-loss", place / "cells.parquet", *options).stdout


def visible(html):
    said = re.sub(r"<details>.*?</details>", " ", html.partition("<main>")[2], flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", said)
    return re.sub(r"\s+", " ", unescape(text))


@pytest.fixture(scope="module")
def reported(place):
    """Return what the report says as JSON; its page and its print are in the same folder."""
    return said("report", place / "cells.parquet", "--out", place / "report.html")


def test_the_report_says_the_same_in_both_forms_and_escapes_what_users_wrote(place, reported):
    page, paper = (place / "report.html").read_text(), (place / "report.pdf").read_bytes()
    assert reported["out"] == [str(place / "report.html"), str(place / "report.pdf")]
    assert "<script" not in page and "<b>#panic" not in page
    assert "&lt;b&gt;#panic() $x$ [red]" in page and "m &amp; m" in page
    reader = pypdf.PdfReader(io.BytesIO(paper))
    assert not re.search(r'(src|href)="(?!data:image/svg)', page), "nothing stands beside it"
    drawn = page.count("<img ")
    assert page.count('alt="') == drawn == page.count("<details>") == len(reader.attachments) > 10
    assert "<pre" in page and "multiple,share_kept,premium" in page
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    print_ = " ".join(page.extract_text() for page in reader.pages)
    numbers = set(re.findall(r"\d[\d,.]*\d", print_.replace("\n", " ")))
    shown = {number.strip(",.") for number in re.findall(r"\d[\d,.]*\d", visible(page))}
    digest = reported["cells"]["source_sha256"]
    missing = {n for n in shown - numbers if n not in print_.replace("\n", "") and n not in digest}
    assert not missing
    people = reported["sizes"][0]["people"]
    assert f"{float(f'{people:.2g}'):,.0f}" in visible(
        page
    ) or f"{float(f'{people:.3g}'):,.0f}" in visible(page)
    assert any("last year's cost" in sentence for sentence in reported["cannot_tell"])
    assert {row["population"] for row in reported["other_populations"]} > {"RAND, 1974-82"}
    assert "not use" not in visible(page) and "Beside other populations" in visible(page)


def test_the_report_is_the_same_every_time(place, reported):
    again = place / "again.html"
    assert run("report", place / "cells.parquet", "--out", again).exit_code == 0
    for first, second in zip(reported["out"], (again, again.with_suffix(".pdf")), strict=True):
        assert Path(first).read_bytes() == second.read_bytes()


FAULTS = {
    "absent": (["size", "none.parquet"], "none.parquet: no such file"),
    "kind": (["size", "people.csv"], "give cells (.parquet), made by `cells`"),
    "no cells": (["fit", "rows.parquet"], "holds no cells"),
    "damaged": (["size", "bad.parquet"], "bad.parquet: "),
    "tolerance": (
        ["size", "cells.parquet", "--tolerance", "0"],
        "tolerance 0: give 0.1 to 50 percent",
    ),
    "nan": (["size", "cells.parquet", "--lasting", "nan"], "lasting nan: give 0 to 50 percent"),
    "probability": (
        ["size", "cells.parquet", "--probability", "60"],
        "probability 60: give 0.1 to 45",
    ),
    "own years": (["size", "cells.parquet", "--years", "3"], "give its size with --people"),
    "no years": (
        ["size", "cells.parquet", "--people", "500", "--years", "0"],
        "--years 0: give more than 0",
    ),
    "nobody": (["size", "cells.parquet", "--people", "0"], "--people 0: give 1 to"),
    "formula": (["expected", "cells.parquet", "--formula", "age"], "are by sex; name one"),
    "twice": (["expected", "cells.parquet", "--formula", "sex,sex"], "once each, or none"),
    "against": (["expected", "cells.parquet", "--against", "none.parquet"], "no such file"),
    "attachment": (["stop-loss", "cells.parquet", "--attachment", "x"], "give numbers with commas"),
    "too high": (["stop-loss", "cells.parquet", "--attachment", "2000"], "below 1000"),
    "kept": (["stop-loss", "cells.parquet", "--kept", "100"], "below 100 percent"),
    "group": (["stop-loss", "cells.parquet", "--people", "9"], "--people 9: give 50 to"),
    "corridor": (
        ["stop-loss", "cells.parquet", "--people", "900", "--corridor", "-5"],
        "--corridor -5: give 0 to 200 percent",
    ),
    "laser": (["stop-loss", "cells.parquet", "--laser", "5000"], "give its size with --people"),
    "trend": (["stop-loss", "cells.parquet", "--trend", "700"], "give -50 to 50 percent a year"),
    "years": (["stop-loss", "cells.parquet", "--years", "-1"], "--years -1: give 0 to 10"),
    "report name": (["report", "cells.parquet", "--out", "report.doc"], "ending in .html or .htm"),
    "folder": (["report", "cells.parquet", "--out", "no/report.html"], "there is no folder no"),
    "example": (["example", "x.csv", "--people", "0"], "--people 0: give 1 to"),
    "example name": (["example", "x.txt"], "ending in .csv"),
    "describe": (["describe", "none.csv"], "none.csv"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_call_is_one_clear_line_and_nothing_is_written(fault, place, monkeypatch):
    monkeypatch.chdir(place)
    pd.DataFrame({"a": [1]}).to_parquet("rows.parquet")
    (place / "bad.parquet").write_bytes(b"no")
    before = {path.name for path in place.iterdir()}
    arguments, says = FAULTS[fault]
    result = run(*arguments)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.output
    assert says in result.stderr
    assert result.stdout == ""
    assert {path.name for path in place.iterdir()} == before


# ---- example, forecast, completion ---------------------------------------------------------


def test_the_example_is_the_same_for_the_same_seed(tmp_path):
    outs = [tmp_path / f"{name}.csv" for name in "abc"]
    for out, seed in zip(outs, (7, 7, 8), strict=True):
        found = said("example", out, "--people", 500, "--seed", seed)
    assert outs[0].read_bytes() == outs[1].read_bytes() != outs[2].read_bytes()
    assert 60_000 < found["people_needed"] < 72_000
    assert list(pd.read_csv(outs[0]).columns) == ["person", "age", "sex", "cost"]


def test_a_forecast_weighs_the_classes(tmp_path):
    file = tmp_path / "classes.csv"
    file.write_text("class,succeeded,started,weight\nweighted,10,100,3\n[red]b,50,100,1\n")
    found = said("forecast", file)
    one, two = found["classes"]
    assert one["low"] < 0.1 < one["high"] and two["low"] < 0.5 < two["high"]
    assert found["weighted"]["value"] == pytest.approx((3 * 0.104 + 0.5) / 4, abs=0.01)
    assert "[red]b" in run("forecast", file).stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("class,succeeded\na,1\n", "column started is not in the table"),
        ("class,succeeded,started\n", "holds no classes"),
        ("class,succeeded,started\na,3,2\n", "line 2: 3 of 2 succeeded"),
        ("class,succeeded,started\na,x,2\n", "line 2, column succeeded: 'x'"),
        ("class,succeeded,started\na,1,2\na,1,2\n", "class 'a' is there twice"),
        ("class,succeeded,started,weight\na,1,2,0\n", "every weight is 0"),
        ("class,succeeded,started\n,1,2\n", "line 2: the class has no name"),
    ],
)
def test_a_bad_table_of_classes_is_one_clear_line(text, says, tmp_path):
    file = tmp_path / "classes.csv"
    file.write_text(text)
    result = run("forecast", file)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert says in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_taught_the_commands(shell):
    code = "from analysis.cli import app; app(prog_name='tensuggestions')"
    asked = {
        "script": {"_TENSUGGESTIONS_COMPLETE": f"source_{shell}"},
        "words": {
            "_TENSUGGESTIONS_COMPLETE": "complete_bash",
            "COMP_WORDS": "tensuggestions s",
            "COMP_CWORD": "1",
        },
    }
    said = {
        name: subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True,
            text=True, check=False,
        ).stdout
        for name, env in asked.items()
    }  # fmt: skip
    assert "_TENSUGGESTIONS_COMPLETE" in said["script"]
    assert {"size", "stop-loss", "serve"} <= set(said["words"].split())


def test_help_is_immediate_because_nothing_heavy_is_imported():
    heavy = "pymc", "pandas", "numpy", "ibis", "matplotlib", "xarray"
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom analysis.cli import app\n"
        "for command in ([], ['describe'], ['report'], ['size'], ['stop-loss'], ['fit']):\n"
        "    assert CliRunner().invoke(app, [*command, '--help']).exit_code == 0\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
