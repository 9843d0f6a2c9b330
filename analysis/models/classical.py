"""Classical cost models from statsmodels, as peers of the Bayesian cost model."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

Predictor = Callable[[pd.DataFrame], np.ndarray]
"""Takes people and returns their expected annual cost, shape (person,)."""


def _formula(outcome: str, factors: Sequence[str]) -> str:
    return f"{outcome} ~ " + " + ".join(f"C({factor})" for factor in factors)


def least_squares(people: pd.DataFrame, factors: Sequence[str], cost: str) -> Predictor:
    """Ordinary least squares of cost on the factors."""
    return smf.ols(_formula(cost, factors), people).fit().predict


def gamma_regression(people: pd.DataFrame, factors: Sequence[str], cost: str) -> Predictor:
    """Generalised linear model: log link, variance proportional to the squared mean.

    Costs of zero are allowed: the estimating equations need only mean and variance (Manning &
    Mullahy 2001, Journal of Health Economics 20:461).
    """
    family = sm.families.Gamma(sm.families.links.Log())
    model = smf.glm(_formula(cost, factors), people, family=family)
    # The gamma deviance is infinite at a cost of zero, so convergence is judged by the parameters.
    return model.fit(tol_criterion="params", tol=1e-8, maxiter=200).predict


def two_part(people: pd.DataFrame, factors: Sequence[str], cost: str) -> Predictor:
    """Logit of any cost, times a gamma regression of positive cost.

    References
    ----------
    Duan, Manning, Morris & Newhouse (1983), Journal of Business & Economic Statistics 1:115.
    """
    with_any_cost = people.assign(any_cost=(people[cost] > 0).astype(float))
    any_cost = smf.logit(_formula("any_cost", factors), with_any_cost).fit(disp=0)
    amount = gamma_regression(people[people[cost] > 0], factors, cost)
    return lambda others: np.asarray(any_cost.predict(others)) * np.asarray(amount(others))


CLASSICAL_MODELS: dict[str, Callable[[pd.DataFrame, Sequence[str], str], Predictor]] = {
    "OLS": least_squares,
    "Gamma GLM": gamma_regression,
    "Two-part": two_part,
}
"""Reader's name and fitting function of each peer."""
