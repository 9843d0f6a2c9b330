"""Compute published numbers again, in a build folder of its own, and compare them one by one.

Nothing of an earlier build is used: no outcome of a notebook and no fit from the cache. The
project's own build folder is neither read nor written.
"""

import difflib
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.publish.book import only_build
from analysis.publish.execute import Reporter, execute_all
from analysis.publish.fits import make_fits
from analysis.publish.freshness import RECORDS
from analysis.publish.project import Project
from analysis.report.agreement import Agreement, Rule, compare
from analysis.report.numbers import read_records
from analysis.report.published import PublishedNumber, numbers_of

MARK = ".verify"
"""File that marks a folder as made by `verify`, so that no other folder is ever written into."""

PLACE = "notebooks/"
"""What the page of a number begins with when a chapter recorded it."""


@dataclass(frozen=True)
class Wanted:
    """What is to be verified.

    Attributes
    ----------
    chapters : frozenset of str
        Names of the notebooks to compare whole, the numbers included that only one run has.
    ids : frozenset of str
        Further numbers, one by one.
    """

    chapters: frozenset[str]
    ids: frozenset[str] = frozenset()

    def to_execute(self, published: Mapping[str, PublishedNumber]) -> set[str]:
        """Return the names of the notebooks that record what is wanted."""
        return {*self.chapters, *(_chapter(published[name]) for name in self.ids)}


def _chapter(number: PublishedNumber) -> str:
    return number.page.removeprefix(PLACE)


def choose(
    project: Project, published: Mapping[str, PublishedNumber], only: Collection[str]
) -> Wanted:
    """Return what to verify, from the names a user gave.

    Parameters
    ----------
    project : Project
        The book.
    published : mapping of str to PublishedNumber
        By id.
    only : collection of str
        Ids of numbers and names of chapters; empty for everything.

    Returns
    -------
    Wanted

    Raises
    ------
    InputError
        When a name is neither (the nearest names are given), or the chapter of a number is not
        there.
    """
    stems = frozenset(file.stem for file in project.chapters())
    ids = frozenset(published) & frozenset(only)
    chapters = {name.removeprefix(PLACE).removesuffix(".md") for name in only if name not in ids}
    for name in sorted(chapters - stems):
        near = difflib.get_close_matches(name, [*published, *stems], 3)
        hint = f": did you mean {' or '.join(near)}?" if near else "."
        raise InputError(f"--only {name}: no published number or chapter has this name{hint}")
    for name in sorted(ids):
        if _chapter(published[name]) not in stems:
            raise InputError(
                f"--only {name}: was published by {published[name].page}, which this checkout does "
                "not have; use the version that published it."
            )
    return Wanted(frozenset(chapters) or (frozenset() if only else stems), ids)


def verify(
    project: Project,
    published: Mapping[str, PublishedNumber],
    wanted: Wanted,
    reporter: Reporter,
    same_text: bool = False,
) -> Agreement:
    """Execute chapters in the project's build folder and compare what they record.

    Parameters
    ----------
    project : Project
        With a build folder from `folder_for` and the seed to use.
    published : mapping of str to PublishedNumber
        The whole published file, by id.
    wanted : Wanted
        From `choose`.
    reporter : Reporter
        Told of progress.
    same_text : bool
        See `analysis.report.agreement.compare`.

    Returns
    -------
    Agreement

    Raises
    ------
    BuildError
        When a notebook fails.
    """
    chapters = wanted.to_execute(published)
    every = {file.stem for file in project.chapters()} == wanted.chapters
    with only_build(project.build):
        if every:  # a few chapters make what they need of the fits themselves
            make_fits(project, reporter)
        execute_all(project, reporter, chapters=chapters)
        folders = [project.executed / name / RECORDS for name in sorted(chapters)]
        recomputed = numbers_of(read_records(*folders))
    ids = {
        name
        for numbers in (published, recomputed)
        for name, number in numbers.items()
        if every or _chapter(number) in wanted.chapters or name in wanted.ids
    }
    return compare(published, recomputed, Rule.for_numbers(published), ids, same_text)


@contextmanager
def folder_for(project: Project, seed: int, keep: Path | None = None) -> Iterator[Project]:
    """Give a project a build folder for one verification.

    Parameters
    ----------
    project : Project
        The book.
    seed : int
        Root of every random stream.
    keep : Path, optional
        Folder to use and to leave: a run that was interrupted continues there. By default a
        temporary one, which is removed whatever happens.

    Yields
    ------
    Project
        The same book, to be built elsewhere.

    Raises
    ------
    InputError
        When `keep` holds anything else, or is the project's own build folder.
    """
    if keep is not None:
        _check_kept(project, keep)
        write_atomically(keep / MARK, "made by `python -m analysis verify`; may be deleted\n")
        yield replace(project, build=keep.resolve(), seed=seed)
        return
    folder = Path(tempfile.mkdtemp(prefix="tensuggestions-verify-"))
    try:
        yield replace(project, build=folder, seed=seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_kept(project: Project, keep: Path) -> None:
    build = project.build.resolve()
    if build == keep.resolve() or build in keep.resolve().parents:
        raise InputError(f"--keep {keep}: is the build that is to be verified; give another folder")
    if keep.exists() and not keep.is_dir():
        raise InputError(f"--keep {keep}: is not a folder")
    if keep.is_dir() and any(keep.iterdir()) and not (keep / MARK).is_file():
        raise InputError(f"--keep {keep}: holds other files; give a folder that is empty or new")
