r"""The same variance components, fitted to rows: one savings rate an organisation and year.

For whoever holds the rows. Every organisation's rates are jointly normal with the covariance of
`analysis.models.savings.variance_components`; parameters are those of greatest likelihood, and
their standard errors allow for rows that are not normal (White 1982, Econometrica 50:1, the
sandwich).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import approx_fprime, minimize

from analysis.errors import InputError
from analysis.models.savings.components import PERCENTAGE_POINTS
from analysis.models.savings.moments import SIZE_EDGES
from analysis.models.savings.search_parameters import starting_parameters, unpacked, weak_penalty

ROW_COLUMNS = ("aco", "performance_year", "assigned_beneficiaries", "savings_rate")
"""What `fit_rows` reads."""

QUANTITIES = ("k_renewed", "permanent", "fading", "yearly", "kept", "size_exponent", "tau")
"""What `fit_rows` reports."""

ROWS_2013_TO_2024 = {
    "k_renewed": (1.774, 0.207),
    "kept": (0.734, 0.022),
    "size_exponent": (0.538, 0.061),
    "tau": (3.756, 0.095),
}
"""Estimate and standard error from the 5,271 rows behind `data/mssp`. The rows are not in this
repository, so what `fit_rows` gives for them is kept here; a test repeats it where they are."""

_STEP, _WIDE = 1e-5, 1e-3
"""Steps of numerical first and second derivatives, on the scale of logs."""


@dataclass(frozen=True)
class _Panel:
    """Rows by organisation and year, shape (organisation, year) unless said.

    Where an organisation was not there, `observed` is false, `rate` 0 and `root_inverse` 0.
    """

    rate: np.ndarray
    root_inverse: np.ndarray
    observed: np.ndarray
    lag: np.ndarray


def fit_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Fit the variance components to rows by maximum likelihood.

    Parameters
    ----------
    rows : DataFrame
        `ROW_COLUMNS`, the rate a share of the benchmark; `analysis.evidence.mssp_raw.aco_years`
        returns them.

    Returns
    -------
    DataFrame, one row a quantity
        ``quantity``, ``estimate``, ``standard_error``: the fields of `SpreadComponents` and
        ``tau``, lasting differences at `REFERENCE_PEOPLE`, percentage points.

    Raises
    ------
    InputError
        If a column is missing.
    """
    missing = [name for name in ROW_COLUMNS if name not in rows]
    if missing:
        raise InputError(f"rows: column {missing[0]} is missing; give {', '.join(ROW_COLUMNS)}")
    panel = _panel(rows)
    fit = minimize(
        lambda p: -_log_likelihoods(p, panel).sum() + 0.5 * (weak_penalty(p) ** 2).sum(),
        starting_parameters(panel.observed.shape[1]),
        method="L-BFGS-B",
    )
    values = _quantities(fit.x)
    slopes = approx_fprime(fit.x, _quantities, _STEP)
    errors = np.sqrt(np.diag(slopes @ _sandwich(fit.x, panel) @ slopes.T))
    return pd.DataFrame({"quantity": QUANTITIES, "estimate": values, "standard_error": errors})


def _panel(rows: pd.DataFrame) -> _Panel:
    """Rates around the mean of their year and size band, by organisation and year."""
    size = rows["assigned_beneficiaries"]
    band = np.searchsorted(SIZE_EDGES, size, side="right")
    grouped = rows["savings_rate"].groupby([rows["performance_year"], band])
    centred = PERCENTAGE_POINTS * (rows["savings_rate"] - grouped.transform("mean"))
    table = rows.assign(rate=centred, root=1 / np.sqrt(size))
    wide = table.pivot_table(index="aco", columns="performance_year", values=["rate", "root"])
    years = wide["rate"].columns.to_numpy()
    return _Panel(
        rate=wide["rate"].fillna(0.0).to_numpy(),
        root_inverse=wide["root"].fillna(0.0).to_numpy(),
        observed=wide["rate"].notna().to_numpy(),
        lag=np.abs(np.subtract.outer(years, years)),
    )


def _log_likelihoods(parameters: np.ndarray, panel: _Panel) -> np.ndarray:
    """Log-likelihood of every organisation, without constants, shape (organisation,)."""
    components, scale = unpacked(parameters)
    inverse = panel.root_inverse[:, :, None] * panel.root_inverse[:, None, :]
    both = panel.observed[:, :, None] & panel.observed[:, None, :]
    covariance = components.covariance(panel.lag, inverse) * np.outer(scale, scale)
    # A year not observed gets variance 1 and no covariance, so it adds nothing.
    factor = np.linalg.cholesky(np.where(both, covariance, np.eye(len(panel.lag))))
    whitened = np.linalg.solve(factor, panel.rate[:, :, None])[:, :, 0]
    log_determinant = 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    return -0.5 * (log_determinant + (whitened**2).sum(axis=1))


def _quantities(parameters: np.ndarray) -> np.ndarray:
    components = unpacked(parameters)[0]
    tau = np.hypot(components.permanent, components.fading)
    return np.array([*(getattr(components, name) for name in QUANTITIES[:-1]), tau])


def _sandwich(parameters: np.ndarray, panel: _Panel) -> np.ndarray:
    """Covariance of the estimates that does not rest on normal rows."""

    def slope(p: np.ndarray) -> np.ndarray:
        return -approx_fprime(p, lambda q: _log_likelihoods(q, panel).sum(), _STEP)

    scores = approx_fprime(parameters, lambda p: _log_likelihoods(p, panel), _STEP)
    bread = np.stack(
        [
            (slope(parameters + e) - slope(parameters - e)) / (2 * _WIDE)
            for e in _WIDE * np.eye(len(parameters))
        ]
    )
    penalty = approx_fprime(parameters, weak_penalty, _STEP)
    inverse = np.linalg.inv((bread + bread.T) / 2 + penalty.T @ penalty)
    return inverse @ scores.T @ scores @ inverse
