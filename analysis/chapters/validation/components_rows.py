"""Known variance components, put into the savings rates of simulated organisations.

The model of variance components is fitted to sample covariances, with a likelihood that is exact
only for its own idea of how those vary together. Here the truth goes into savings rates,
organisation by organisation, with tails as heavy as the truth says; those become sample covariances
as the real ones did, their dependence is estimated anew, and the fit must find the truth again.
"""

from collections.abc import Mapping
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from analysis.inference.fitting import Sampler
from analysis.inference.simulation_based_calibration import CalibrationCase
from analysis.models.savings.components import PERCENTAGE_POINTS, ComponentPriors, SpreadComponents
from analysis.models.savings.moments import SIZE_EDGES, SavingsMoments, savings_moments
from analysis.models.savings.variance_components import variance_components_model
from analysis.seeds import seed_for

YEARS = np.arange(2013, 2023)
ORGANISATIONS = 600
EXIT_RATE = 0.1
"""Share of organisations that leave each year; none returns, as in the programme."""

MEDIAN_SIZE, SIZE_LOG_SD, SMALLEST = 12_000, 0.7, 5_000
"""Beneficiaries: lognormal above the programme's minimum, near what the committed bands hold."""

QUANTITIES = {
    "k": "k_renewed",
    "tau": "tau",
    "size exponent": "size_exponent",
    "yearly": "yearly",
    "heaviness": "heaviness",
}


@cache
def simulated_panel() -> tuple[np.ndarray, np.ndarray]:
    """Return who takes part in which year, and how large everybody is: the same every time.

    Returns
    -------
    present : ndarray of bool, shape (organisation, year)
    people : ndarray, shape (organisation,)
    """
    generator = np.random.default_rng(seed_for("savings-panel"))
    first = generator.integers(0, len(YEARS) - 2, ORGANISATIONS)
    last = first + generator.geometric(EXIT_RATE, ORGANISATIONS)
    year = np.arange(len(YEARS))
    people = MEDIAN_SIZE * np.exp(SIZE_LOG_SD * generator.normal(size=ORGANISATIONS))
    return (year >= first[:, None]) & (year <= last[:, None]), np.maximum(people, SMALLEST)


def simulated_rates(truth: Mapping[str, np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Return savings rates with known components, multivariate t over the years.

    Parameters
    ----------
    truth : mapping of str to ndarray
        The fields of `SpreadComponents` (0 where one is absent), ``log_year_scale`` by year, and
        ``heaviness``: the
        kurtosis parameter, 2 / (degrees of freedom - 4); 0 is normal.

    Returns
    -------
    ndarray, shape (organisation, year)
        Share of the benchmark; nan in years without the organisation.
    """
    present, people = simulated_panel()
    fields = SpreadComponents.__dataclass_fields__
    components = SpreadComponents(
        **{name: float(truth[name]) if name in truth else 0.0 for name in fields}
    )
    lag = np.abs(np.subtract.outer(YEARS, YEARS))
    covariance = components.covariance(lag, 1 / people[:, None, None])
    scale = np.exp(truth["log_year_scale"])
    covariance = covariance * np.outer(scale, scale)
    # A trace of new variation keeps the factorisation possible where a truth has next to none.
    factor = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(YEARS)))
    rates = np.einsum("oab,ob->oa", factor, generator.normal(size=present.shape))
    if truth["heaviness"] > 0:
        # Muirhead (1982), section 1.6: kurtosis parameter and covariance of a multivariate t.
        freedom = 4 + 2 / float(truth["heaviness"])
        wildness = (freedom - 2) / generator.chisquare(freedom, size=len(people))
        rates = rates * np.sqrt(wildness)[:, None]
    return np.where(present, rates / PERCENTAGE_POINTS, np.nan)


def tables_of(rates: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sample variances and covariances of savings rates, as the committed tables hold them.

    Parameters
    ----------
    rates : ndarray, shape (organisation, year)

    Returns
    -------
    cross_section, pairs : DataFrame
        With the columns that `analysis.models.savings.moments` reads.
    """
    _, people = simulated_panel()
    lower = np.array([0, *SIZE_EDGES])
    band = lower[np.searchsorted(lower, people, side="right") - 1]
    variances, covariances = [], []
    for low in lower:
        members, inverse = rates[band == low], 1 / people[band == low]
        for index, year in enumerate(YEARS):
            present = np.isfinite(members[:, index])
            if present.sum() > 1:
                variance = np.var(members[present, index], ddof=1)
                variances.append((year, low, present.sum(), variance, inverse[present].sum()))
        for earlier, later in combinations(range(len(YEARS)), 2):
            present = np.isfinite(members[:, [earlier, later]]).all(axis=1)
            if present.sum() > 1:
                covariance = np.cov(members[present, earlier], members[present, later])[0, 1]
                years = (YEARS[earlier], YEARS[later])
                row = (*years, low, present.sum(), covariance, inverse[present].sum())
                covariances.append(row)
    cross_section_columns = ["performance_year", "size_low", "n_acos", "savings_rate_variance"]
    pair_columns = ["earlier_year", "later_year", "size_low", "n_pairs", "rate_covariance"]
    return (
        pd.DataFrame(variances, columns=[*cross_section_columns, "inverse_size_sum"]),
        pd.DataFrame(covariances, columns=[*pair_columns, "root_inverse_sizes_sum"]),
    )


def _simulate(truth: Mapping[str, np.ndarray], generator: np.random.Generator) -> SavingsMoments:
    return savings_moments(*tables_of(simulated_rates(truth, generator)))


def _quantities(draws: xr.Dataset) -> Mapping[str, np.ndarray]:
    return {name: draws[variable].to_numpy().ravel() for name, variable in QUANTITIES.items()}


def rows_case() -> CalibrationCase:
    """Return the recovery from simulated organisations.

    Its ranks need not be uniform, because the likelihood is an approximation. What is judged is how
    often the intervals hold the truth.
    """
    generator = np.random.default_rng(seed_for("savings-template"))
    typical = {"k_renewed": 2.0, "permanent": 1.0, "fading": 3.0, "yearly": 1.0}
    others = {"kept": 0.7, "size_exponent": 0.55, "heaviness": 0.0}
    start = {name: np.array(value) for name, value in (typical | others).items()}
    no_scale = {"log_year_scale": np.zeros(len(YEARS))}
    return CalibrationCase(
        name="variance-components-rows",
        builder=variance_components_model,
        priors=ComponentPriors(),
        template=_simulate(start | no_scale, generator),
        simulate=_simulate,
        quantities=_quantities,
        sampler=Sampler(chains=2, tune=400, draws=600, target_accept=0.9),
    )
