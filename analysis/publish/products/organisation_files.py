"""Today's organisations as files of the site: for the page that finds them, and as CSV."""

import json

import pandas as pd

from analysis.evidence import catalogue
from analysis.files import write_atomically
from analysis.publish.products.finished import Finished

NAME = "organisations"


def organisation_files(finished: Finished) -> None:
    """Put in names and sizes of English and American organisations."""
    table = catalogue.table(NAME, NAME)
    write_atomically(finished.site / f"{NAME}.json", organisations_json(table))
    write_atomically(finished.site / f"{NAME}-sizes.json", sizes_json(table))
    write_atomically(finished.site / f"{NAME}.csv", table.to_csv(index=False, lineterminator="\n"))


def organisations_json(table: pd.DataFrame) -> str:
    """Return the organisations as the page reads them.

    Parameters
    ----------
    table : DataFrame
        `level`, `code`, `name`, `people`, `start_year`.

    Returns
    -------
    str
        ``levels``, and ``rows`` of the place of the level, code, name, people and the first year in
        the programme, or nothing where it is unknown.
    """
    levels = sorted(table["level"].unique())
    names = ["level", "code", "name", "people", "start_year"]
    rows = [
        [levels.index(level), code, name, int(people), *_start(start)]
        for level, code, name, people, start in table[names].to_numpy(dtype=object)
    ]
    content = {"levels": levels, "rows": rows}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def sizes_json(table: pd.DataFrame) -> str:
    """Return the sizes alone: the picture needs no names, and a page opens with less.

    Parameters
    ----------
    table : DataFrame
        `level`, `people`.

    Returns
    -------
    str
        By level, the sizes in people, smallest first.
    """
    sizes = {level: sorted(map(int, people)) for level, people in table.groupby("level")["people"]}
    return json.dumps(sizes, separators=(",", ":")) + "\n"


def _start(year: object) -> list[int]:
    return [] if pd.isna(year) else [int(year)]  # type: ignore[call-overload]
