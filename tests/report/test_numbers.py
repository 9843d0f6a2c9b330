"""A recorded number: what is stored, what is refused, and that it is the same every time."""

import json

import numpy as np
import pytest
import xarray as xr
from scipy.signal import lfilter

from analysis.errors import InputError
from analysis.report.monte_carlo import Simulated
from analysis.report.numbers import Record, read_records, record
from analysis.report.summaries import Summary

pytestmark = pytest.mark.unit


def test_median_and_equal_tailed_interval(records, draws, fields):
    number = record("toy.chance", draws, **fields)
    assert (number.low, number.value, number.high) == pytest.approx(
        tuple(np.quantile(draws, [0.05, 0.5, 0.95]))
    )
    assert number.text == "8.0% (90% interval 6.6%–9.4%)"
    assert number.page == "notebooks/toy"
    assert number.anchor == "numbers.html#toy.chance"
    assert number.mcse > 0


def test_xarray_in_any_order_of_dims_is_the_same(records, draws, fields):
    array = xr.DataArray(draws, dims=("chain", "draw")).transpose("draw", "chain")
    assert record("toy.a", array, **fields).text == record("toy.b", draws, **fields).text


def test_an_exact_number_has_no_interval(records, fields):
    number = record("toy.exact", 1500, **{**fields, "unit": "people"})
    assert number.text == "1,500 people"
    assert (number.interval, number.low, number.high, number.mcse) == (None, None, None, None)


def test_infinite_draws_are_no_limit_and_valid_json(records, fields):
    draws = np.r_[np.random.default_rng(2).normal(7e4, 5e3, 900), np.full(100, np.inf)]
    number = record("toy.size", draws, **{**fields, "unit": "people"})
    assert number.high is None
    assert number.interval_text.endswith("to no limit")
    json.loads(number.to_json(), parse_constant=lambda name: pytest.fail(name))


def test_round_trip_and_same_bytes(records, draws, fields):
    number = record("toy.chance", draws, **fields)
    file = records / "toy.chance.json"
    assert Record.from_json(file.read_text()) == number
    before = file.read_bytes()
    record("toy.chance", draws, **fields)
    assert file.read_bytes() == before


def test_autocorrelated_draws_support_fewer_digits(records, draws, fields):
    noise = np.random.default_rng(3).normal(size=(4, 1000))
    sticky = 0.08 + 0.01 * lfilter([1], [1, -0.5], noise, axis=1) / np.sqrt(4 / 3)
    ratio = record("toy.sticky", sticky, **fields).mcse / record("toy.iid", draws, **fields).mcse
    assert 1.3 < ratio < 2.5


def test_draws_worth_too_few_independent_ones_are_refused(records, fields):
    walk = np.random.default_rng(3).normal(size=(4, 1000)).cumsum(axis=1)
    with pytest.raises(InputError, match=r"effective sample size is \d+, below 1000"):
        record("toy.walk", walk, **fields)
    assert not list(records.iterdir())


def test_one_id_with_two_values_is_refused(records, draws, fields):
    record("toy.chance", draws, **fields)
    with pytest.raises(InputError, match=r"toy\.chance was already recorded here as 8\.0%"):
        record("toy.chance", draws * 2, **fields)


def test_one_id_on_two_pages_is_refused(tmp_path, monkeypatch, draws, fields):
    for page in ("one", "two"):
        monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path / page))
        monkeypatch.setenv("TENSUGGESTIONS_PAGE", page)
        record("toy.chance", draws, **fields)
    with pytest.raises(InputError, match="recorded on two pages, one and two"):
        read_records(tmp_path / "one", tmp_path / "two")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Toy Chance"}, "must look like s07"),
        ({"label": " "}, "label must be"),
        ({"grade": "guessed"}, "grade 'guessed' must be one of estimated"),
        ({"suggestion": 11}, "must be None or 1 to 10"),
        ({"unit": "furlongs"}, "unit 'furlongs'"),
        ({"draws": [1.0] * 5}, "5 draws are too few"),
        ({"draws": [1.0] * 200 + [np.nan]}, "1 of the draws are not a number"),
        ({"draws": np.ones((2, 2, 2))}, "shape"),
        ({"draws": xr.DataArray(np.ones((2, 3)), dims=("chain", "pool"))}, "dims must be"),
        ({"flip_point": {"assumption": "k"}}, "flip_point needs exactly"),
        ({"assumptions": "one sentence"}, "must be a list"),
        ({"data": ["nowhere"]}, "data package 'nowhere' was not read here"),
    ],
)
def test_each_wrong_field_is_named(records, draws, fields, change, message):
    given = {"id": "toy.chance", "draws": draws, **fields, **change}
    with pytest.raises(InputError, match=message):
        record(given.pop("id"), given.pop("draws"), **given)
    assert not list(records.iterdir())


def test_display_escapes_what_people_wrote(records, fields):
    number = record("toy.exact", 1, **{**fields, "label": "<b>bold</b>"})
    assert "&lt;b&gt;" in number._repr_html_()
    assert "<b>" not in number._repr_html_()


def test_true_and_false_draws_give_their_share_with_its_error(records, fields):
    happens = np.random.default_rng(4).random((4, 1000)) < 0.3
    number = record("toy.share", happens, **fields)
    assert number.value == happens.mean()
    assert (number.interval, number.low, number.high, number.mcse_low) == (None, None, None, None)
    assert number.mcse == pytest.approx(np.sqrt(0.3 * 0.7 / 4000), rel=0.1)
    assert number.text == f"{round(100 * number.value)}%"


def test_a_share_of_nothing_has_an_error_too(records, fields):
    number = record("toy.never", np.zeros(1000, dtype=bool), **fields)
    assert number.value == 0
    # The 84% upper bound of a share never seen in a thousand draws is about 2 in a thousand.
    assert 0.0003 < number.mcse < 0.002


def test_a_summary_whose_draws_are_gone_is_recorded_as_it_stands(records, fields):
    kept = Summary(4.362, 3.485, 5.207, 0.0005, 0.0005, 0.0005)
    number = record("toy.kept", kept, **fields | {"unit": "percent"}, decimals=1)
    assert (number.value, number.low, number.high) == (4.362, 3.485, 5.207)
    assert number.text == "4.4% (90% interval 3.5%–5.2%)"


def test_a_figure_from_all_draws_is_printed_no_finer_than_its_error(records, fields):
    number = record("toy.best", Simulated(58.7, 1.6), **fields | {"unit": "GBP"})
    assert (number.text, number.interval, number.mcse) == ("£58", None, 1.6)


def test_an_end_within_chance_of_no_limit_is_no_limit(records, fields):
    """The upper end of 90% lies at no limit from 5% infinite draws on; 4.9% cannot tell."""
    generator = np.random.default_rng(5)
    for infinite, limit in ((49, None), (20, pytest.approx(2.0, abs=0.5))):
        draws = np.r_[generator.normal(0, 1, 1000 - infinite), np.full(infinite, np.inf)]
        number = record(f"toy.near{infinite}", generator.permutation(draws), **fields)
        assert number.high == limit


def test_a_raw_fraction_is_refused_and_a_rounded_one_is_not(records, fields):
    exact = {**fields, "unit": "probability"}
    with pytest.raises(InputError, match=r"would print as 32\.8744.*give its decimals"):
        record("toy.raw", 0.328744080549, **exact)
    assert record("toy.rounded", 0.328744080549, decimals=1, **exact).text == "32.9%"
    assert record("toy.tiny", 0.00002, **exact).text == "0.002%"
