"""What the chapter's tables list: published figures beside the generator's, and how they pull."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.intervals import interval_columns
from analysis.population.england.cells import EnglandCells
from analysis.population.england.moments import age_sex_variation
from analysis.population.england.parameters import EnglandParameters
from analysis.population.england.person_costs import person_cost_model
from analysis.report.formatting import UNITS, value_text

SCOPES = ("Hospital admissions only", "Admissions and outpatient care", "All secondary care")


def target_text(value: float, unit: str) -> str:
    """Return a published figure in its unit, to the digits in which such figures are compared."""
    if unit.startswith("GBP"):
        return value_text(value, UNITS["GBP"], 1.0)
    if unit in ("percent", "ratio", "R2"):
        return value_text(value, UNITS[unit], {"percent": 0.1, "ratio": 0.01, "R2": 0.0001}[unit])
    return value_text(value, UNITS["probability"], 0.1)


def difference_text(percent: float, decimals: int = 0) -> str:
    """Return a relative difference with its sign: ``+3%``, ``−12%``, ``0``."""
    text = f"{percent:+.{decimals}f}%".replace("-", "−")
    return "0" if text in ("+0%", "−0%") else text


def target_rows(targets: pd.DataFrame, achieved: pd.Series) -> pd.DataFrame:
    """Return the targets with what the generator gives, ``generator``, and how far ``off``, %.

    ``passes`` says whether that is within ``tolerance_percent``.
    """
    off = 100 * (achieved / targets["value"] - 1)
    passes = off.abs() <= targets["tolerance_percent"]
    return targets.assign(generator=achieved, off=off, passes=passes)


def target_texts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `target_rows` as the chapter shows them."""
    roles = {"construction": "by construction", "calibration": "used", "validation": "held out"}
    return pd.DataFrame(
        {
            "Figure": rows["label"],
            "Role": rows["role"].map(roles),
            "Published": list(map(target_text, rows["value"], rows["unit"])),
            "Generator": list(map(target_text, rows["generator"], rows["unit"])),
            "Difference": [f"{off:+.1f}%".replace("-", "−") for off in rows["off"]],
            "Tolerance": [f"{tolerance:g}%" for tolerance in rows["tolerance_percent"]],
            "Result": np.where(rows["passes"], "pass", "fail"),
        }
    )


def implied_variation(
    restored: EnglandCells, published: EnglandCells, parameters: EnglandParameters, r_squared: float
) -> pd.DataFrame:
    """Return the spread between ages and sexes, and the k that follows from R², by scope of care.

    Parameters
    ----------
    restored, published : EnglandCells
        With the oldest people put back, and as in the source.
    r_squared : float
        Share of the differences in hospital cost that age and sex explain.
    """
    spreads = {
        name: [age_sex_variation(cells, mean) for cells, mean in scopes]
        for name, scopes in _scopes(restored, published, parameters).items()
    }
    return pd.DataFrame(
        [
            (name, *pair, *(spread / np.sqrt(r_squared) for spread in pair))
            for name, pair in spreads.items()
        ],
        columns=[
            "Care",
            "Spread between ages and sexes",
            "The same, as in the source",
            "k",
            "k, as in the source",
        ],
    )


def _scopes(
    restored: EnglandCells, published: EnglandCells, parameters: EnglandParameters
) -> dict[str, list[tuple[EnglandCells, np.ndarray]]]:
    """Return both sets of cells with the mean cost of each scope of care."""
    means = [
        (
            (cells, cells.admission),
            (cells, person_cost_model(parameters, cells).hospital_mean),
            (cells, cells.admission + cells.secondary),
        )
        for cells in (restored, published)
    ]
    return {name: list(pair) for name, pair in zip(SCOPES, zip(*means, strict=True), strict=True)}


def k_by_source(draws: Mapping[str, np.ndarray], generated: str) -> list[dict[str, object]]:
    """Return rows ``source``, ``value``, ``low``, ``high`` and whether they are ``generated``.

    Those are whose name ends in `generated`.
    """
    return [
        {
            "source": source,
            **interval_columns("value", k, ends=("low", "high")),
            "generated": source.endswith(generated),
        }
        for source, k in draws.items()
    ]


def parts_of_variance(explained: Mapping[str, float], care: str) -> pd.DataFrame:
    """Return what the differences between people's costs are made of, percent.

    Parameters
    ----------
    explained : mapping
        Share of the variance by what is known of people, as `Moments.explained`.
    """
    additive, lasting = explained["diagnoses_additive"], explained["persistent_need"]
    parts = {
        "Age and sex": explained["age_sex"],
        "+ recorded diagnoses": additive - explained["age_sex"],
        "Lasting need not recorded": lasting - additive,
        "Need of the year": explained["need"] - lasting,
        "Chance": 1 - explained["need"],
    }
    return pd.DataFrame(
        [{"care": care, "part": part, "percent": 100 * share} for part, share in parts.items()]
    )
