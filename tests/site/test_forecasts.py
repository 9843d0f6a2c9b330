"""What was forecast stays forecast: the site shows what was published on the day it names."""

import json

import pytest

from analysis import settings

PUBLISHED = sorted((settings.DATA / "forecasts" / "published").glob("*.json"))
RERUN = 0.1
"""Largest move of a number, in widths of its interval, that another machine may cause."""


def of(content):
    return {(one["year"], one["group"]): one for one in content["forecasts"]}


@pytest.mark.integration
def test_forecasts_are_those_of_their_date(site):
    """A changed model makes new forecasts, which need a new date and a new file in that folder."""
    built = json.loads((site / "forecasts.json").read_text("utf-8"))
    assert PUBLISHED[-1].stem == built["made"]
    published = json.loads(PUBLISHED[-1].read_text("utf-8"))
    assert built["estimand"] == published["estimand"]
    assert of(built).keys() == of(published).keys()
    for key, then in of(published).items():
        now = of(built)[key]
        width, spread_width = then["high"] - then["low"], then["spread_high"] - then["spread_low"]
        for name in ("mean", "low", "high"):
            assert abs(now[name] - then[name]) <= RERUN * width, (key, name)
        for name in ("spread", "spread_low", "spread_high"):
            assert abs(now[name] - then[name]) <= RERUN * spread_width, (key, name)
