"""Populations whose costs are known, for trying a model that was not made for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import burr12, gengamma, norm

from analysis.evidence.assumptions import assumption
from analysis.evidence.rand_hie import FREE_CARE_PLAN
from analysis.fits.rand_costs import rand_people
from analysis.fits.tail_evidence import RAND
from analysis.risk.tabulated_costs import TabulatedCosts

FACTORS = ("age", "sex")
"""What the budget knows; a shorter formula keeps the first."""

USE = 0.8
"""Share of people with a cost, where a form says only how positive costs are spread."""

MEAN_COST = 1_000.0
SMALLEST_COST = 0.01
"""In the same currency; the smallest coin."""

_STEPS = 40_000
_DEEPEST = 32.0
"""Quantiles are tabulated by minus the log of the probability beyond, up to here."""


@dataclass(frozen=True)
class Truth:
    """A population whose distribution of cost is known.

    Attributes
    ----------
    name : str
    draw : callable
        From a number of people and a generator to a frame of ``cost`` and `FACTORS`.
    costs : TabulatedCosts
        The true distribution, one draw, by cell of the factors.
    own : tuple of str
        Populations of `analysis.fits.tail_evidence` that these people are part of: what they say of
        the tail's shape is left out, since a reader's people are not among them.
    set_apart : bool
        Whether it played no part in any choice about the model, and is only told beside the others.
    """

    name: str
    draw: Callable[[int, np.random.Generator], pd.DataFrame]
    costs: TabulatedCosts
    own: tuple[str, ...] = ()
    set_apart: bool = False


def of_form(
    name: str, quantile: Callable[[np.ndarray], np.ndarray], largest_multiple: float
) -> Truth:
    """Return people whose positive costs follow a form, whatever their age and sex.

    Parameters
    ----------
    quantile : callable
        From the probability beyond, shape (step,), to costs.
    largest_multiple : float
        Nobody costs more than so many times the mean.
    """
    depth = (np.arange(_STEPS) + 0.5) * _DEEPEST / _STEPS
    probability = -np.diff(np.exp(-np.arange(_STEPS + 1) * _DEEPEST / _STEPS))
    free = quantile(np.exp(-depth))
    mean = USE * float(probability @ free)
    cost = np.maximum(MEAN_COST / mean * np.minimum(free, largest_multiple * mean), SMALLEST_COST)
    log_cost = np.log(cost)

    def draw(people: int, generator: np.random.Generator) -> pd.DataFrame:
        positive = np.exp(np.interp(generator.exponential(size=people), depth, log_cost))
        used = generator.random(people) < USE
        labels = {
            "age": generator.integers(0, 5, people).astype(str),
            "sex": generator.integers(0, 2, people).astype(str),
        }
        return pd.DataFrame({"cost": np.where(used, positive, 0.0), **labels})

    points = np.append(0.0, cost)
    shares = np.append(1 - USE, USE * probability / probability.sum())
    costs = TabulatedCosts(
        limit=float(points.max()),
        share=np.ones(1),
        points=points,
        probabilities=shares[None, None, :],
        labels=("everybody",),
    )
    return Truth(name, draw, costs)


def of_people(name: str, people: pd.DataFrame, own: tuple[str, ...] = ()) -> Truth:
    """Return people resampled from real ones, each as likely as another.

    Parameters
    ----------
    people : DataFrame
        ``cost`` and `FACTORS`.
    own : tuple of str
        See `Truth`.
    """
    rows = people[["cost", *FACTORS]].reset_index(drop=True)
    points, position = np.unique(np.append(0.0, rows["cost"]), return_inverse=True)
    cell = rows.groupby(list(FACTORS)).ngroup().to_numpy()
    counts = np.zeros((cell.max() + 1, len(points)))
    np.add.at(counts, (cell, position[1:]), 1.0)
    share = counts.sum(axis=1)
    costs = TabulatedCosts(
        limit=float(points[-1]),
        share=share / share.sum(),
        points=points,
        probabilities=(counts / share[:, None])[None],
        labels=tuple(str(number) for number in range(len(share))),
    )

    def draw(number: int, generator: np.random.Generator) -> pd.DataFrame:
        return rows.iloc[generator.integers(0, len(rows), number)].reset_index(drop=True)

    return Truth(name, draw, costs, own)


def _lognormal(spread: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda beyond: np.exp(spread * norm.isf(beyond))


def _two_lognormals(beyond: np.ndarray) -> np.ndarray:
    """Costs of 95 ordinary people in 100, and of five whose costs are fifty times theirs."""
    log_cost = np.linspace(-8, 20, 20_001)
    survival = 0.95 * norm.sf(log_cost, 0, 1.2) + 0.05 * norm.sf(log_cost, np.log(50), 1.0)
    return np.exp(np.interp(-np.log(beyond), -np.log(np.maximum(survival, 1e-300)), log_cost))


def _hurdle(
    start: float, exceed: float, scale: float, shape: float
) -> Callable[[np.ndarray], np.ndarray]:
    """A lognormal up to a start and a generalised Pareto above it, in units of the mean cost."""

    def quantile(beyond: np.ndarray) -> np.ndarray:
        ceiling = norm.cdf((np.log(start) + 1.2) / 1.55)
        inside = np.clip((1 - beyond) / (1 - exceed), 1e-12, 1.0)
        body = np.exp(-1.2 + 1.55 * norm.ppf(ceiling * inside))
        tail = start + scale / shape * np.expm1(-shape * np.log(np.minimum(beyond / exceed, 1.0)))
        return np.where(beyond < exceed, tail, body)

    return quantile


FORMS: Mapping[str, tuple[Callable[[np.ndarray], np.ndarray], float | None]] = {
    "Lognormal, wide": (_lognormal(1.616), None),
    "Lognormal, narrow": (_lognormal(1.4), None),
    "Lognormal, capped": (_lognormal(1.616), 100.0),
    "Burr": (lambda beyond: burr12.isf(beyond, 0.8, 3.2), None),
    "Generalised gamma": (lambda beyond: gengamma.isf(beyond, 0.5, 0.5), None),
    "Two lognormals": (_two_lognormals, None),
    "Hurdle, early tail": (_hurdle(1.5, 0.18, 1.9, 0.42), None),
    "Hurdle, tail at three means": (_hurdle(3.0, 0.09, 2.7, 0.4), None),
    "Hurdle, late tail": (_hurdle(6.0, 0.04, 4.0, 0.38), None),
}
"""Forms of positive cost, and the largest cost in means where it is not the project's."""

