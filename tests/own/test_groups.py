"""A reader's own groups: how a table is read, and that known practices are found again."""

import gzip

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.fits.dutch_variation import dutch_group_spread, dutch_k
from analysis.fits.group_priors import group_priors
from analysis.models.group_means.between import GroupSpread
from analysis.models.group_means.fit import fit_sums
from analysis.models.group_means.scatter import scatter_sums
from analysis.own.groups.answer import answer
from analysis.own.groups.classes import arranged
from analysis.own.groups.example import TRUTH, example_practices, true_variation
from analysis.own.groups.measures import size_with_spread
from analysis.own.groups.table import read_group_table
from analysis.own.groups.words import cautions, first_words, k_rows, spread_rows
from analysis.own.people.settings import default_settings

TRUE = true_variation()


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Write a table and read it as the command does."""
    folder = tmp_path_factory.mktemp("groups")

    def read(table):
        file = folder / "practices.csv"
        table.to_csv(file, index=False)
        return read_group_table(file)

    return read


# ---- reading ---------------------------------------------------------------------------------


@pytest.mark.unit
def test_classes_are_put_in_order_of_age_with_neighbours_in_bands():
    ages = ["75-84", "5-14", "0-4", "65-74", "15-64", "85+"]
    order = arranged(sorted((age, sex) for age in ages for sex in "mf"), ("age", "sex"))
    assert [label[0] for label in order.labels[::2]] == [
        *("0-4", "5-14", "15-64", "65-74", "75-84", "85+"),
    ]
    assert order.parts == ("under 65", "65 and over")
    np.testing.assert_array_equal(order.part, [0] * 6 + [1] * 6)
    # Two ages a band; three where one would be alone.
    np.testing.assert_array_equal(order.band, [0] * 6 + [1] * 6)


@pytest.mark.unit
def test_ages_that_straddle_or_are_not_told_leave_one_part():
    straddling = arranged([("0-44",), ("45-74",), ("75+",)], ("age",))
    assert straddling.parts == ("all ages",)
    in_words = arranged([("old",), ("young",)], ("age",))
    assert (in_words.parts, set(in_words.band)) == (("all ages",), {0})
    assert arranged([("f",), ("m",)], ("sex",)).parts == ("all ages",)
    assert arranged([("18-64",), ("0-17",)], ("age",)).parts == ("under 65",)
    assert arranged([()], ()).parts == ("all ages",)


@pytest.mark.unit
def test_total_and_mean_cost_say_the_same_in_any_order_of_rows(reader):
    means = example_practices(12, 1)
    totals = means.assign(total_cost=means["mean_cost"] * means["people"])
    totals = totals.drop(columns="mean_cost").sample(frac=1, random_state=1)
    totals.columns = [name.upper() for name in totals.columns]
    one, two = reader(means), reader(totals)
    np.testing.assert_allclose(one.cells.cost, two.cells.cost)
    np.testing.assert_array_equal(one.cells.people, two.cells.people)
    assert one.parts == two.parts == ("under 65", "65 and over")


@pytest.mark.unit
def test_a_cell_that_is_not_in_the_table_is_no_cell(reader):
    table = example_practices(12, 1)
    kept = table.drop(index=[3, 40])
    cells = reader(kept).cells
    assert (cells.people == 0).sum() == (reader(table).cells.people == 0).sum() + 2


# ---- answers ---------------------------------------------------------------------------------


@pytest.mark.integration
@pytest.mark.parametrize("practices", [12, 60])
def test_known_practices_are_found_as_often_as_intervals_promise(reader, practices):
    inside = []
    for seed in range(7):
        cells = reader(example_practices(practices, seed)).cells
        found = fit_sums(scatter_sums(cells), group_priors(), 1_000, np.random.default_rng(seed))
        draws = (
            np.sqrt(found.squared_k @ cells.part_weight),
            found.spread.at(TRUTH.reference),
            found.spread.exponent,
        )
        for each, true in zip(draws, (TRUE["k"], TRUTH.tau, TRUTH.exponent), strict=True):
            inside.append(np.quantile(each, 0.05) < true < np.quantile(each, 0.95))
    # Of 21 at 90 %, fewer than 16 would be seen about once in a hundred times.
    assert sum(inside) >= 16


@pytest.mark.integration
def test_the_answer_says_for_whom_and_what_it_cannot_tell(reader):
    settings = default_settings()
    told = answer(reader(example_practices(20)), settings)
    assert (told.groups, told.classes) == (20, ["age", "sex"])
    within, flat, young, old = told.k
    assert old["value"] < within["value"] < young["value"]
    assert within["within_classes"] and within["value"] < flat["value"]
    assert told.spread[0]["people"] < told.spread[1]["people"] < told.spread[2]["people"]
    chance, both = told.minimum_size
    assert chance["low"] < chance["value"] < chance["high"]
    assert both["value"] >= chance["value"]
    words = first_words(told, settings)
    assert "20 groups" in words and "within age and sex" in words and "2% in at most 5%" in words
    said = " ".join(cautions(told))
    assert "Only 20 groups" in said and "does not tell age and sex" not in said
    assert [row[:2] for row in k_rows(told)][:2] == [
        ("all ages", "follows age and sex"),
        ("all ages", "the same for all"),
    ]
    assert [row[0] for row in spread_rows(told)] == ["smallest", "middle", "largest"]


@pytest.mark.integration
def test_without_age_and_sex_k_is_what_was_believed_before(reader):
    table = example_practices(40)
    table["total_cost"] = table["mean_cost"] * table["people"]
    whole = table.groupby("group", as_index=False)[["people", "total_cost"]].sum()
    told = table.drop(columns="mean_cost")
    with_classes, without = (answer(reader(each), default_settings()) for each in (told, whole))
    assert without.learned["k"] < 0.25 < with_classes.learned["k"]
    said = " ".join(cautions(without))
    assert "does not tell age and sex" in said and "The table hardly tells k" in said
    assert len(without.k) == 1 and not without.k[0]["within_classes"]
    # What groups differ by does not need the classes.
    assert without.spread[1]["lasting"]["value"] == pytest.approx(
        with_classes.spread[1]["lasting"]["value"], rel=0.35
    )


@pytest.mark.unit
def test_size_grows_with_differences_and_ends_at_what_was_seen():
    def spread(tau, exponent=0.0):
        return GroupSpread(
            np.array([tau]), np.array([exponent]), *(np.zeros(1),) * 2, 10_000.0, 1_000.0, 1e6
        )

    settings, by_chance = default_settings(), np.array([50_000.0])
    none, some, large, steep = (
        float(size_with_spread(by_chance, each, settings)[0])
        for each in (spread(0.0), spread(0.005), spread(0.02), spread(0.02, 0.5))
    )
    room = 0.02 / 1.6449
    assert none == pytest.approx(50_000)
    assert some == pytest.approx(50_000 / (1 - (0.005 / room) ** 2), rel=1e-3)
    assert large == np.inf
    # A spread that falls as chance does adds to it: tau² reference people.
    assert steep == pytest.approx(50_000 + 0.02**2 * 10_000 / room**2, rel=1e-3)


@pytest.mark.unit
def test_fewer_than_five_groups_are_refused(reader):
    with pytest.raises(InputError, match=r"practices\.csv: holds 4 groups; 5 are the fewest"):
        reader(example_practices(4))


@pytest.mark.slow
def test_the_dutch_file_as_a_user_would_give_it_says_what_its_sums_say(reader, raw_folder):
    file = raw_folder / "vektis_2015" / "Vektis_Zvw_2015_gemeente.csv.gz"
    if not file.is_file():
        pytest.skip("the raw folder has no Dutch file")
    with gzip.open(file, "rt", encoding="cp1252") as stream:
        rows = pd.read_csv(stream, sep=";").dropna(subset=["GEMEENTENAAM"])
    low = rows["LEEFTIJDSKLASSE"].str.extract(r"(\d+)", expand=False).astype(int)
    table = pd.DataFrame(
        {
            "group": rows["GEMEENTENAAM"],
            "age": [f"{age}-{age + 4}" if age < 90 else "90+" for age in low],
            "sex": rows["GESLACHT"],
            "people": rows["AANTAL_VERZEKERDEJAREN"],
            "total_cost": rows.filter(like="KOSTEN").sum(axis=1),
        }
    )
    found = answer(reader(table), default_settings())
    k = {(row["ages"], row["within_classes"]): row["value"] for row in found.k}
    for ages, ours in (("all ages", "all"), ("under 65", "under_65"), ("65 and over", "over_64")):
        assert k[ages, True] == pytest.approx(np.median(dutch_k(ours)), rel=0.02)
    assert k["all ages", False] == pytest.approx(
        np.median(dutch_k("all", adjusted=False)), rel=0.02
    )
    spread = dutch_group_spread()
    assert found.spread[1]["lasting"]["value"] == pytest.approx(np.median(spread.tau), rel=0.02)
