"""An invented population that anyone can make, whose true k and minimum size are known."""

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.risk.cost_distribution import CostDistribution

THRESHOLD = 5_000.0
"""Cost at which the invented tail begins."""

TAIL_SHAPE = 0.35

OLDEST = 94

SEED = 317871870
"""Of the people that everybody gets; not the project's seed, for they are data."""


def example_people(people: int, seed: int | None = None) -> pd.DataFrame:
    """Return an invented table of people.

    Parameters
    ----------
    people : int
        At least 1.
    seed : int, optional
        The same seed gives the same people; by default `SEED`.

    Returns
    -------
    DataFrame, one row a person
        ``person``, ``age`` (whole years), ``sex`` and ``cost`` (of one year, in no currency of
        this world).
    """
    # It loads SciPy's statistics, which who only asks for the truth is spared.
    from analysis.models.simulate import simulate_costs

    generator = np.random.default_rng(SEED if seed is None else seed)
    cell = generator.choice(2 * (OLDEST + 1), size=people, p=_shares())
    age, female = cell // 2, cell % 2
    costs = simulate_costs(_quantities(age, female), TAIL_SHAPE, THRESHOLD, generator)
    return pd.DataFrame(
        {
            "person": np.arange(1, people + 1),
            "age": age,
            "sex": np.where(female == 1, "female", "male"),
            "cost": np.round(costs, 2),
        }
    )


def example_truth(maximum_multiple: float) -> CostDistribution:
    """Return the distribution that the invented costs are drawn from.

    Parameters
    ----------
    maximum_multiple : float
        Largest possible annual cost, in multiples of the mean.

    Returns
    -------
    CostDistribution
        One draw; one cell for each year of age and sex.
    """
    cell = np.arange(2 * (OLDEST + 1))
    quantities = {name: value[None, :] for name, value in _quantities(cell // 2, cell % 2).items()}
    unlimited = CostDistribution(
        use=expit(quantities["use"]),
        exceed=expit(quantities["exceed"]),
        location=quantities["location"] + np.log(THRESHOLD),
        scale=np.exp(quantities["log_scale"]),
        tail_scale=THRESHOLD * np.exp(quantities["log_tail_scale"]),
        tail_shape=np.full((1, 1), TAIL_SHAPE),
        threshold=THRESHOLD,
        limit=np.inf,
        share=_shares(),
    )
    return unlimited.limited_at(maximum_multiple * unlimited.population_mean())


def _shares() -> np.ndarray:
    """Share of people by year of age and sex: as many at each age to 60, then fewer; more women."""
    age, female = np.divmod(np.arange(2 * (OLDEST + 1)), 2)
    weight = np.clip((OLDEST + 1 - age) / 35, 0, 1) * np.where(female & (age > 70), 1.2, 1.0)
    return weight / weight.sum()


def _quantities(age: np.ndarray, female: np.ndarray) -> dict[str, np.ndarray]:
    """What the hurdle model says of each person, on its own scales."""
    older = (age - 40) / 10
    motherhood = (female == 1) & (age >= 18) & (age < 45)
    return {
        "use": 1.0 + 0.25 * older + 0.6 * motherhood,
        "exceed": -2.21 + 0.32 * older + 0.4 * motherhood,
        "location": -2.4 + 0.12 * older,
        "log_scale": np.full(len(age), 0.2),
        "log_tail_scale": -0.2 + 0.05 * older,
    }
