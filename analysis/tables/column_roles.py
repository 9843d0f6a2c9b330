"""Which column is age, sex, health, the cost, last year's cost: guessed by name and by content.

The words are data, in `column_roles.toml`; what a column's content must be is written here.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from unicodedata import normalize

from analysis.tables.column import Column

WORDS = Path(__file__).with_suffix(".toml")

SAME = ("female", "male")
"""Lists of values of a role, each of which mean the same."""

OLDEST = 125
"""Years beyond which a number is no age."""

EXACT = frozenset(["weight", "exposure", "claim", "count"])
"""Roles that need a name of their own: *height* is nearly *weight*."""

YEAR_IN = {"months": 12.0, "days": 365.0, "years": 1.0}
"""How many of a unit of cover make a year."""

FEWEST_OF_A_GROUP = 10
"""Rows that hold more people than this on average are groups."""


@dataclass(frozen=True)
class Guess:
    """A column that is taken for something.

    Attributes
    ----------
    sureness : str
        ``sure``: name and content say so; ``likely``: one says so and the other does not disagree;
        ``guess``: only the content, or a name that is nearly right.
    """

    role: str
    column: str
    sureness: str
    why: str


@dataclass(frozen=True)
class _Role:
    """Whether a column's content fits a role, or disagrees with it."""

    fits: Callable[[Column], str | None]
    disagrees: Callable[[Column], bool]
    from_content: bool = False
    """Whether content alone is enough for a guess."""


@dataclass(frozen=True)
class _Words:
    """Words of a role: whole, as parts of a name, and as values of the column; see `WORDS`."""

    words: frozenset[str]
    parts: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()
    same: tuple[frozenset[str], ...] = ()
    """Values that mean the same, set by set."""


@cache
def _words_of_roles() -> dict[str, _Words]:
    lists = tomllib.loads(WORDS.read_text("utf-8"))
    return {
        role: _Words(
            words=frozenset(by_kind["words"]),
            parts=tuple(by_kind.get("parts", ())),
            values=frozenset(by_kind.get("values", ())).union(*same),
            same=same,
        )
        for role, by_kind in lists.items()
        for same in [tuple(frozenset(by_kind[name]) for name in SAME if name in by_kind)]
    }


def _age(column: Column) -> str | None:
    if column.filled and column.bands > 0.5 * column.filled:
        return "it holds age bands"
    are_whole = column.number_share > 0.98 and column.whole > 0.98 * column.numbers
    if are_whole and _between(column, 0, OLDEST) and column.distinct >= 15:
        return f"whole numbers from {column.least:g} to {column.most:g}"
    return None


def _not_age(column: Column) -> bool:
    beyond = column.number_share > 0.5 and not _between(column, -20, 3 * OLDEST)
    return column.kind == "date" or column.dates > 0 or beyond


def _sex(column: Column) -> str | None:
    values = {value.strip().lower() for value, _ in column.levels if value.strip()}
    if values and len(values) <= 4 and values <= _words_of_roles()["sex"].values:
        return f"it holds {', '.join(sorted(values))}"
    return None


def _cost(column: Column) -> str | None:
    if column.number_share < 0.95 or column.distinct < 20 or not column.mean:
        return None
    few_whole = column.whole - column.zeros < 0.5 * column.numbers
    largest = (column.most or 0) / column.mean
    if column.mean > 0 and largest > 5 and (few_whole or column.distinct > 200):
        return f"amounts whose largest is {largest:,.0f} times their mean"
    return None


def _not_cost(column: Column) -> bool:
    return column.filled > 0 and column.number_share < 0.5 and column.money < 0.5 * column.filled


def _health(column: Column) -> str | None:
    values = {value.strip().lower() for value, _ in column.levels}
    if len(values & _words_of_roles()["health"].values) >= 2:
        return "it holds grades of health"
    return "it holds a few levels" if 2 <= column.distinct <= 20 else None


def _person(column: Column) -> str | None:
    if column.rows > 20 and column.distinct > 0.3 * column.rows:
        return "it is different in most rows"
    return None


def _year(column: Column) -> str | None:
    if column.number_share > 0.99 and _between(column, 1900, 2100) and column.distinct <= 60:
        return f"it holds years from {column.least:g} to {column.most:g}"
    return None


