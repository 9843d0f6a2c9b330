"""Derive sums of municipalities and classes of the Dutch insurers' open data; no cell is kept.

Run `python data/vektis/derive.py RAW_FOLDER`, where the folder holds the file of 2015. The table
`recovery` takes ten minutes of simulation; `recovery.py` makes it, and it is kept as it is here.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from local_effects import local_effects

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import (
    main,
    require_columns,
    require_file,
    to_significant_digits,
)
from analysis.evidence.vektis import AGES
from analysis.intervals import interval_columns
from analysis.models.group_means.cells import GroupCells
from analysis.models.group_means.fit import fit_classes
from analysis.models.group_means.priors import GroupPriors
from analysis.models.group_means.scatter import ScatterSums, scatter_sums
from analysis.seeds import seed_for

FOLDER = Path(__file__).resolve().parent

FILE = "Vektis_Zvw_2015_gemeente.csv.gz"
LABELS = {"GESLACHT": "sex", "LEEFTIJDSKLASSE": "age", "GEMEENTENAAM": "municipality"}
COUNTS = {"AANTAL_BSN": "persons", "AANTAL_VERZEKERDEJAREN": "insured_years"}
SEXES = {"M": "male", "V": "female"}

MENTAL_HEALTH = ("SPECIALISTISCHE_GGZ", "GENERALISTISCHE_BASIS_GGZ", "LANGDURIGE_GGZ")
HOSPITAL = ("MEDISCH_SPECIALISTISCHE_ZORG",)
DRUGS = ("FARMACIE",)
GENERAL_PRACTICE = (
    "HUISARTS_INSCHRIJFTARIEF",
    "HUISARTS_CONSULT",
    "HUISARTS_MDZ",
    "HUISARTS_OVERIG",
    "EERSTELIJNS_ONDERSTEUNING",
)
OTHER = (
    *("HULPMIDDELEN", "MONDZORG", "PARAMEDISCHE_ZORG_FYSIOTHERAPIE", "PARAMEDISCHE_ZORG_OVERIG"),
    *("ZIEKENVERVOER_ZITTEND", "ZIEKENVERVOER_LIGGEND", "KRAAMZORG", "VERLOSKUNDIGE_ZORG"),
    *("GRENSOVERSCHRIJDENDE_ZORG", "GERIATRISCHE_REVALIDATIEZORG", "VERPLEGING_EN_VERZORGING"),
    "OVERIG",
)

SCOPES = {
    "all_care": (*HOSPITAL, *DRUGS, *MENTAL_HEALTH, *GENERAL_PRACTICE, *OTHER),
    "without_mental_health": (*HOSPITAL, *DRUGS, *GENERAL_PRACTICE, *OTHER),
    "hospital_and_drugs": (*HOSPITAL, *DRUGS),
    "hospital": HOSPITAL,
    "general_practice": GENERAL_PRACTICE,
}
"""Kinds of care of each scope, as the file names their cost after `KOSTEN_`."""

BAND_STARTS = (0, 10, 20, 30, 40, 50, 65, 75, 85)
"""Ages at which a band begins: about its own mean the cells of a municipality scatter."""

OLD = 65
"""Age from which people count as over 64."""

CLASS_PRIORS = GroupPriors(log_k=(float(np.log(3.0)), 1.0), spread=0.1, steepest=0.6)
"""Of each class on its own: k from 0.6 to 16, a municipality's effect on a class within 20%."""

DRAWS = 4_000

DIGITS = 7
"""Significant digits of what is kept."""

