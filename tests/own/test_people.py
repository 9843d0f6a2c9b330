"""The cost model on a reader's own cells: the book's model, sampled without compiling it."""

from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest
from scipy.stats import genpareto

from analysis.errors import InputError
from analysis.inference.cache import FitCache
from analysis.models.contrasts import Contrasts, contrasts
from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.independent_parts import PARTS, posterior_parts
from analysis.models.hurdle.model import SCALES, hurdle_model
from analysis.models.hurdle.part_densities import LARGEST_SHAPE
from analysis.models.hurdle.priors import HurdlePriors
from analysis.own.people.checks import cannot_tell, misfits, observed_variation
from analysis.own.people.example import example_people
from analysis.own.people.files import fit_netcdf, read_fit
from analysis.own.people.fitting import fit_cells, released_data
from analysis.own.people.measures import (
    explained,
    sizes,
    stop_loss_table,
    tolerance_of_any_size,
    true_answers,
)
from analysis.own.people.settings import Settings, default_settings
from analysis.population.cells import risk_cells
from analysis.population.disclosure.release import release_cells
from analysis.population.risk_cells import RiskCells, tail_edges
from analysis.risk.adjustment import explained_share, variation
from analysis.risk.minimum_size import size_with_persistent_differences
from tests.models.simulator import simulate_people

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def simulated():
    people = simulate_people(3000).assign(half=lambda f: np.where(f["person"] % 7 < 3, "x", "y"))
    return risk_cells(people, ("level", "half"))


def parts_of(cells):
    data = hurdle_data(cells)
    return posterior_parts(data, contrasts(data.levels, data.level_names, data.n), HurdlePriors())


def test_the_parts_add_up_to_the_density_of_the_books_model(simulated):
    """Up to a constant: differences between points are compared, in PyMC's own variables."""
    model = hurdle_model(hurdle_data(simulated))
    density = model.compile_logp(mode="FAST_COMPILE")
    parts = parts_of(simulated)
    for part in parts:
        # As the book samples them: the effects on scales in units of their spread.
        part.centred[:, 0] = [name not in SCALES for name in PARTS[part.name]]
    generator, differences = np.random.default_rng(1), []
    for _ in range(3):
        vectors = [part.start() + 0.2 * generator.normal(size=part.size) for part in parts]
        split = [part.split(vector) for part, vector in zip(parts, vectors, strict=True)]
        linear = np.concatenate([both[0] for both in split])
        point = {
            "intercept": linear[:, 0],
            "sampled_effect": linear[:, 1:],
            "spread_log__": np.concatenate([both[1] for both in split]),
            "tail_shape_interval__": np.array(vectors[-1][-1]),
        }
        wanted = {variable.name for variable in model.value_vars}
        ours = sum(part.log_density(v)[0] for part, v in zip(parts, vectors, strict=True))
        theirs = density({name: value for name, value in point.items() if name in wanted})
        differences.append(ours - float(theirs))
    assert np.ptp(differences) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("place", range(4))
def test_slopes_are_those_of_the_density(simulated, place, centred):
    part = parts_of(simulated)[place]
    part.centred[:] = centred
    vector = part.start() + 0.1 * np.random.default_rng(place).normal(size=part.size)
    step = 1e-5
    numeric = [
        (part.log_density(vector + move)[0] - part.log_density(vector - move)[0]) / (2 * step)
        for move in step * np.eye(part.size)
    ]
    slope = part.log_density(vector)[1]
    assert slope == pytest.approx(numeric, rel=1e-5, abs=1e-4 * np.abs(slope).max())


def test_a_sampler_that_reaches_too_far_meets_no_error(simulated):
    for part in parts_of(simulated):
        with np.errstate(all="ignore"):
            for far in (-1e4, 1e4):
                part.log_density(np.full(part.size, far))


def test_joined_bins_count_as_one():
    """A bin that others joined has the probability of all of them."""
    threshold, counts = 100.0, np.zeros((1, 40), np.int64)
    counts[0, 2] = 25
    joined = np.zeros((1, 40), bool)
    joined[0, 3:] = True
    names = ["n", "n_positive", "n_body", "n_tail", "sum_log_body", "sum_log_squared_body"]
    table = pd.DataFrame([["all", 100, 80, 55, 25, 55 * 4.0, 55 * 16.5]], columns=["who", *names])
    cells = RiskCells(table, counts, tail_edges(threshold), ("who",), joined)
    data = released_data(cells)
    tail = posterior_parts(data, _no_contrasts(data), HurdlePriors())[-1]
    vectors = [tail.start(), tail.start() + 0.3]
    from_density = []
    for vector in vectors:
        scale, shape = np.exp(vector[0]), tail.shape(vector)
        beyond = genpareto.logsf(cells.edges[2] / threshold - 1, shape, scale=scale)
        mean, sd = HurdlePriors().log_tail_scale
        prior = -0.5 * ((vector[0] - mean) / sd) ** 2
        mean, sd = HurdlePriors().tail_shape
        prior += -0.5 * ((shape - mean) / sd) ** 2
        part = shape / LARGEST_SHAPE
        from_density.append(25 * beyond + prior + np.log(part) + np.log1p(-part))
    ours = [tail.log_density(vector)[0] for vector in vectors]
    assert np.diff(ours) == pytest.approx(np.diff(from_density), rel=1e-9)


