"""Variance components of savings rates: limits, sampling errors, recovery, the rows' own fit."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.evidence import mssp
from analysis.evidence.mssp_raw import aco_years
from analysis.inference.cache import FitCache
from analysis.inference.fitting import Sampler, fit
from analysis.models.savings.components import (
    REFERENCE_PEOPLE,
    ComponentPriors,
    SpreadComponents,
)
from analysis.models.savings.moments import (
    SIZE_EDGES,
    moment_table,
    point_estimate,
    savings_moments,
)
from analysis.models.savings.rows import ROWS_2013_TO_2024, fit_rows
from analysis.models.savings.size_laws import log_likelihood
from analysis.models.savings.variance_components import variance_components_model
from analysis.settings import INTERVAL
from tests.models.aco_simulator import (
    FLOOR,
    MIXTURE,
    TRUTH,
    Design,
    simulate_rows,
    tables,
)


def inside(posterior, name, truth):
    low, high = posterior[name].quantile([(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return bool(low <= truth <= high)


@pytest.mark.unit
def test_a_huge_organisation_keeps_what_size_does_not_shrink():
    assert TRUTH.covariance(0, 0.0) == pytest.approx(TRUTH.yearly**2)
    assert FLOOR.covariance(0, 0.0) == pytest.approx(
        FLOOR.permanent**2 + FLOOR.fading**2 + FLOOR.yearly**2
    )
    assert FLOOR.covariance(200, 1 / 5_000) == pytest.approx(FLOOR.permanent**2)


@pytest.mark.unit
def test_four_times_the_people_divide_lasting_variance_by_a_power_of_four():
    small, large = (TRUTH.covariance(1, 1 / people) for people in (20_000, 80_000))
    assert small / large == pytest.approx(4**TRUTH.size_exponent)
    assert small == pytest.approx(TRUTH.permanent**2 + TRUTH.fading**2 * TRUTH.kept)


@pytest.mark.unit
@pytest.mark.parametrize("truth", [TRUTH, FLOOR, MIXTURE], ids=["power", "floor", "mixture"])
@pytest.mark.parametrize("lag", [0, 1, 5])
def test_components_at_one_size_covary_there_as_before(truth, lag):
    at_size = truth.at(50_000)
    assert at_size.covariance(lag, 1 / 50_000) == pytest.approx(truth.covariance(lag, 1 / 50_000))
    assert (at_size.k_carried, at_size.size_exponent) == (0, 0)


@pytest.mark.unit
def test_only_the_same_year_shares_what_is_new():
    at_size = TRUTH.at(10_000)
    lasting = at_size.permanent**2 + at_size.fading**2
    new = TRUTH.covariance(0, 1e-4) - lasting
    assert new == pytest.approx(TRUTH.yearly**2 + TRUTH.k_renewed**2)


@pytest.mark.unit
def test_bands_are_pooled_as_the_rows_would_be():
    rows = simulate_rows(30, Design(organisations=300))
    table = moment_table(*tables(rows), edges=(15_000,)).set_index(
        ["earlier_year", "later_year", "band_low"]
    )
    moment = table.loc[(2016, 2016, 0)]
    chosen = rows[(rows["performance_year"] == 2016) & (rows["assigned_beneficiaries"] < 15_000)]
    parts = np.searchsorted(SIZE_EDGES, chosen["assigned_beneficiaries"], side="right")
    within = chosen["savings_rate"] - chosen["savings_rate"].groupby(parts).transform("mean")
    assert moment["n"] == len(chosen)
    assert moment["df"] == len(chosen) - len(np.unique(parts))
    assert moment["covariance"] == pytest.approx(1e4 * (within**2).sum() / moment["df"])
    assert moment["inverse_size"] == pytest.approx((1 / chosen["assigned_beneficiaries"]).mean())


@pytest.mark.unit
def test_committed_tables_give_every_pair_of_years_in_every_band():
    table = moment_table(mssp.cross_section(), mssp.pairs())
    years = table["later_year"].nunique()
    assert len(table) == years * (years + 1) // 2 * (len(SIZE_EDGES) + 1)
    assert table.groupby("lag")["n"].sum().loc[0] == 5_271


@pytest.mark.integration
def test_whitened_errors_are_independent_with_variance_one():
    """The formula for what sums share holds, with groups that come and go and change their size."""
    design = Design(organisations=500)
    names = ["band_low", "earlier_year", "later_year"]
    first = moment_table(*tables(simulate_rows(40, design))).set_index(names)
    whitener = savings_moments(*tables(simulate_rows(40, design))).whitener
    errors = []
    for seed in range(41, 81):
        table = moment_table(*tables(simulate_rows(seed, design))).set_index(names)
        table = table.reindex(first.index)
        lag = table.index.get_level_values("later_year") - table.index.get_level_values(
            "earlier_year"
        )
        errors.append(table["covariance"] - TRUTH.covariance(lag, table["inverse_size"]))
    whitened = np.nan_to_num(np.stack(errors)) @ whitener.T
    assert (whitened**2).mean() == pytest.approx(1.0, abs=0.2)
    together = np.cov(whitened.T)
    assert np.abs(together[np.triu_indices_from(together, 1)]).mean() < 0.2


SEEN = (6_500, 15_000, 40_000)
"""Sizes that every simulated programme has many groups of."""


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    cache = FitCache(tmp_path_factory.mktemp("fits"))
    normal, heavy = Design(organisations=1_500), Design(1_500, degrees_of_freedom=10.0)
    programmes = {
        "normal": (normal, TRUTH),
        "heavy": (heavy, TRUTH),
        "second": (normal, TRUTH),
        "heavy, second": (heavy, TRUTH),
        "floor": (normal, FLOOR),
        "mixture": (normal, MIXTURE),
    }
    sampler = Sampler(chains=2, tune=400, draws=500, target_accept=0.95)
    fits_by_name = {}
    for seed, (name, (design, truth)) in enumerate(programmes.items(), start=50):
        moments = savings_moments(*tables(simulate_rows(seed, design, truth)))
        fits_by_name[name] = fit(
            "components",
            variance_components_model,
            moments,
            ComponentPriors(),
            sampler,
            cache=cache,
            publish=False,
        ).posterior
    return fits_by_name


def lasting(posterior, people):
    """Draws of the standard deviation of lasting differences at one size."""
    return posterior["tau"] * (REFERENCE_PEOPLE / people) ** (posterior["size_exponent"] / 2)


@pytest.mark.integration
def test_known_components_are_found_again(fits):
    """Of 28 intervals of 90 %, fewer than 20 hold the truth once in a thousand times."""
    names = ("k_renewed", "permanent", "fading", "yearly", "kept", "size_exponent")
    truths = {name: getattr(TRUTH, name) for name in names}
    truths |= {"tau": np.hypot(TRUTH.permanent, TRUTH.fading)}
    held = [
        inside(fits[programme], name, truth)
        for programme in ("normal", "heavy", "second", "heavy, second")
        for name, truth in truths.items()
    ]
    assert sum(held) >= 20


@pytest.mark.integration
def test_a_floor_is_told_from_a_power(fits):
    """Its exponent is 0, the end of the range; the true power's interval is far from it."""
    low, high = fits["floor"]["size_exponent"].quantile([0.05, 0.95])
    assert high < 0.25
    assert low < 0.05
    assert float(fits["normal"]["size_exponent"].quantile(0.05)) > 0.25