def _weight(column: Column) -> str | None:
    of_a_body = {"kg", "lb", "lbs", "body", "birth"} & set(_words(column.name))
    numbers = column.number_share > 0.99 and (column.least or 0) >= 0
    if numbers and column.distinct > 1 and not of_a_body:
        return f"numbers from {column.least:,.6g} to {column.most:,.6g}"
    return None


def _exposure(column: Column) -> str | None:
    unit = unit_of_cover(column.name)
    most = {"months": (12, 12), "days": (100, 366), "years": (0.5, 1)}[unit]
    numbers = column.number_share > 0.99 and (column.least or 0) >= 0 and column.distinct > 1
    if numbers and most[0] <= (column.most or 0) <= most[1]:
        return f"{unit} from {column.least:g} to {column.most:g}"
    return None


def unit_of_cover(name: str) -> str:
    """Return the unit in which a column of cover is counted, by its name.

    Returns
    -------
    str
        A key of `YEAR_IN`; ``years`` where the name says nothing, so that 1 is a whole year.
    """
    words = " ".join(_words(name))
    if "day" in words:
        return "days"
    months = re.search(r"month|monat|maand|\bmois\b|\bm(on|o|th)s\b", words)
    return "months" if months else "years"


def _claim(column: Column) -> str | None:
    return "it is different in most rows" if column.distinct > 0.3 * column.rows else None


def _count(column: Column) -> str | None:
    whole = column.number_share > 0.99 and column.whole == column.numbers
    least, most = column.least or 0, column.most or 0
    a_sequence = column.distinct > 0.9 * column.rows and most - least < 1.2 * column.rows
    whole_name = set(_words(column.name)) <= _words_of_roles()["count"].words | _BESIDE_COUNTS
    if whole and whole_name and not a_sequence and (column.mean or 0) > FEWEST_OF_A_GROUP:
        return f"whole numbers, {column.mean:,.0f} on average"
    return None


_BESIDE_COUNTS = {"of", "bsn", "total", "number", "no", "num", "n", "member", "person", "patient"}
"""Words that a name of a count may have besides: *visit count* counts something else."""


def _between(column: Column, low: float, high: float) -> bool:
    return (
        column.least is not None
        and column.most is not None
        and low <= column.least <= column.most <= high
    )


ROLES: dict[str, _Role] = {
    "weight": _Role(_weight, lambda column: _weight(column) is None),
    "exposure": _Role(_exposure, lambda column: _exposure(column) is None),
    "claim": _Role(_claim, lambda column: _claim(column) is None),
    "count": _Role(_count, lambda column: _count(column) is None),
    "person": _Role(
        _person, lambda column: column.rows > 20 and column.distinct < 0.05 * column.rows
    ),
    "year": _Role(_year, lambda column: _year(column) is None),
    "prior_cost": _Role(_cost, _not_cost),
    "cost": _Role(_cost, _not_cost, from_content=True),
    "age": _Role(_age, _not_age, from_content=True),
    "sex": _Role(_sex, lambda column: column.distinct > 8, from_content=True),
    "health": _Role(_health, lambda column: column.distinct > 1000),
}
"""What a column can be, in the order in which columns are given out."""


def guess_roles(columns: Sequence[Column]) -> list[Guess]:
    """Say which columns are probably what the other commands ask for.

    Returns
    -------
    list of Guess
        At most one a role, and no column twice; health may be given by several columns.
    """
    taken: set[str] = set()
    guesses: list[Guess] = []
    for role in ROLES:
        scored = [
            (score, -index, guess)
            for index, column in enumerate(columns)
            if column.name not in taken and column.filled
            for score, guess in [_score(role, column)]
            if score > 0
        ]
        scored.sort(key=lambda entry: entry[:2], reverse=True)
        named = [entry for entry in scored if entry[0] >= 2]
        for _, _, guess in named if role == "health" else scored[:1]:
            guesses.append(guess)
            taken.add(guess.column)
    return _with_earlier_cost(guesses, columns)


