"""How the book and each of its numbers are cited: in plain text, as BibTeX and as RIS."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.report.numbers import Record

CITATION_FILE = "CITATION.cff"
"""Where the release date and the DOI stand; a citation takes them from there or leaves them out."""


@dataclass(frozen=True)
class Work:
    """The work that contains the numbers.

    Attributes
    ----------
    title, author : str
        As in the book's configuration.
    year : str
        Year of the release; empty before the first.
    site : str
        Address the book is published at, with a final slash; empty when unknown.
    doi : str
        Digital object identifier, as `10.1234/abc`; empty while none is assigned.
    version : str
        Version of the project; a number carries its own.
    """

    title: str
    author: str
    year: str = ""
    site: str = ""
    doi: str = ""
    version: str = ""


def read_work(folder: Path, title: str, author: str, site: str = "") -> Work:
    """Return the work to cite, with what its CITATION.cff says of its release.

    Parameters
    ----------
    folder : Path
        Where `CITATION.cff` may lie.
    title, author : str
        From the book's configuration.
    site : str
        Address the book is published at, with a final slash; empty when unknown.
    """
    file = folder / CITATION_FILE
    fields = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return Work(
        title,
        author,
        year=str(fields.get("date-released", ""))[:4],
        site=site,
        doi=str(fields.get("doi", "")),
        version=str(fields.get("version", "")),
    )


def plain_citation(record: Record, work: Work) -> str:
    """Return one sentence that names the number, its value, the version and its address."""
    return f"{opening(work, record.version)} {_finding(record)}. {work.site}{record.anchor}"


def opening(work: Work, version: str) -> str:
    """Return how every plain citation of one version begins."""
    year = f" ({work.year})" if work.year else ""
    return f"{work.author}{year}. {work.title}, version {version}."


def bibtex_entry(record: Record, work: Work) -> str:
    """Return the same citation as a BibTeX entry."""
    return _bibtex(
        "tensuggestions_" + re.sub(r"[^a-z0-9]+", "_", record.id),
        _tex_fields(work, record.version)
        # An address is not escaped: \url and BibLaTeX read it as it stands.
        | {"note": _tex(_finding(record)), "url": work.site + record.anchor},
    )


def ris_entry(record: Record, work: Work) -> str:
    """Return the same citation in the RIS format of reference managers."""
    return _ris(
        ("TY", "DATA"),
        ("AU", work.author),
        ("PY", work.year),
        ("TI", record.label),
        ("T2", work.title),
        ("ET", record.version),
        ("DO", work.doi),
        ("UR", work.site + record.anchor),
        ("N1", f"{record.text} [{record.grade}]"),
    )


def work_citation(work: Work) -> str:
    """Return one sentence that names the whole work and its version."""
    return f"{opening(work, work.version)} {_standing(work)}."


def work_bibtex(work: Work) -> str:
    """Return the whole work as a BibTeX entry."""
    fields = _tex_fields(work, work.version) | {"note": _standing(work)}
    return _bibtex("ten_suggestions_tested", fields)


def work_ris(work: Work) -> str:
    """Return the whole work in the RIS format of reference managers."""
    return _ris(
        ("TY", "COMP"),
        ("AU", work.author),
        ("PY", work.year),
        ("TI", work.title),
        ("ET", work.version),
        ("DO", work.doi),
        ("UR", work.site),
        ("N1", _standing(work)),
    )


def _standing(work: Work) -> str:
    """Say what has been assigned: a placeholder would be taken for an address."""
    released = f"Version {work.version}" if work.year else f"Unreleased version {work.version}"
    doi = f"https://doi.org/{work.doi}" if work.doi else "no DOI assigned yet"
    return f"{released}; {doi}"


def _finding(record: Record) -> str:
    return f"{record.label}: {record.text} [{record.grade}]"


def _tex_fields(work: Work, version: str) -> dict[str, str]:
    # Twice in braces: an organisation has no first and last name.
    return {
        "author": f"{{{_tex(work.author)}}}",
        "title": _tex(work.title),
        "year": work.year,
        "version": version,
        "doi": work.doi,
    }


def _bibtex(key: str, fields: dict[str, str]) -> str:
    filled = {name: text for name, text in fields.items() if text}
    width = max(map(len, filled))
    lines = ",\n".join(f"  {name:<{width}} = {{{text}}}" for name, text in filled.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _ris(*fields: tuple[str, str]) -> str:
    lines = [f"{tag}  - {text}" for tag, text in fields if text]
    return "\n".join([*lines, "ER  - "])


def _tex(text: str) -> str:
    """Escape what TeX would read as a command."""
    escaped = re.sub(r"([%&#$_{}])", r"\\\1", text)
    return escaped.replace("£", r"\pounds{}").replace("−", "$-$").replace("–", "--")
