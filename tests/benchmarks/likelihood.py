"""The likelihood of cells against that of rows: one hurdle model, 200,000 simulated people.

Both models have the same parameters and priors. The peer gives PyMC one observation a person, as a
model of rows does; ours gives it the sums of three cells.
"""

import time

import numpy as np
import nutpie
import pymc as pm

from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.model import binomial_term, body_term
from analysis.population.cells import risk_cells
from tests.benchmarks.results import Comparison, best_time
from tests.models.simulator import THRESHOLD, Truth, simulate_people

PEOPLE = 200_000
SAMPLING = {"draws": 100, "tune": 150, "chains": 2, "cores": 2, "seed": 1, "progress_bar": False}


def _parameters() -> dict[str, pm.Distribution]:
    priors = {"use": (1.4, 1.5), "location": (-2.0, 1.5), "log_scale": (0.2, 0.5)}
    return {name: pm.Normal(name, *prior, dims="level") for name, prior in priors.items()}


def _cell_model(people, coords) -> pm.Model:
    data = hurdle_data(risk_cells(people, ["level"]))
    with pm.Model(coords=coords) as model:
        p = _parameters()
        pm.Potential("any_cost", binomial_term(data.n_positive, data.n, p["use"]))
        sums = (data.n_positive, data.sum_log_body, data.sum_log_squared_body)
        pm.Potential("amount", body_term(*sums, p["location"], p["log_scale"]))
    return model


def _row_model(people, coords) -> pm.Model:
    level = people["level"].map(coords["level"].index).to_numpy()
    cost = people["annual_cost_usd"].to_numpy()
    positive = cost > 0
    with pm.Model(coords=coords) as model:
        p = _parameters()
        pm.Bernoulli("any_cost", logit_p=p["use"][level], observed=positive.astype(int))
        at = level[positive]
        pm.TruncatedNormal(
            "log_cost",
            p["location"][at],
            pm.math.exp(p["log_scale"][at]),
            upper=0.0,
            observed=np.log(cost[positive] / THRESHOLD),
        )
    return model


def _evaluation(model: pm.Model) -> tuple[float, np.ndarray]:
    """Time one log-density with its gradient, and return both."""
    function = model.logp_dlogp_function(ravel_inputs=True)
    function.set_extra_values({})
    point = np.concatenate([[1.0, 1.2, 2.0], [-2.2, -2.0, -1.8], [0.1, 0.2, 0.1]])

    def evaluate() -> np.ndarray:
        value, gradient = function(point)
        return np.append(gradient, value)

    evaluate()
    return best_time(evaluate)


def _fit(model: pm.Model) -> tuple[float, np.ndarray, np.ndarray]:
    """Time the sampling alone; return posterior means and their Monte Carlo errors."""
    compiled = nutpie.compile_pymc_model(model)
    start = time.perf_counter()
    draws = nutpie.sample(compiled, **SAMPLING)["posterior"].to_dataset()
    seconds = time.perf_counter() - start
    values = np.concatenate(
        [draws[name].to_numpy().reshape(-1, 3) for name in ("use", "location", "log_scale")], axis=1
    )
    # Half the draws are taken to be worth one independent draw each: generous to neither side.
    return seconds, values.mean(axis=0), values.std(axis=0) / np.sqrt(len(values) / 2)


def likelihood_benchmarks() -> list[Comparison]:
    """Compare one evaluation and one short fit at equal draws."""
    truth = Truth(exceed=(1e-12, 1e-12, 1e-12))
    people = simulate_people(PEOPLE, truth, seed=30)
    coords = {"level": list(truth.levels)}
    cells, rows = _cell_model(people, coords), _row_model(people, coords)
    cell_time, cell_values = _evaluation(cells)
    row_time, row_values = _evaluation(rows)
    # The peer's log of the normal distribution function is off by up to 1e-8 a person; ours agrees
    # with SciPy's (tests/models). Elements of the gradient are sums that cancel, so they are judged
    # by the largest of them.
    scale = np.append(np.full(9, np.abs(row_values[:-1]).max()), np.abs(row_values[-1]))
    difference = (np.abs(cell_values - row_values) / scale).max()
    evaluation = Comparison(
        f"Log-density and gradient of a hurdle model, {PEOPLE:,} people",
        "the same model on rows (PyMC)",
        cell_time,
        row_time,
        f"largest relative difference {difference:.0e}, allowed 1e-06",
        bool(difference < 1e-6),
    )
    cell_fit, cell_mean, cell_error = _fit(cells)
    row_fit, row_mean, row_error = _fit(rows)
    score = (np.abs(cell_mean - row_mean) / np.hypot(cell_error, row_error)).max()
    draws = SAMPLING["chains"] * SAMPLING["draws"]
    fit = Comparison(
        f"Sampling {draws} draws of it, compiling apart",
        "the same model on rows (PyMC), same sampler",
        cell_fit,
        row_fit,
        f"posterior means differ by at most {score:.1f} Monte Carlo errors, allowed 4",
        bool(score < 4),
    )
    return [evaluation, fit]
