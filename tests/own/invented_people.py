"""Invented people in cells, and their cost model, as several tests need them."""

import numpy as np
import pandas as pd

from analysis.own.people.example import example_people
from analysis.own.people.fitting import OwnFit, fit_cells
from analysis.population.cells import risk_cells

BANDS = {"00-17": 17, "18-44": 44, "45-64": 64, "65-74": 74, "75+": 200}


def people_in_bands(people: int, seed: int | None = None) -> pd.DataFrame:
    """Return invented people with their ages in bands, as `cells` makes them."""
    drawn = example_people(people, seed)
    drawn["age"] = np.array(list(BANDS))[np.searchsorted(list(BANDS.values()), drawn["age"])]
    return drawn


def fitted_people(
    people: int, by: tuple[str, ...] = ("age", "sex"), seed: int | None = None
) -> OwnFit:
    """Return the cost model of so many invented people."""
    cells = risk_cells(people_in_bands(people, seed).assign(one="all"), by, "cost")
    said = {
        "source": "people", "people": people, "by": list(by), "version": "0", "cells_merged": 0,
        "cells_found": len(cells.table), "fewest_people": 10, "threshold": cells.threshold,
        "source_sha256": "", "cells": len(cells.table),
    }  # fmt: skip
    return fit_cells(cells, said)
