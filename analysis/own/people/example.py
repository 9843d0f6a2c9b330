"""An invented population that anyone can make, whose true k and minimum size are known."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.risk.annual_cost import AnnualCost

THRESHOLD = 5_000.0
"""Cost at which the invented tail begins."""

TAIL_SHAPE = 0.35

OLDEST = 94

SEED = 317871870
"""Of the people that everybody gets; not the project's seed, for they are data."""

_ENDLESS = 1e15
"""Largest cost of a tail without an end: nothing is left beyond it."""


@dataclass(frozen=True)
class InventedCosts(AnnualCost):
    """Annual cost of an invented person: none, lognormal up to `THRESHOLD`, or a Pareto beyond.

    Arrays have shape (1, cell): there is one draw, the truth.

    Attributes
    ----------
    use : ndarray
        Probability of any cost.
    exceed : ndarray
        Probability that a cost lies above `THRESHOLD`, given that there is one.
    location, scale : ndarray
        Of the lognormal, which is cut off at `THRESHOLD`.
    tail : TruncatedPareto
        Without an end; `limit` cuts it.
    """

    use: np.ndarray
    exceed: np.ndarray
    location: np.ndarray
    scale: np.ndarray
    tail: TruncatedPareto

    BY_DRAW: ClassVar[tuple[str, ...]] = ("use", "exceed", "location", "scale", "limit")

    @property
    def draws(self) -> int:
        """One: the truth."""
        return 1

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`."""
        return self._limited(amount, 1)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        return self._limited(amount, 2)

    def _limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """Klugman, Panjer & Willmot (2012), Loss Models, appendix A: limited moments."""
        reached = np.minimum(amount, THRESHOLD)
        log_reached = np.log(np.maximum(reached, 1e-300))
        score = (log_reached - self.location) / self.scale
        mass = ndtr((np.log(THRESHOLD) - self.location) / self.scale)
        moment = np.exp(order * self.location + order**2 * self.scale**2 / 2)
        below = moment * ndtr(score - order * self.scale) + reached**order * (mass - ndtr(score))
        above = self.tail.limited(amount, order)
        return self.use * ((1 - self.exceed) * below / mass + self.exceed * above)


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
    generator = np.random.default_rng(SEED if seed is None else seed)
    age, female = drawn_ages(people, generator)
    return pd.DataFrame(
        {
            "person": np.arange(1, people + 1),
            "age": age,
            "sex": np.where(female == 1, "female", "male"),
            "cost": drawn_costs(age, female, generator),
        }
    )


def example_truth(maximum_multiple: float) -> InventedCosts:
    """Return the distribution that the invented costs are drawn from, one cell an age and sex.

    Parameters
    ----------
    maximum_multiple : float
        Largest possible annual cost, in multiples of the mean.
    """
    cell = np.arange(2 * (OLDEST + 1))
    quantities = {name: value[None, :] for name, value in _quantities(cell // 2, cell % 2).items()}
    shape = np.full((1, 1), TAIL_SHAPE)
    unlimited = InventedCosts(
        use=expit(quantities["use"]),
        exceed=expit(quantities["exceed"]),
        location=quantities["location"] + np.log(THRESHOLD),
        scale=np.exp(quantities["log_scale"]),
        tail=TruncatedPareto(
            start=np.full((1, 1), THRESHOLD),
            scale=THRESHOLD * np.exp(quantities["log_tail_scale"]),
            shape=shape,
            largest=np.full((1, 1), _ENDLESS),
        ),
        limit=_ENDLESS,
        share=_shares(),
    )
    return unlimited.limited_at(maximum_multiple * unlimited.population_mean())


def drawn_ages(people: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return age in whole years, and 1 for women, of so many invented people."""
    cell = generator.choice(2 * (OLDEST + 1), size=people, p=_shares())
    return cell // 2, cell % 2


def drawn_costs(age: np.ndarray, female: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return one annual cost a person, to the cent.

    It is drawn by SciPy and not by the formulas of the truth.
    """
    # SciPy's statistics take long to import, which who only asks for the truth is spared.
    from scipy.stats import genpareto, truncnorm

    quantities = _quantities(age, female)
    location, scale = quantities["location"], np.exp(quantities["log_scale"])
    people = len(location)
    body = truncnorm.rvs(
        -np.inf, -location / scale, location, scale, size=people, random_state=generator
    )
    tail_scale = np.exp(quantities["log_tail_scale"])
    excess = genpareto.rvs(TAIL_SHAPE, scale=tail_scale, size=people, random_state=generator)
    in_tail = generator.random(people) < expit(quantities["exceed"])
    cost = THRESHOLD * np.where(in_tail, 1 + excess, np.exp(body))
    return np.round(np.where(generator.random(people) < expit(quantities["use"]), cost, 0.0), 2)


def _shares() -> np.ndarray:
    """Share of people by year of age and sex: as many at each age to 60, then fewer; more women."""
    age, female = np.divmod(np.arange(2 * (OLDEST + 1)), 2)
    weight = np.clip((OLDEST + 1 - age) / 35, 0, 1) * np.where(female & (age > 70), 1.2, 1.0)
    return weight / weight.sum()


def _quantities(age: np.ndarray, female: np.ndarray) -> dict[str, np.ndarray]:
    """What tells the costs of each person, on logit and log scales relative to `THRESHOLD`."""
    older = (age - 40) / 10
    motherhood = (female == 1) & (age >= 18) & (age < 45)
    return {
        "use": 1.0 + 0.25 * older + 0.6 * motherhood,
        "exceed": -2.21 + 0.32 * older + 0.4 * motherhood,
        "location": -2.4 + 0.12 * older,
        "log_scale": np.full(len(age), 0.2),
        "log_tail_scale": -0.2 + 0.05 * older,
    }