@pytest.mark.integration
@pytest.mark.parametrize(
    ("programme", "truth"),
    [("normal", TRUTH), ("floor", FLOOR), ("mixture", MIXTURE)],
)
def test_spreads_at_sizes_that_were_seen_are_found_whatever_the_law(fits, programme, truth):
    """The power law stands for a floor beside 1/N only where groups were seen."""
    for people in SEEN:
        at_size = truth.at(people)
        right = np.hypot(at_size.permanent, at_size.fading)
        found = lasting(fits[programme], people)
        assert float(found.median()) == pytest.approx(right, rel=0.08), people


@pytest.mark.integration
def test_sums_prefer_the_law_that_made_them():
    design = Design(organisations=1_500)
    preferred = []
    for seed in range(90, 92):
        power, floor = (
            savings_moments(*tables(simulate_rows(seed, design, truth)))
            for truth in (TRUTH, MIXTURE)
        )
        preferred += [
            log_likelihood(power, "power") - log_likelihood(power, "floor"),
            log_likelihood(floor, "floor") - log_likelihood(floor, "power"),
        ]
    assert np.mean(preferred) > 0.5


@pytest.mark.integration
def test_heavy_tails_are_told_and_widen_intervals(fits):
    """A multivariate t with ten degrees of freedom has the kurtosis parameter 2 / (10 - 4)."""
    assert fits["normal"]["heaviness"].quantile(0.5) < 0.15
    heavy = [posterior for programme, posterior in fits.items() if programme.startswith("heavy")]
    assert any(inside(posterior, "heaviness", 2 / 6) for posterior in heavy)
    assert fits["heavy"]["tau"].std() > fits["normal"]["tau"].std()