FORMS_SET_APART: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "Weibull": lambda beyond: (-np.log(beyond)) ** 2.5,
    "Lognormal, widest": _lognormal(1.9),
    "Hurdle, heaviest tail": _hurdle(3.0, 0.09, 2.7, 0.6),
}
"""Forms that were added once the model stood."""


def rand_truths() -> list[Truth]:
    """Return RAND's people, those of them whose care was free, and, set apart, the others."""
    people = rand_people()
    age, sex = people["age_sex"].str.split(" ", expand=True).to_numpy().T
    rows = pd.DataFrame({"cost": people["annual_cost_usd"], "age": age, "sex": sex})
    free = people["plan"] == FREE_CARE_PLAN
    sharing = of_people("RAND, cost sharing, resampled", rows[~free], (RAND,))
    return [
        of_people("RAND, resampled", rows, (RAND,)),
        of_people("RAND, free care, resampled", rows[free], (RAND,)),
        replace(sharing, set_apart=True),
    ]


def form_truths() -> list[Truth]:
    """Return people whose costs follow each of `FORMS`, and, set apart, of `FORMS_SET_APART`."""
    usual = assumption("maximum_annual_cost_multiple").value
    chosen = [of_form(name, quantile, most or usual) for name, (quantile, most) in FORMS.items()]
    apart = [of_form(name, quantile, usual) for name, quantile in FORMS_SET_APART.items()]
    return [*chosen, *(replace(truth, set_apart=True) for truth in apart)]
