"""Quality against savings, and noise of quality by size: likelihood, recovery, guards, raw rows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wishart

from analysis.errors import InputError
from analysis.evidence import mssp
from analysis.evidence.assumptions import assumption
from analysis.evidence.mssp_sums import row_terms
from analysis.inference.cache import FitCache
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.models.quality_and_savings.data import (
    QualitySavingsData,
    QualitySavingsPriors,
    quality_savings_data,
    repeat_design_effect,
)
from analysis.models.quality_and_savings.model import quality_savings_model, scatter_term
from analysis.models.quality_noise.data import (
    QualityNoiseData,
    QualityNoisePriors,
    quality_noise_data,
)
from analysis.models.quality_noise.model import quality_noise_model
from analysis.settings import INTERVAL

SAMPLER = Sampler(chains=2, tune=400, draws=600)
YEARS = tuple(range(2014, 2023))


def ends(draws) -> np.ndarray:
    return np.quantile(draws, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])


def simulated_cells(correlation: float, groups: int = 500, seed: int = 1) -> pd.DataFrame:
    """One cell a year and size, of groups whose score and savings are correlated inside it."""
    generator = np.random.default_rng(seed)
    rows = []
    for year in YEARS:
        for band, shift in enumerate((0.0, 0.03)):
            pair = generator.multivariate_normal(
                [0, 0], [[1, correlation], [correlation, 1]], groups
            )
            rows.append(
                pd.DataFrame(
                    {
                        "performance_year": year,
                        "size_low": band,
                        "savings_rate": 0.02 + shift + 0.05 * pair[:, 0],
                        # Opposite shifts: across the bands the correlation is lower than inside.
                        "quality_score": 0.9 - shift + 0.06 * pair[:, 1],
                        "assigned_beneficiaries": 10_000,
                        "leaves_next_year": 0,
                        "two_sided": False,
                        "minimum_savings_rate": 0.03,
                        "benchmark_usd": 1.0,
                        "savings_usd": 0.0,
                    }
                )
            )
    people = pd.concat(rows, ignore_index=True)
    keys = ["performance_year", "size_low"]
    return pd.concat([people[keys], row_terms(people)], axis=1).groupby(keys).sum().reset_index()


@pytest.mark.unit
def test_sums_give_the_correlation_of_the_rows():
    cells = mssp.cells()
    data = quality_savings_data(cells)
    assert data.years == tuple(range(2014, 2025)), "2013 has no score"
    table = mssp.combine(cells[cells["n_quality"] > 0], by=["performance_year"])
    expected = table["quality_rate_covariance"] / np.sqrt(
        table["quality_variance"] * table["savings_rate_variance"]
    )
    assert data.correlation == pytest.approx(expected.to_numpy())
    assert data.degrees_of_freedom == pytest.approx(table["n_acos"].to_numpy(float) - 1)


@pytest.mark.unit
def test_differences_between_cells_do_not_count_when_cells_are_held_fixed():
    cells = simulated_cells(0.3)
    crude, held = quality_savings_data(cells), quality_savings_data(cells, ["size_low"])
    assert held.correlation == pytest.approx(np.full(9, 0.3), abs=0.12)
    assert (crude.correlation < held.correlation).all()
    assert (crude.degrees_of_freedom - held.degrees_of_freedom == 1).all()


@pytest.mark.unit
def test_a_cell_that_scores_some_groups_only_is_refused():
    cells = simulated_cells(0.0, groups=5)
    cells.loc[3, "n_quality"] -= 1
    with pytest.raises(
        InputError, match="1 cells score some of their groups only, the first in 2015"
    ):
        quality_savings_data(cells)


@pytest.mark.unit
def test_the_likelihood_is_the_density_of_wishart():
    """Differences of log-densities between parameters, so that the constant drops out."""
    freedom, observed = 40.0, 0.25
    scatter = freedom * np.array([[1, observed], [observed, 1]])

    def ours(correlation, log_savings, log_quality):
        return scatter_term(
            *map(np.float64, (freedom, observed, correlation, log_savings, log_quality))
        ).eval()

    def theirs(correlation, log_savings, log_quality):
        sd = np.exp([log_savings, log_quality])
        scale = np.array([[1, correlation], [correlation, 1]]) * np.outer(sd, sd)
        return wishart.logpdf(scatter, freedom, scale)

    base, other = (0.1, 0.0, 0.0), (-0.4, 0.3, -0.2)
    assert ours(*other) - ours(*base) == pytest.approx(theirs(*other) - theirs(*base))


@pytest.mark.unit
def test_repeated_groups_count_for_less():
    cells, pairs = mssp.cells(), mssp.pairs()
    scored = cells[cells["n_quality"] > 0].groupby("performance_year")["n_quality"].sum()
    assert repeat_design_effect(pairs, scored, 0.0) == 1
    weak, strong = (repeat_design_effect(pairs, scored, value) for value in (0.25, 0.5))
    assert 1 < weak < strong < len(YEARS)
    assert strong - 1 == pytest.approx(2 * (weak - 1))


@pytest.mark.unit
def test_the_frozen_cells_and_the_raw_rows_agree(raw_folder: Path):
    """The assumed persistence of scores lies in its range on the rows, which are not kept."""
    from analysis.evidence.mssp_raw import aco_years

    rows = aco_years(raw_folder).dropna(subset=["quality_score"])
    by_year = rows.groupby("performance_year")[["quality_score", "savings_rate"]]
    expected = by_year.corr().xs("quality_score", level=1)["savings_rate"]
    assert quality_savings_data(mssp.cells()).correlation == pytest.approx(expected.to_numpy())
    ranked = by_year.corr(method="spearman").xs("quality_score", level=1)["savings_rate"]
    assert 0 < ranked.mean() < expected.mean(), "the chapter says that ranks are tied less"
    persistent = rows.pivot_table(
        index="aco", columns="performance_year", values="quality_score"
    ).corr()
    mean = persistent.to_numpy()[np.triu_indices(len(persistent), 1)].mean()
    row = assumption("quality_persistence")
    assert row.low < mean < row.high
    assert mean == pytest.approx(row.value, abs=0.05)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> FitCache:
    return FitCache(tmp_path_factory.mktemp("fits"))


@pytest.fixture(scope="module")
def correlations(cache) -> dict[str, Fit]:
    """Three fits with one compiled model: strong and weak evidence of 0.3, and repeated groups."""
    data = {
        "strong": quality_savings_data(simulated_cells(0.3), ["size_low"]),
        "weak": quality_savings_data(simulated_cells(0.3, groups=12), ["size_low"]),
    }
    data["repeated"] = replace(data["strong"], design_effect=4.0)
    return {
        name: fit(
            "quality",
            quality_savings_model,
            scatter,
            QualitySavingsPriors(),
            SAMPLER,
            cache=cache,
            publish=False,
        )
        for name, scatter in data.items()
    }


@pytest.mark.integration
def test_a_known_correlation_is_found(correlations):
    low, high = ends(correlations["strong"].posterior["mean_correlation"])
    assert low < 0.3 < high
    assert high - low < 0.1


@pytest.mark.integration
def test_less_evidence_says_less(correlations):
    widths = {
        name: np.diff(ends(fitted.posterior["mean_correlation"]))[0]
        for name, fitted in correlations.items()
    }
    assert widths["strong"] < widths["repeated"] < widths["weak"]


@pytest.mark.integration
def test_a_year_not_seen_is_less_certain_than_the_mean_of_years(correlations):
    posterior = correlations["strong"].posterior
    assert np.ptp(ends(posterior["new_year"])) > np.ptp(ends(posterior["mean_correlation"]))


def noisy_bands(half_size: float, true_sd: float = 0.05, seed: int = 2) -> QualityNoiseData:
    """Sample variances of 300 groups in each of ten bands and two years."""
    generator = np.random.default_rng(seed)
    people = np.tile(np.geomspace(4_000, 80_000, 10), 2)
    expected = true_sd**2 * (1 + half_size / people)
    return QualityNoiseData(
        years=(2021, 2022),
        year_idx=np.repeat([0, 1], 10),
        degrees_of_freedom=np.full(20, 300.0),
        variance=expected * generator.chisquare(300, 20) / 300,
        inverse_size=1 / people,
        design_effect=1.0,
    )


@pytest.mark.integration
def test_the_half_size_of_simulated_scores_is_found(cache):
    posteriors = {
        half_size: fit(
            "noise",
            quality_noise_model,
            noisy_bands(half_size),
            QualityNoisePriors(),
            SAMPLER,
            cache=cache,
            publish=False,
        ).posterior
        for half_size in (10_000.0, 1.0)
    }
    low, high = ends(posteriors[10_000.0]["half_size"])
    assert low < 10_000 < high < 3 * low
    for year in range(2):
        low, high = ends(posteriors[10_000.0]["true_sd"][:, :, year])
        assert low < 0.05 < high
    assert ends(posteriors[1.0]["half_size"])[1] < 1_000, (
        "no noise that shrinks with size: none found"
    )


@pytest.mark.unit
def test_bands_are_taken_from_the_frozen_table():
    data = quality_noise_data(mssp.cross_section(), [2021, 2022])
    assert len(data.variance) == 20
    assert data.degrees_of_freedom.sum() == 475 + 482 - 20
    assert isinstance(data, QualityNoiseData)
    assert isinstance(quality_savings_data(mssp.cells()), QualitySavingsData)
