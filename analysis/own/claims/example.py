"""Invented claims, members, months of cover and conditions, whose sums are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.own.people.example import drawn_ages, drawn_costs

YEARS = (2023, 2024)
MONTHS = 12

SEED = 1402667531
"""Of the claims that everybody gets; not the project's seed, for they are data."""

AGAIN = 0.5
"""Share of people who cost in the second year what they cost in the first."""

JOINED, LEFT = 0.05, 0.04
"""Share of people who join in the second year, and who leave in it."""

LINE_COST = 700.0
"""Cost for which a person has one line more than one, on average."""

MOST_LINES = 40
CORRECTED = 0.03
"""Share of lines that are paid too high first, taken back and paid again."""

TOO_HIGH = 1.25
STRANGERS = 12
"""Lines of people who are no members."""

CONDITIONS = {"diabetes": 0.10, "heart failure": 0.04, "lung disease": 0.06}
"""Share of people who have a condition, at the age of 60."""


@dataclass(frozen=True)
class ExampleClaims:
    """Tables as an insurer or a health system has them.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``claims``, ``members``, ``months`` and ``conditions``, by the name of their file.
    truth : dict of str to float
        ``members``, ``lines``, and by year ``people_…``, ``member_years_…`` and ``cost_…``.
    """

    tables: dict[str, pd.DataFrame]
    truth: dict[str, float]


def example_claims(people: int, seed: int | None = None) -> ExampleClaims:
    """Return an invented set of claims of two years.

    The annual costs are those of `analysis.own.people.example`, spread over lines; months without
    cover have no lines.

    Parameters
    ----------
    people : int
        At least 1.
    seed : int, optional
        The same seed gives the same claims; by default `SEED`.
    """
    generator = np.random.default_rng(SEED if seed is None else seed)
    age, female = drawn_ages(people, generator)
    persons = np.array([f"M{number:07d}" for number in range(1, people + 1)])
    covered, death = _covered(age, generator)
    first = drawn_costs(age, female, generator)
    second = np.where(generator.random(people) < AGAIN, first, drawn_costs(age, female, generator))
    lines = pd.concat(
        [
            _lines(persons, cost, covered[:, index], year, generator)
            for index, (year, cost) in enumerate(zip(YEARS, (first, second), strict=True))
        ]
    )
    claims = _claims(lines, generator)
    tables = {
        "claims": claims,
        "members": _members(persons, age, female, death, generator),
        "months": _months(persons, covered),
        "conditions": _conditions(persons, age, generator),
    }
    truth = {"members": float(people), "lines": float(len(claims))}
    for index, year in enumerate(YEARS):
        truth |= {
            f"people_{year}": float(covered[:, index].any(axis=1).sum()),
            f"member_years_{year}": covered[:, index].sum() / MONTHS,
            f"cost_{year}": round(float(lines.loc[lines["year"] == year, "paid"].sum()), 2),
        }
    return ExampleClaims(tables, truth)


def _covered(age: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Whether each person is covered in each month of each year, and the month of their death."""
    people = len(age)
    month = np.arange(MONTHS * len(YEARS))
    begin, end = np.zeros(people, int), np.full(people, len(month))
    chance, when = generator.random(people), generator.integers(MONTHS, len(month), people)
    begin = np.where((chance < JOINED) & (age > 0), when, begin)
    end = np.where(chance > 1 - LEFT, when, end)
    # Who is of age 0 on the first day of the second year was born in the first.
    begin = np.where(age == 0, generator.integers(0, MONTHS, people), begin)
    dies = generator.random(people) < 0.0002 * np.exp(0.08 * age)
    death = np.where(dies & (begin == 0) & (end == len(month)), when, -1)
    end = np.where(death >= 0, death + 1, end)
    covered = (month >= begin[:, None]) & (month < end[:, None])
    return covered.reshape(people, len(YEARS), MONTHS), death


def _lines(
    persons: np.ndarray,
    cost: np.ndarray,
    covered: np.ndarray,
    year: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Annual costs as lines on days of the year; those of months without cover are not there."""
    number = np.where(cost > 0, 1 + generator.poisson(cost / LINE_COST), 0).clip(max=MOST_LINES)
    owner = np.repeat(np.arange(len(persons)), number)
    part = generator.exponential(size=len(owner))
    share = part / np.bincount(owner, part, len(persons))[owner]
    month = generator.integers(0, MONTHS, len(owner))
    day = generator.integers(1, 29, len(owner))
    table = pd.DataFrame(
        {"person": persons[owner], "year": year, "month": month + 1, "day": day}
    ).assign(paid=np.round(share * cost[owner], 2))
    return table[covered[owner, month] & (table["paid"] > 0)]


def _claims(lines: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Lines as they are paid: some too high, taken back and paid again; a few of strangers."""
    lines = lines.sort_values(["year", "month", "day", "person"], ignore_index=True)
    dates = pd.to_datetime(lines[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    claims = lines[["person", "paid"]].assign(
        claim=[f"C{number:08d}" for number in range(1, len(lines) + 1)], line=1, date=dates
    )
    wrong = claims[generator.random(len(claims)) < CORRECTED]
    high = wrong.assign(paid=np.round(TOO_HIGH * wrong["paid"], 2), line=2)
    back = high.assign(paid=-high["paid"], line=3)
    strangers = claims.head(STRANGERS).assign(
        person=[f"X{number:07d}" for number in range(1, min(STRANGERS, len(claims)) + 1)], line=4
    )
    whole = pd.concat([claims, high, back, strangers]).sort_values(["claim", "line"])
    return whole[["claim", "line", "person", "date", "paid"]].reset_index(drop=True)


def _members(
    persons: np.ndarray,
    age: np.ndarray,
    female: np.ndarray,
    death: np.ndarray,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """The list of members; ages are those at the start of the second year."""
    month, day = (generator.integers(1, end, len(age)) for end in (13, 29))
    born = pd.DataFrame({"year": YEARS[1] - 1 - age, "month": month, "day": day})
    died = pd.DataFrame(
        {"year": YEARS[0] + death // MONTHS, "month": death % MONTHS + 1, "day": 15}
    )
    return pd.DataFrame(
        {
            "person": persons,
            "birth_date": pd.to_datetime(born).dt.strftime("%Y-%m-%d"),
            "sex": np.where(female == 1, "female", "male"),
            "death_date": pd.to_datetime(died).dt.strftime("%Y-%m-%d").where(death >= 0, ""),
        }
    )


def _months(persons: np.ndarray, covered: np.ndarray) -> pd.DataFrame:
    """One row a person and month of cover."""
    owner, year, month = np.nonzero(covered)
    names = np.array([[f"{year}-{month:02d}" for month in range(1, MONTHS + 1)] for year in YEARS])
    return pd.DataFrame({"person": persons[owner], "month": names[year, month]})


def _conditions(
    persons: np.ndarray, age: np.ndarray, generator: np.random.Generator
) -> pd.DataFrame:
    """Conditions recorded in the first year; commoner with age."""
    found = [
        pd.DataFrame({"person": persons[has], "recorded_date": f"{YEARS[0]}-06-30"}).assign(
            condition=name
        )
        for name, share in CONDITIONS.items()
        for has in [generator.random(len(age)) < np.clip(share * (age / 60) ** 2, 0, 0.5)]
    ]
    return pd.concat(found, ignore_index=True)
