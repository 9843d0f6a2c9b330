"""Stage what Sphinx reads: pages, executed notebooks, numbers and the status of the build.

The site drops the `book/` folder from its addresses, so that the landing page is the site's root
and a number's permanent address is `numbers.html#<id>`. Only files whose bytes change are
written: Sphinx reads again what is newer than its last build. Should the clock have been set back
since then, they are given a later time than the clock's.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from analysis.files import newer_than, write_if_changed
from analysis.publish.errors import BuildError
from analysis.publish.freshness import EXECUTED, RECORDS, read_sidecar
from analysis.publish.project import Project
from analysis.publish.sources import with_outputs
from analysis.report import provenance
from analysis.report.numbers import Record, read_records
from analysis.report.stamps import STAMP_FILE
from analysis.site.staged_files import NUMBERS_FOLDER, NUMBERS_INDEX, STATUS_FILE

TOC = "_toc.yml"
"""The table of contents, in `book/` and in the staged sources."""


def stage(project: Project) -> dict[str, Record]:
    """Bring the staged sources of an executed book up to date; return its numbers by id.

    Raises
    ------
    BuildError
        When the table of contents is missing or names a page that does not exist.
    """
    records = read_records(*project.records_folders())
    files = {
        **_pages(project),
        **_chapters(project),
        **_number_files(records),
        STATUS_FILE: _json(status_rows(project)),
        TOC: staged_toc(project),
    }
    last = project.clean.stat().st_mtime_ns if project.clean.is_file() else 0
    for address, content in files.items():
        if write_if_changed(project.source / address, content):
            newer_than(project.source / address, last)
    _remove_others(project.source, set(files))
    return records


def _json(content: Any) -> bytes:  # noqa: ANN401 - anything JSON can hold
    return (json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _pages(project: Project) -> dict[str, bytes]:
    """Return the files of `book/` by the address they get, one folder up."""
    pages = {}
    for file in sorted(project.book.rglob("*")):
        address = file.relative_to(project.book).as_posix()
        if not file.is_file() or address == TOC or file.name.startswith("."):
            continue
        content = file.read_bytes()
        if file.suffix == ".md":
            content = one_folder_up(content.decode()).encode()
        pages[address] = content
    return pages


def one_folder_up(text: str) -> str:
    """Return a page of `book/` with its links to chapters as seen from the site's root."""
    return re.sub(r"\.\./(notebooks/[\w./-]+?)\.md\b", r"\1.ipynb", text)


def beside_the_root(text: str) -> str:
    """Return a chapter's text with its links as seen from the staged `notebooks/`."""
    to_chapters = re.sub(r"\.\./notebooks/([\w-]+)\.md\b", r"\1.ipynb", text)
    return re.sub(r"\.\./book/", "../", to_chapters)


def _chapters(project: Project) -> dict[str, bytes]:
    """Return the executed notebooks; these very files are what readers download."""
    import nbformat

    chapters = {}
    for source in project.chapters():
        outcome = project.executed / source.stem / EXECUTED
        executed = nbformat.reads(outcome.read_text(encoding="utf-8"), as_version=4)
        notebook = with_outputs(source, executed)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = beside_the_root(cell.source)
        chapters[f"notebooks/{source.stem}.ipynb"] = nbformat.writes(notebook).encode()
    return chapters


def _number_files(records: dict[str, Record]) -> dict[str, bytes]:
    texts = {id: record.to_json() for id, record in records.items()}
    files = {f"{NUMBERS_FOLDER}/{id}.json": text.encode() for id, text in texts.items()}
    digest = provenance.digest("".join(texts.values()).encode())
    return {**files, f"{NUMBERS_FOLDER}/{NUMBERS_INDEX}": _json(digest)}


def staged_toc(project: Project) -> bytes:
    """Return the table of contents with the addresses of the staged sources.

    Raises
    ------
    BuildError
        When it is missing or malformed, or names a page that does not exist.
    """
    file = project.book / TOC
    if not file.is_file():
        raise BuildError(f"book/{TOC} is missing: it lists the pages of the book.")
    contents = yaml.safe_load(file.read_text(encoding="utf-8"))
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data

    staged = _staged_entry(project, contents)
    try:
        parse_toc_data(staged)
    except MalformedError as error:
        raise BuildError(f"book/{TOC} is malformed: {error}.") from error
    return yaml.safe_dump(staged, sort_keys=False).encode()


def pages_by_part(project: Project) -> list[tuple[str, str]]:
    """Return every page in the order of the table of contents, and the part that it belongs to.

    Returns
    -------
    list of (str, str)
        Address without suffix, and the caption of the part; none for pages before the first.

    Raises
    ------
    BuildError
        As `staged_toc`.
    """
    contents = yaml.safe_load(staged_toc(project))
    return [(contents["root"], ""), *_pages_below(contents, "")]


def _pages_below(entry: Any, part: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - YAML
    for below in (item for key in ("parts", "chapters", "sections") for item in entry.get(key, ())):
        here = below.get("caption", part)
        if "file" in below:
            yield below["file"], here
        yield from _pages_below(below, here)


def _staged_entry(project: Project, entry: Any) -> Any:  # noqa: ANN401 - YAML
    if isinstance(entry, list):
        return [_staged_entry(project, item) for item in entry]
    if not isinstance(entry, dict):
        return entry
    staged = {key: _staged_entry(project, value) for key, value in entry.items()}
    for key in ("root", "file"):
        if key in entry:
            if not (project.root / f"{entry[key]}.md").is_file():
                raise BuildError(f"book/{TOC} names {entry[key]}.md, which does not exist.")
            staged[key] = entry[key].removeprefix("book/")
    return staged


def status_rows(project: Project) -> list[dict[str, Any]]:
    """Return one row for each notebook: how it ran, and what it depends on."""
    rows = []
    for notebook in project.chapters():
        outcome = project.executed / notebook.stem
        sidecar = read_sidecar(outcome)
        if sidecar is None:
            raise BuildError(f"notebooks/{notebook.name} has no outcome: run the build again.")
        stamp = outcome / RECORDS / STAMP_FILE
        sampler = json.loads(stamp.read_text(encoding="utf-8")) if stamp.is_file() else {}
        rows.append(
            {
                "notebook": notebook.stem,
                "result": "finished",
                "seconds": sidecar.seconds,
                "cells": sidecar.cells,
                "numbers": len(read_records(outcome / RECORDS)),
                "sampling": sampler.get("sampling", "no stamp"),
                "code": provenance.digest_mapping(sidecar.identity.code),
                "data": sidecar.identity.data,
            }
        )
    return rows


def _remove_others(folder: Path, wanted: set[str]) -> None:
    """Remove staged files that no source stands behind any more."""
    for file in folder.rglob("*"):
        if file.is_file() and file.relative_to(folder).as_posix() not in wanted:
            file.unlink()
