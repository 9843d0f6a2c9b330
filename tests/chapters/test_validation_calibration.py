"""What is simulated for calibrations has the known parameters; the stored result is honest."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.chapters.validation import calibration_results
from analysis.chapters.validation.calibration_cases import PLAN, case_digest, package_versions
from analysis.chapters.validation.components_rows import simulated_panel, simulated_rates, tables_of
from analysis.chapters.validation.generalised_gamma_calibration import (
    generalised_gamma_case,
    simulated_log_costs,
)
from analysis.evidence.catalogue import table
from analysis.inference.cache import FitCache
from analysis.inference.simulation_based_calibration import calibrate
from analysis.models.savings.moments import moment_table

EULER = 0.5772156649


@pytest.mark.unit
class TestSimulators:
    @pytest.mark.parametrize(
        ("shape", "mean", "sd"),
        [(0.0, 0.0, 1.0), (1.0, -EULER, np.pi / np.sqrt(6)), (-1.0, EULER, np.pi / np.sqrt(6))],
    )
    def test_generalised_gamma_variables_have_known_moments(self, shape, mean, sd):
        """Shape 0 is normal, 1 the log of an exponential, and -1 its mirror image."""
        people = 200_000
        generator = np.random.default_rng(9)
        log_cost = simulated_log_costs(
            np.full(people, 2.0), np.full(people, np.log(3.0)), shape, generator
        )
        standard = (log_cost - 2.0) / 3.0
        assert standard.mean() == pytest.approx(mean, abs=0.012)
        assert standard.std() == pytest.approx(sd, rel=0.01)

    def test_a_small_shape_joins_the_normal_limit(self):
        people = np.zeros(100_000)
        near = simulated_log_costs(people, people, 0.01, np.random.default_rng(9))
        assert near.mean() == pytest.approx(-0.005, abs=0.012)
        assert near.std() == pytest.approx(1.0, rel=0.01)


COMPONENTS = {
    "k_renewed": 2.0, "k_carried": 3.0, "permanent": 1.5, "fading": 2.0, "yearly": 1.0, "kept": 0.7,
    "heaviness": 0.0,
}  # fmt: skip


@pytest.mark.integration
def test_simulated_organisations_have_the_known_covariances():
    """Averaged over forty panels, variances and covariances by lag are those put in."""
    truth = {name: np.array(value) for name, value in COMPONENTS.items()}
    truth["log_year_scale"] = np.zeros(10)
    generator = np.random.default_rng(12)
    panels = [moment_table(*tables_of(simulated_rates(truth, generator))) for _ in range(40)]
    moments = panels[0]
    mean = np.mean([panel["covariance"] for panel in panels], axis=0)
    c = COMPONENTS
    for lag in (0, 1, 4):
        at = (moments["lag"] == lag).to_numpy()
        inverse = moments["inverse_size"][at]
        carried = c["fading"] ** 2 + 1e4 * c["k_carried"] ** 2 * inverse
        expected = c["permanent"] ** 2 + carried * c["kept"] ** lag
        if lag == 0:
            expected = expected + c["yearly"] ** 2 + 1e4 * c["k_renewed"] ** 2 * inverse
        weight = moments["n"][at]
        found = np.average(mean[at], weights=weight)
        assert found == pytest.approx(np.average(expected, weights=weight), rel=0.05)


@pytest.mark.integration
def test_heavy_tails_have_the_known_kurtosis_and_leave_the_covariance():
    """Kurtosis parameter 0.2, 14 degrees of freedom: excess kurtosis 0.6, three times as much."""
    truth = {name: np.array(value) for name, value in COMPONENTS.items()}
    truth |= {"log_year_scale": np.zeros(10), "heaviness": np.array(0.2)}
    generator = np.random.default_rng(13)
    _, people = simulated_panel()
    sd = np.sqrt(1.5**2 + 2.0**2 + 1.0 + 1e4 * (2.0**2 + 3.0**2) / people)
    rates = np.concatenate([simulated_rates(truth, generator) for _ in range(100)])
    standard = (100 * rates / np.tile(sd, 100)[:, None])[np.isfinite(rates)]
    assert standard.std() == pytest.approx(1.0, rel=0.01)
    # Three standard errors, from repeating this with other seeds.
    assert (standard**4).mean() - 3 == pytest.approx(0.6, abs=0.12)


@pytest.mark.unit
def test_organisations_never_return():
    present, people = simulated_panel()
    changes = np.diff(present.astype(int), axis=1, prepend=0)
    assert ((changes == 1).sum(axis=1) == 1).all()
    assert people.min() >= 5_000


@pytest.mark.unit
class TestStoredResult:
    def test_every_planned_model_has_its_run_and_all_its_replications(self):
        runs = table("validation", "runs").set_index("model")
        assert set(runs.index) == set(PLAN)
        for model, planned in PLAN.items():
            rows = calibration_results.replications(model)
            assert runs.loc[model, "replications"] == planned.replications
            assert set(rows["replication"]) == set(range(planned.replications))
            assert rows.groupby("quantity")["rank"].count().eq(planned.replications).all()
            assert rows["rank"].between(0, runs.loc[model, "ranked_draws"]).all()
            assert set(planned.key_quantities) <= set(rows["quantity"])

    def test_a_digest_follows_priors_and_simulator_and_nothing_else(self):
        case = generalised_gamma_case()
        assert case_digest(case) == case_digest(generalised_gamma_case())
        wider = replace(case.priors, shape=(0.0, 1.0))
        assert case_digest(replace(case, priors=wider)) != case_digest(case)
        other = replace(case, simulate=simulated_rates)
        assert case_digest(other) != case_digest(case)
        cores = replace(case.sampler, cores=1)
        assert case_digest(replace(case, sampler=cores)) == case_digest(case)


@pytest.mark.integration
def test_the_stored_ranks_are_what_the_code_gives(tmp_path):
    """The first replications again; only where model and packages are those of the stored run."""
    case = generalised_gamma_case()
    run = table("validation", "runs").set_index("model").loc[case.name]
    if (run["case_digest"], run["packages"]) != (case_digest(case), package_versions()):
        pytest.skip("the model or its packages changed since the stored run: run `make sbc`")
    again = calibrate(case, PLAN[case.name].replications, FitCache(tmp_path), lambda _: range(2))
    stored = calibration_results.replications(case.name).query("replication < 2")
    assert again.replications["truth"].to_numpy() == pytest.approx(stored["truth"], rel=1e-4)
    # Another processor may round otherwise and part two chains, which moves a rank a little.
    assert (again.replications["rank"].to_numpy() - stored["rank"]).abs().max() <= 20
