"""A forecast is scored as it stood: the score by hand, rivals by hand, and what the page says."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.forecast.cohort_forecast import cohort_forecast
from analysis.chapters.forecast.group_means import PROGRAMME_YEARS, group_means, spread_ratios
from analysis.chapters.forecast.outcomes import outcomes
from analysis.chapters.forecast.rivals import BY_YEAR, carried_forward, year_mean
from analysis.chapters.forecast.scoring import compared, scored
from analysis.evidence import mssp
from analysis.evidence.catalogue import table
from analysis.fits.savings_growth import Programme, fit_growth
from analysis.intervals import median_and_interval, normal_half_width
from analysis.models.growth.cohorts import KnownSpread
from analysis.models.savings.components import SpreadComponents
from analysis.risk.interval_score import interval_score

# What release 0.1.0 knew of the spread between organisations, from 2013 to 2022.
THEN = KnownSpread(
    SpreadComponents(
        k_renewed=1.1871,
        k_carried=3.7463,
        permanent=1.0549,
        fading=2.3948,
        yearly=0.3511,
        kept=0.6831,
    ),
    dict(
        zip(
            range(2013, 2023),
            (1.1076, 0.9652, 1.158, 1.148, 0.9933, 0.8816, 1.0076, 1.0037, 0.9012, 0.89),
            strict=True,
        )
    ),
)


@pytest.fixture(scope="module")
def seen():
    return outcomes(mssp.cells(), mssp.cross_section())


@pytest.fixture(scope="module")
def first():
    published = table("forecasts", "forecasts")
    return published[published["made"] == "2026-11-22"].set_index(["year", "group"])


@pytest.mark.unit
def test_interval_score_by_hand():
    """Gneiting and Raftery (2007), equation 43: width, and 2/alpha times the distance outside."""
    truth, low, high = np.array([1.0, 3.0, -1.0]), np.zeros(3), np.full(3, 2.0)
    np.testing.assert_allclose(interval_score(truth, low, high, 0.9), [2, 22, 22])
    np.testing.assert_allclose(interval_score(truth, low, high, 0.5), [2, 6, 6])


@pytest.mark.unit
def test_interval_score_is_proper():
    """Equation 43 again: its expectation is least at the quantiles, for a standard normal."""
    truth, half = np.random.default_rng(1).standard_normal(200_000), normal_half_width()
    expected = [
        interval_score(truth, np.full_like(truth, -h), np.full_like(truth, h)).mean()
        for h in (0.8 * half, half, 1.2 * half)
    ]
    assert expected[1] == min(expected)
    # 2 phi(z) / (alpha / 2), the expectation at the quantiles, by integration of equation 43.
    exact = 4 / 0.1 * np.exp(-0.5 * half**2) / np.sqrt(2 * np.pi)
    assert expected[1] == pytest.approx(exact, rel=0.01)


@pytest.mark.integration
def test_the_published_forecast_is_computed_again_from_the_years_to_2022(first):
    programme = Programme(mssp.cells(), mssp.cross_section(), THEN)
    fitted = fit_growth(programme, last_year=2022)
    ahead = group_means(cohort_forecast(programme, fitted, 2022, (2023, 2024)))
    for key, (draws, _) in ahead.items():
        then = first.loc[key, ["mean", "low", "high"]].to_numpy(float)
        width = then[2] - then[1]
        np.testing.assert_allclose(median_and_interval(draws), then, atol=0.07 * width)


@pytest.mark.unit
def test_outcomes_are_the_means_and_spreads_of_rows(seen):
    cells = mssp.cells()
    newcomers = cells[(cells["performance_year"] == 2023) & (cells["programme_year"] == 1)]
    n, total = newcomers["n_acos"].sum(), newcomers["savings_rate_sum"].sum()
    squares = newcomers["savings_rate_square_sum"].sum()
    found = seen.loc[(2023, "year 1")]
    assert found["n"] == n
    assert found["mean"] == pytest.approx(100 * total / n)
    assert found["spread"] == pytest.approx(100 * np.sqrt((squares - total**2 / n) / (n - 1)))
    by_size = seen.loc[2024].drop(list(PROGRAMME_YEARS))["n"].sum()
    assert by_size == 476
    assert by_size - seen.loc[(2024, "all"), "n"] == 37  # whose year of entry is not known


def made_up(means: dict[tuple[int, str], float]) -> pd.DataFrame:
    """Outcomes with the same mean for every group of a year but those that are given."""
    groups = [*BY_YEAR, "all"]
    index = pd.MultiIndex.from_product([range(2020, 2025), groups], names=["year", "group"])
    frame = pd.DataFrame({"n": 10, "mean": 0.0, "spread": 1.0}, index)
    for key, mean in means.items():
        frame.loc[key, "mean"] = mean
    return frame


@pytest.mark.unit
def test_rivals_by_hand():
    one = BY_YEAR[0]
    seen = made_up({(2021, one): 3.0, (2022, "all"): 2.0, (2023, "all"): 5.0, (2023, one): 9.0})
    same = carried_forward(seen, 2022, (2023,))
    # Errors one year ahead until 2022: 3 and -3 of one group, 2 of all; the rest are zero.
    error = np.sqrt((9 + 9 + 4) / 12)
    assert same.loc[(2023, "all"), "mean"] == 2.0
    assert same.loc[(2023, one), "high"] == pytest.approx(normal_half_width() * error)
    told = year_mean(seen, 2022, (2023,))
    # From the mean of the year: 3 in 2021; 2 for all five groups in 2022; zero in 2020.
    gap = np.sqrt((9 + 5 * 4) / 15)
    assert told.loc[(2023, one), "mean"] == 5.0
    assert told.loc[(2023, one), "low"] == pytest.approx(5 - normal_half_width() * gap)
    assert "all" not in told.index.get_level_values("group")


@pytest.mark.unit
def test_scores_by_hand():
    seen = made_up({(2023, "all"): 3.0})
    index = pd.MultiIndex.from_tuples([(2023, "all"), (2024, "all")], names=["year", "group"])
    forecast = pd.DataFrame({"mean": [1.0, 0.5], "low": [0.0, -1.0], "high": [2.0, 1.0]}, index)
    beside = scored(forecast, seen)
    assert beside["error"].tolist() == [-2.0, 0.5]
    assert beside["inside"].tolist() == [False, True]
    np.testing.assert_allclose(beside["score"], [22.0, 2.0])
    row = compared({"it": forecast}, seen, ["all"]).loc["it"]
    assert row[["forecasts", "inside", "width"]].tolist() == [2, 0.5, 2.0]
    assert row[["error", "score"]].tolist() == pytest.approx([1.25, 12.0])


@pytest.mark.unit
def test_what_the_page_says_of_the_first_forecast(first, seen):
    beside = scored(first, seen)
    by_year = beside[beside.index.get_level_values("group").isin(PROGRAMME_YEARS)]
    assert by_year["inside"].all()
    missed = by_year[~by_year["spread_inside"]]
    assert (missed["happened_spread"] < missed["spread_low"]).all()
    assert set(missed.index.get_level_values("group")) == {"year 1", "years 2-3"}
    assert {(2023, "year 1"), (2024, "year 1")} <= set(missed.index)
    same = scored(carried_forward(seen, 2022, (2023, 2024)), seen)
    assert by_year["error"].abs().mean() < same["error"].abs().mean()


@pytest.mark.unit
def test_newcomers_differ_less_than_all_in_every_year_before_the_forecast(seen):
    ratios = spread_ratios(seen, "year 1", 2022)
    assert len(ratios) == 5
    assert (ratios < 0.85).all()
    np.testing.assert_array_equal(spread_ratios(seen, "all", 2024), 1)
