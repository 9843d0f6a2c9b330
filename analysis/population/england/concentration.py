"""How concentrated and how persistent generated costs are, from a sample of people."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.population.england.cells import england_cells
from analysis.population.england.generate import generate_england
from analysis.population.england.parameters import EnglandParameters

_COLUMNS = ("age_years", "hospital_cost_gbp", "primary_care_cost_gbp", "annual_cost_gbp")


@dataclass(frozen=True)
class Sample:
    """A sample of generated people.

    Attributes
    ----------
    years : int
        At least 2. More years of the same people say more about persistence than more people.
    """

    people: int = 100_000
    seed: int = 0
    years: int = 8


def top_share(cost: np.ndarray, fraction: float) -> float:
    """Share of all cost that the costliest fraction of people carries.

    Parameters
    ----------
    cost : ndarray, shape (person,)
        At least 0.
    fraction : float
        Between 0 and 1.
    """
    kept = max(round(len(cost) * fraction), 1)
    largest = np.partition(cost, len(cost) - kept)[len(cost) - kept :]
    return float(largest.sum(dtype=float) / cost.sum(dtype=float))


def staying_share(cost: np.ndarray, fraction: float) -> float:
    """Share of the costliest fraction of one year who are in it in another year too.

    Parameters
    ----------
    cost : ndarray, shape (person, year)
        All pairs of years count alike: in the generator they are.
    fraction : float
        Between 0 and 1.
    """
    years = cost.shape[1]
    kept = max(round(cost.size * fraction), 1)
    threshold = np.partition(cost.ravel(), cost.size - kept)[cost.size - kept]
    times = (cost >= threshold).sum(axis=1)
    return float((times * (times - 1)).sum() / (times.sum() * (years - 1)))


def concentration(
    parameters: EnglandParameters, sample: Sample, counted_mean_gbp: float
) -> Mapping[str, float]:
    """Measure the concentration of generated costs.

    Parameters
    ----------
    counted_mean_gbp : float
        Mean cost of what the Health Foundation counted: hospital care, general practice,
        prescribing and pharmacy. It priced hospital care lower than the source used here, so
        hospital cost is given the weight that makes the mean come out.

    Returns
    -------
    mapping of str to float
        Shares of cost, or of people, between 0 and 1. ``all``: all care; ``counted``: what the
        Health Foundation counted; ``patients``: among those with any hospital cost.
    """
    rows = generate_england(sample.people, sample.seed, sample.years, parameters, columns=_COLUMNS)
    hospital, total = (rows[name].to_numpy() for name in ("hospital_cost_gbp", "annual_cost_gbp"))
    practice = rows["primary_care_cost_gbp"].to_numpy() - np.float32(england_cells().flat[0])
    weight = (counted_mean_gbp - practice.mean(dtype=float)) / hospital.mean(dtype=float)
    found = {
        "top5_counted": top_share(practice + np.float32(weight) * hospital, 0.05),
        "top5_all": top_share(total, 0.05),
        "top1_all": top_share(total, 0.01),
        "bottom50_all": 1 - top_share(total, 0.5),
        "top1_stay_all": staying_share(total.reshape(-1, sample.years), 0.01),
        "hospital_use": float((hospital > 0).mean()),
    }
    age = rows["age_years"].to_numpy()
    for group, chosen in {
        "": age >= 0,
        "_65_and_over": age >= 65,
        "_25_and_under": age <= 25,
    }.items():
        cost = hospital[chosen]
        found[f"top1_hospital{group}"] = top_share(cost, 0.01)
        found[f"top1_hospital_patients{group}"] = top_share(cost[cost > 0], 0.01)
    return found


def lorenz_curve(cost: pd.Series | np.ndarray, fractions: np.ndarray) -> np.ndarray:
    """Share of cost carried by the cheapest fractions of people.

    Parameters
    ----------
    cost : Series or ndarray, shape (person,)
    fractions : ndarray
        Between 0 and 1.

    Returns
    -------
    ndarray
        Between 0 and 1, at each fraction.
    """
    ordered = np.sort(np.asarray(cost, float))
    cumulative = np.concatenate([[0.0], np.cumsum(ordered)]) / ordered.sum()
    return np.interp(fractions, np.linspace(0, 1, len(cumulative)), cumulative)