def _with_earlier_cost(guesses: list[Guess], columns: Sequence[Column]) -> list[Guess]:
    """Take a cost column of an earlier year for last year's cost, if nothing else was."""
    chosen = {guess.role: guess.column for guess in guesses}
    latest = _year_named(chosen.get("cost", ""))
    if "prior_cost" in chosen or not latest:
        return guesses
    for column in columns:
        earlier = _year_named(column.name) == latest - 1
        same = earlier and column.name.replace(str(latest - 1), str(latest)) == chosen["cost"]
        if same and _cost(column):
            why = f"its name is that of {chosen['cost']} with the year before"
            return [*guesses, Guess("prior_cost", column.name, "likely", why)]
    return guesses


def _year_named(name: str) -> int:
    year = re.search(r"(19|20)\d\d", name)
    return int(year.group()) if year else 0


def _looks_like_people(role: str, column: Column) -> bool:
    """Whether content alone may be believed: ages reach from the young to the old."""
    ages = (column.least or 0) <= 30 and (column.most or 0) >= 60
    return ROLES[role].from_content and (role != "age" or column.bands > 0 or ages)


def _score(role: str, column: Column) -> tuple[float, Guess]:
    """How well a column fits a role, and what to say about it; 0 where it does not."""
    rule = ROLES[role]
    name, near = _named(role, column.name)
    content = rule.fits(column)
    because = [name] if name else []
    if content:
        because.append(content)
    if rule.disagrees(column) or not (name or (content and _looks_like_people(role, column))):
        return 0, Guess(role, column.name, "", "")
    sureness = "guess"
    if name:
        sureness = ("likely" if content else "guess") if near else ("sure" if content else "likely")
    # A latest year's cost is the one to explain; ties go to the later of two years in the names.
    score = (3 - near if name else 0) + (1.5 if content else 0)
    score += _year_named(column.name) / 1e5 if role == "cost" else 0
    return score, Guess(role, column.name, sureness, " and ".join(because))


def _named(role: str, name: str) -> tuple[str, int]:
    """Say why a name fits a role, and whether only nearly (1) or fully (0)."""
    name_words, lists = _words(name), _words_of_roles()
    joined = "".join(name_words)
    is_prior = bool(lists["prior_cost"].words & set(name_words)) or joined.startswith("prior")
    if role in ("cost", "prior_cost") and is_prior != (role == "prior_cost"):
        return "", 0
    of_role = lists["cost" if role == "prior_cost" else role]
    if of_role.words & set(name_words) or any(part in joined for part in of_role.parts):
        return "by its name", 0
    if role in EXACT:
        return "", 0
    # Sorted, so that ties fall alike in every process.
    long = sorted(word for word in of_role.words if len(word) > 2)
    for word in name_words:
        if len(word) > 2 and (close := get_close_matches(word, long, 1, 0.74)):
            return f"its name is nearly {close[0]!r}", 1
    return "", 0


def is_named(role: str, name: str) -> bool:
    """Return whether a column's name, without looking inside, is one of a role.

    Parameters
    ----------
    role : str
        One of `ROLES`.
    """
    why, nearly = _named(role, name)
    return bool(why) and not nearly


def plain_label(label: str) -> str:
    """Return a label without what the eye overlooks: capitals, spaces, the form of a character."""
    return " ".join(normalize("NFKC", label).casefold().split())


def same_labels(labels: Iterable[str]) -> list[list[str]]:
    """Return labels that are written differently and mean the same, such as M and male.

    Returns
    -------
    list of list of str
        Each of two labels or more.
    """
    by_meaning: dict[object, list[str]] = {}
    for label in labels:
        plain = plain_label(label)
        of_sex = [same for same in _words_of_roles()["sex"].same if plain in same]
        by_meaning.setdefault(of_sex[0] if of_sex else plain, []).append(label)
    return [alike for alike in by_meaning.values() if len(alike) > 1]


def looks_like_cost(column: Column) -> bool:
    """Return whether a column's name and content are those of costs."""
    return bool(_named("cost", column.name)[0] and _cost(column))


def _words(name: str) -> list[str]:
    """Parts of a name: ``annualCost_2024`` is annual, cost, 2024."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W\d_]+|\d+", spaced.lower())