def _no_contrasts(data):
    return Contrasts(np.zeros((len(data.n), 0)), np.zeros((0, 0)), np.zeros(0, bool))


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """100,000 invented people in four groups: too few to learn a spread, so soon fitted."""
    people = example_people(100_000).assign(half=lambda f: (f["age"] // 48).astype(str))
    cells = release_cells(ibis.memtable(people), ["half", "sex"], "cost", 5_000.0).cells
    cache = FitCache(tmp_path_factory.mktemp("cache"))
    said = {"source": "people", "by": ["half", "sex"]}
    first = fit_cells(cells, said, cache=cache)
    again = fit_cells(cells, said, cache=cache)
    assert first.posterior.equals(again.posterior), "the second time it comes from the cache"
    assert first.crossed
    return first


def test_the_sampler_converges(fitted):
    for part in fitted.diagnostics:
        assert not part.misses(), part
    assert len(fitted.diagnostics) == 4


def test_known_truth_is_found_again(fitted):
    """Wide groups make k a little larger than within single years of age, by less than 5 %."""
    found, truth = explained(fitted, default_settings()), true_answers(default_settings())
    for name, true, more in (
        ("mean_cost", truth["mean_cost"], 1.0),
        ("k_unadjusted", truth["k_unadjusted"], 1.0),
        ("k_adjusted", truth["k"], 1.05),
    ):
        value, low, high = found.loc[name]
        width = high - low  # the interval and half as much again on either side
        assert value - width < true * more and true < value + width, (name, value, low, high, true)
        assert width < 0.2 * value


def test_minimum_size_is_that_of_the_books_functions(fitted):
    settings = replace(default_settings(), lasting=0.004)
    found = sizes(fitted, settings).set_index("case")
    k = np.median(variation(fitted.costs(settings.maximum), adjusted=True))
    normal = size_with_persistent_differences(k, 0.0, settings.tolerance, settings.probability)
    assert found.loc["adjusted", "people"] == pytest.approx(float(normal), rel=0.1)
    assert found.loc["adjusted", "low"] < found.loc["adjusted", "people"]
    assert found.loc["lasting", "people"] > found.loc["adjusted", "people"]
    share = np.median(explained_share(fitted.costs(settings.maximum)))
    ratio = found.loc["adjusted", "people"] / found.loc["unadjusted", "people"]
    assert ratio == pytest.approx(1 - share, abs=0.01)
    strict = replace(settings, lasting=0.027)
    assert np.isinf(sizes(fitted, strict).set_index("case").loc["lasting", ["people", "low"]]).all()
    assert tolerance_of_any_size(strict) == pytest.approx(0.0444, abs=1e-4)


def test_cover_lowers_size_and_costs_more_the_lower_it_begins(fitted):
    table = stop_loss_table(fitted, default_settings(), (5, 50), (0.0, 0.5))
    full, half = (table[table["share_kept"] == share] for share in (0.0, 0.5))
    assert full["premium"].is_monotonic_decreasing
    assert full["people"].is_monotonic_increasing
    assert half["premium"].to_numpy() == pytest.approx(full["premium"].to_numpy() / 2)
    assert (half["people"].to_numpy() > full["people"].to_numpy()).all()
    with pytest.raises(InputError, match="above 0"):
        stop_loss_table(fitted, default_settings(), (0.0,))
    with pytest.raises(InputError, match="below 100 percent"):
        stop_loss_table(fitted, default_settings(), (5.0,), (1.0,))


def test_a_file_of_a_fit_is_read_again(fitted, tmp_path):
    file = tmp_path / "fit.nc"
    said = fitted.manifest | {"format": 1, "threshold": fitted.cells.threshold}
    file.write_bytes(fit_netcdf(replace(fitted, manifest=said)))
    back = read_fit(file)
    assert back.posterior.equals(fitted.posterior)
    assert back.diagnostics == fitted.diagnostics
    assert explained(back, default_settings()).equals(explained(fitted, default_settings()))


@pytest.mark.parametrize("content", [b"", b"CDF\x01no", b"\x89HDF\r\n\x1a\n" + bytes(50)])
def test_a_damaged_fit_is_one_clear_line(content, tmp_path):
    file = tmp_path / "fit.nc"
    file.write_bytes(content)
    with pytest.raises(InputError, match="fit.nc"):
        read_fit(file)


def test_checks_agree_with_what_was_released_and_warn_where_not(fitted):
    settings = default_settings()
    found = observed_variation(fitted, settings)
    assert found.loc["mean_cost", "model"] == pytest.approx(
        found.loc["mean_cost", "observed"], rel=0.02
    )
    assert misfits(found) == []
    wrong = found.assign(model=found["model"] * 1.2)
    assert any("20% above" in warning for warning in misfits(wrong))


def test_what_the_data_cannot_tell_follows_the_factors(fitted):
    said = " ".join(cannot_tell(fitted, default_settings()))
    for words in ("last year's cost", "named like health", "named like age", "2.7%", "1,000 times"):
        assert words in said
    knows = replace(
        fitted,
        cells=replace(
            fitted.cells,
            table=fitted.cells.table.rename(columns={"half": "prior_cost", "sex": "age"}),
            factors=("prior_cost", "age"),
        ),
    )
    said = " ".join(cannot_tell(knows, default_settings()))
    assert "last year's cost" not in said and "named like age" not in said


@pytest.mark.parametrize(
    ("name", "value"), [("tolerance", 0.0), ("probability", 0.6), ("lasting", -0.1), ("maximum", 1)]
)
def test_settings_outside_their_range_are_refused(name, value):
    with pytest.raises(InputError, match=f"{name} .*give"):
        Settings(**(vars(default_settings()) | {name: value}))
