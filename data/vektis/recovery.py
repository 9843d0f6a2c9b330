"""Count how often the model finds k and spread of people who do not exist in Dutch municipalities.

Run `python data/vektis/recovery.py RAW_FOLDER` (ten minutes), then `derive.py`. Every simulated
insured year has a cost of its own, from a capped lognormal with the k of its class; only the means
of cells are shown to the model.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from derive import cells_of, read_rows

from analysis.evidence import vektis
from analysis.evidence.packaging import csv_bytes, to_significant_digits, write_atomically
from analysis.fits.group_priors import group_priors
from analysis.intervals import median_and_interval
from analysis.models.group_means.cells import GroupCells
from analysis.models.group_means.fit import GroupFit, fit_sums
from analysis.models.group_means.scatter import scatter_sums
from analysis.models.group_means.simulate import GroupTruth, simulated_costs
from analysis.seeds import seed_for

TRUTHS = {
    "dearer_care": GroupTruth(),
    "more_patients": GroupTruth(by_need=True),
    "steeper_spread": GroupTruth(exponent=0.3),
    "local_effects": GroupTruth(local=0.1),
}
"""What makes a costly place costly; how spread falls; what a neighbourhood does to one class."""

SMALL = 1_000.0
"""Size at which the spread is looked at beside the reference."""

REPLICATIONS = 50
DRAWS = 2_000
DIGITS = 3


def recovery(raw: Path) -> pd.DataFrame:
    """Return how often intervals hold the truth.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the file of 2015, for the sizes of cells.

    Returns
    -------
    pandas.DataFrame
        One row a truth and quantity.
    """
    seen = cells_of(read_rows(raw), "all_care")
    k = vektis.classes().sort_values(["sex", "age_low"])["k"].to_numpy()
    rows = [one_truth(name, truth, seen, k) for name, truth in TRUTHS.items()]
    return to_significant_digits(pd.concat(rows, ignore_index=True), DIGITS)


def one_truth(name: str, truth: GroupTruth, seen: GroupCells, k: np.ndarray) -> pd.DataFrame:
    """Return one row a quantity.

    Parameters
    ----------
    name : str
        Of the truth.
    truth : GroupTruth
        How costs are made.
    seen : GroupCells
        Sizes of cells and mean costs of classes.
    k : numpy.ndarray
        Of each class.
    """
    true = truths(truth, seen, k)
    found = np.array(
        [replication(f"{name} {number}", truth, seen, k) for number in range(REPLICATIONS)]
    )
    value, low, high = np.moveaxis(found, 1, 0)
    actual = np.array(list(true.values()))
    return pd.DataFrame(
        {
            "truth": name,
            "quantity": list(true),
            "true_value": actual,
            "mean_found": value.mean(axis=0),
            "held": ((low <= actual) & (actual <= high)).sum(axis=0),
            "too_high": (low > actual).sum(axis=0),
            "replications": REPLICATIONS,
        }
    )


def truths(truth: GroupTruth, seen: GroupCells, k: np.ndarray) -> dict[str, float]:
    """Return what should be found, by quantity.

    Parameters
    ----------
    truth : GroupTruth
        How costs are made.
    seen : GroupCells
        Sizes of cells and mean costs of classes.
    k : numpy.ndarray
        Of each class.
    """
    young, old = (float(seen.money_weight(part) @ k**2) for part in range(seen.parts))
    both = float(np.array([young, old]) @ seen.part_weight)
    size = float(np.exp(np.log(seen.people.sum(axis=1)).mean()))
    spreads = [truth.tau * (at / truth.reference) ** -truth.exponent for at in (size, SMALL)]
    named = ("k_all", "k_under_65", "k_over_64", "tau", "tau_of_1000", "exponent")
    return dict(zip(named, (*np.sqrt([both, young, old]), *spreads, truth.exponent), strict=True))


def replication(name: str, truth: GroupTruth, seen: GroupCells, k: np.ndarray) -> np.ndarray:
    """Return median and interval of each quantity from one simulated country.

    Parameters
    ----------
    name : str
        Of the replication.
    truth : GroupTruth
        How costs are made.
    seen : GroupCells
        Sizes of cells and mean costs of classes.
    k : numpy.ndarray
        Of each class.
    """
    generator = np.random.default_rng(seed_for(f"vektis recovery {name}"))
    people = np.round(seen.people).astype(int)
    cost = simulated_costs(people, seen.class_mean, k, truth, generator)
    cells = GroupCells(people.astype(float), cost, seen.band, seen.part)
    fitted = fit_sums(scatter_sums(cells), group_priors(), DRAWS, generator)
    return median_and_interval(quantities(fitted, seen.part_weight), axis=0)


def quantities(fitted: GroupFit, weights: np.ndarray) -> np.ndarray:
    """Return draws of the quantities in the order of `truths`.

    Parameters
    ----------
    fitted : GroupFit
        From one country.
    weights : numpy.ndarray
        What the squared k of each half counts in that of all ages.
    """
    k = np.sqrt(np.column_stack([fitted.squared_k @ weights, fitted.squared_k]))
    spread = fitted.spread
    return np.column_stack([k, spread.tau, spread.at(SMALL), spread.exponent])


if __name__ == "__main__":
    table = recovery(Path(sys.argv[1]))
    write_atomically(Path(__file__).with_name("recovery.csv"), csv_bytes(table))
