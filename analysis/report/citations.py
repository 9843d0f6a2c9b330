"""How one number is cited: in plain text and as BibTeX."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.report.numbers import Record

CITATION_FILE = "CITATION.cff"
"""Where the release date stands; the year of a citation comes from there or is left out."""


@dataclass(frozen=True)
class Work:
    """The work that contains the numbers."""

    title: str
    author: str
    year: str = ""
    site: str = ""


def read_work(folder: Path, title: str, author: str, site: str = "") -> Work:
    """Return the work to cite, with the year of its CITATION.cff where one is released.

    Parameters
    ----------
    folder : Path
        Where `CITATION.cff` may lie.
    title, author : str
        From the book's configuration.
    site : str
        Address the book is published at, with a final slash; empty when unknown.

    Returns
    -------
    Work
    """
    file = folder / CITATION_FILE
    fields = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return Work(title, author, str(fields.get("date-released", ""))[:4], site)


def plain_citation(record: Record, work: Work) -> str:
    """Return one sentence that names the number, its value, the version and its address."""
    year = f" ({work.year})" if work.year else ""
    return (
        f"{work.author}{year}. {work.title}, version {record.version}. "
        f"{record.label}: {record.text} [{record.grade}]. {work.site}{record.anchor}"
    )


def bibtex_entry(record: Record, work: Work) -> str:
    """Return the same citation as a BibTeX entry."""
    key = "tensuggestions_" + re.sub(r"[^a-z0-9]+", "_", record.id)
    year = f"  year    = {{{work.year}}},\n" if work.year else ""
    return (
        f"@misc{{{key},\n"
        f"  author  = {{{{{_tex(work.author)}}}}},\n"
        f"  title   = {{{_tex(work.title)}}},\n"
        f"{year}"
        f"  version = {{{record.version}}},\n"
        f"  note    = {{{_tex(f'{record.label}: {record.text} [{record.grade}]')}}},\n"
        f"  howpublished = {{{_tex(work.site + record.anchor)}}}\n"
        "}"
    )


def _tex(text: str) -> str:
    """Escape what TeX would read as a command."""
    escaped = re.sub(r"([%&#$_{}])", r"\\\1", text)
    return escaped.replace("£", r"\pounds{}").replace("−", "$-$").replace("–", "--")