@pytest.mark.integration
def test_when_losers_leave_the_spread_is_found_a_little_too_small(fits):
    """A bias, but one that is smaller than half the interval."""
    design = Design(organisations=1_500, leaving_after_loss=0.25)
    estimates = [
        point_estimate(savings_moments(*tables(simulate_rows(seed, design))))
        for seed in range(60, 68)
    ]
    mean = np.mean([np.hypot(components.permanent, components.fading) for components in estimates])
    truth = np.hypot(TRUTH.permanent, TRUTH.fading)
    half_interval = ndtri((1 + INTERVAL) / 2) * float(fits["normal"]["tau"].std())
    assert truth - half_interval < mean < truth


@pytest.mark.integration
def test_rows_and_sums_agree_with_the_truth_and_each_other():
    rows = simulate_rows(60, Design(organisations=700))
    by_rows = fit_rows(rows).set_index("quantity")
    by_sums = point_estimate(savings_moments(*tables(rows)))
    truth = {
        "tau": np.hypot(TRUTH.permanent, TRUTH.fading),
        "size_exponent": TRUTH.size_exponent,
        "kept": TRUTH.kept,
    }
    sums = {
        "tau": np.hypot(by_sums.permanent, by_sums.fading),
        "size_exponent": by_sums.size_exponent,
        "kept": by_sums.kept,
    }
    for name, value in truth.items():
        estimate, error = by_rows.loc[name]
        assert abs(estimate - value) < 3 * error, name
        assert abs(estimate - sums[name]) < 3 * error, name


@pytest.mark.slow
def test_rows_of_the_programme_give_what_the_page_shows(raw_folder):
    estimate = fit_rows(aco_years(raw_folder)).set_index("quantity")
    for name, (published, error) in ROWS_2013_TO_2024.items():
        assert estimate.loc[name, "estimate"] == pytest.approx(published, abs=0.1 * error), name
        assert estimate.loc[name, "standard_error"] == pytest.approx(error, rel=0.1), name


@pytest.mark.unit
def test_sums_of_the_programme_agree_with_its_rows():
    estimate = point_estimate(savings_moments(mssp.cross_section(), mssp.pairs()))
    estimates = {
        "tau": np.hypot(estimate.permanent, estimate.fading),
        "kept": estimate.kept,
        "k_renewed": estimate.k_renewed,
        "size_exponent": estimate.size_exponent,
    }
    for name, (published, error) in ROWS_2013_TO_2024.items():
        assert abs(estimates[name] - published) < 2 * error, name


@pytest.mark.unit
def test_numbers_of_draws_work_like_numbers():
    draws = SpreadComponents(*(np.array([value, value]) for value in vars(TRUTH).values()))
    np.testing.assert_allclose(draws.covariance(1, 1e-4), TRUTH.covariance(1, 1e-4))


@pytest.mark.unit
def test_rows_without_a_size_are_refused():
    rows = simulate_rows(70, Design(organisations=50)).drop(columns="assigned_beneficiaries")
    with pytest.raises(ValueError, match="assigned_beneficiaries"):
        fit_rows(rows)
    with pytest.raises(ValueError, match="savings_rate"):
        fit_rows(pd.DataFrame({"aco": [], "performance_year": [], "assigned_beneficiaries": []}))