K_DECIMALS = 2
"""Decimals of k of a class, which is simulated."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the file of 2015.

    Returns
    -------
    mapping of str to pandas.DataFrame
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    rows = read_rows(raw)
    cells = {scope: cells_of(rows, scope) for scope in SCOPES}
    persons = matrix(rows, "persons")
    tables = {
        "municipalities": [municipalities(scope, of, persons) for scope, of in cells.items()],
        "classes": [classes(scope, of, persons) for scope, of in cells.items()],
    }
    tables["local_effects"] = [shared_by_sexes(cells["all_care"], tables["classes"][0])]
    rounded = {
        name: to_significant_digits(pd.concat(frames, ignore_index=True), DIGITS)
        for name, frames in tables.items()
    }
    return rounded | {"recovery": pd.read_csv(FOLDER / "recovery.csv")}


def read_rows(raw: Path) -> pd.DataFrame:
    """Read cells by municipality, sex and age, without the row of those too small to be named.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the file.
    """
    file = require_file(raw, FILE)
    # Windows-1252: one municipality has an accent.
    frame = pd.read_csv(file, sep=";", encoding="cp1252")
    costs = [f"KOSTEN_{kind}" for kind in SCOPES["all_care"]]
    frame = require_columns(frame, [*LABELS, *COUNTS, *costs], FILE).rename(
        columns={**LABELS, **COUNTS}
    )
    if unknown := set(frame["sex"].dropna()) - set(SEXES):
        raise EvidenceError(f"{FILE}: sex {sorted(unknown)[0]!r} is not M or V. Use the 2015 file.")
    frame = frame[frame["municipality"].notna()]
    age = frame["age"].str.extract(r"^\s*(\d+)", expand=False).astype(int)
    return frame.assign(age=age, sex=frame["sex"].map(SEXES))


def matrix(rows: pd.DataFrame, value: str | pd.Series) -> pd.DataFrame:
    """Return a value by municipality and class; 0 where a cell is too small to be named.

    Parameters
    ----------
    rows : pandas.DataFrame
        As read.
    value : str or pandas.Series
        A column, or values of the rows.
    """
    named = rows.assign(value=rows[value] if isinstance(value, str) else value)
    wide = named.pivot_table("value", "municipality", ["sex", "age"], "sum")
    return wide.sort_index(axis=1).fillna(0.0)


def cells_of(rows: pd.DataFrame, scope: str) -> GroupCells:
    """Return the cells of one scope of care.

    Parameters
    ----------
    rows : pandas.DataFrame
        As read.
    scope : str
        One of `SCOPES`.
    """
    years = matrix(rows, "insured_years")
    cost = matrix(rows, rows[[f"KOSTEN_{kind}" for kind in SCOPES[scope]]].sum(axis=1))
    age = years.columns.get_level_values("age").to_numpy()
    band = np.searchsorted(BAND_STARTS, age, side="right")
    return GroupCells(years.to_numpy(), cost.to_numpy(), band, (age >= OLD).astype(int))


def municipalities(scope: str, cells: GroupCells, persons: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of each municipality and half of the ages, the largest municipality first.

    Parameters
    ----------
    scope : str
        Name of the scope.
    cells : GroupCells
        Its cells.
    persons : pandas.DataFrame
        By municipality and class.
    """
    sums = scatter_sums(cells)
    number = np.argsort(np.argsort(-cells.people.sum(axis=1), kind="stable")) + 1
    parts = [
        _part(sums, part, ages).assign(
            scope=scope,
            municipality=number,
            ages=ages,
            persons=persons.to_numpy()[:, cells.part == part].sum(axis=1).astype(int),
        )
        for part, ages in enumerate(AGES)
    ]
    first = ["scope", "municipality", "ages", "persons"]
    together = pd.concat(parts).sort_values(["municipality", "ages"], ascending=[True, False])
    return together[[*first, *together.columns.difference(first, sort=False)]]


def _part(sums: ScatterSums, part: int, ages: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "insured_years": sums.people[:, part],
            "cost_euros": sums.cost[:, part],
            "expected_euros": sums.expected[:, part],
            "chance_euros_squared": sums.chance[:, part],
            "scatter": sums.scatter[:, part],
            "scatter_of_chance": sums.scatter_of_chance[:, part],
            "scatter_of_differences": sums.scatter_of_differences[:, part],
        }
    )


def classes(scope: str, cells: GroupCells, persons: pd.DataFrame) -> pd.DataFrame:
    """Return people, mean cost and k of each class.

    Parameters
    ----------
    scope : str
        Name of the scope.
    cells : GroupCells
        Its cells.
    persons : pandas.DataFrame
        By municipality and class.
    """
    labels = persons.columns.to_frame(index=False)
    generator = np.random.default_rng(seed_for(f"vektis classes {scope}"))
    k = np.sqrt(fit_classes(cells, CLASS_PRIORS, DRAWS, generator))
    measured = {name: values.round(K_DECIMALS) for name, values in interval_columns("k", k).items()}
    return pd.DataFrame(
        {
            "scope": scope,
            "sex": labels["sex"],
            "age_low": labels["age"],
            "ages": np.array(AGES)[cells.part],
            "persons": persons.sum().to_numpy().astype(int),
            "insured_years": cells.class_people,
            "mean_cost_euros": cells.class_mean,
            **measured,
        }
    )


def shared_by_sexes(cells: GroupCells, known: pd.DataFrame) -> pd.DataFrame:
    """Return what local effects add to squared k of all care, one row a half of the ages.

    Parameters
    ----------
    cells : GroupCells
        Of all care.
    known : pandas.DataFrame
        Their classes, with k.
    """
    labels = known[["sex", "age_low"]].rename(columns={"age_low": "age"})
    squared_k = [
        cells.money_weight(part) @ known["k"].to_numpy() ** 2 for part in range(cells.parts)
    ]
    found = local_effects(cells, labels, np.array(squared_k)).round(K_DECIMALS)
    found.insert(0, "ages", AGES)
    return found


if __name__ == "__main__":
    main(__file__, derive)
