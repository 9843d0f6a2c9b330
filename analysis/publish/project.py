"""Where a build finds its sources and puts its outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis import settings


@dataclass(frozen=True)
class Project:
    """The places of one book. The defaults are this checkout's; tests make small ones.

    Parameters
    ----------
    root : Path
        Folder that holds `notebooks/`, `book/`, `_config.yml` and the lock file; notebooks run
        here.
    build : Path
        Folder of everything that can be made again.
    packages : mapping of str to Path
        Packages whose modules count as the project's own code, and the folder that holds each.
    seed : int
        Root of every random stream of its notebooks.
    fits : str, optional
        Dotted name of the module whose function ``tasks`` lists the fits that are made before the
        notebooks start; None for a book without fits.
    """

    root: Path = settings.ROOT
    build: Path = settings.BUILD
    packages: Mapping[str, Path] = field(default_factory=lambda: {"analysis": settings.ROOT})
    seed: int = settings.PROJECT_SEED
    fits: str | None = "analysis.publish.book_fits"

    @property
    def notebooks(self) -> Path:
        """Chapters, as MyST Markdown notebooks."""
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        """Prose pages, the table of contents, and the theme's files."""
        return self.root / "book"

    @property
    def config(self) -> Path:
        """Jupyter Book's configuration."""
        return self.root / "_config.yml"

    @property
    def lock(self) -> Path:
        """The pinned packages."""
        return self.root / "requirements.lock"

    @property
    def executed(self) -> Path:
        """Outcomes of notebooks, one folder each."""
        return self.build / "executed"

    @property
    def source(self) -> Path:
        """What Sphinx reads: pages, executed notebooks, numbers."""
        return self.build / "source"

    @property
    def workshop(self) -> Path:
        """Where Jupyter Book works; readers never see it."""
        return self.build / "jupyter-book"

    @property
    def clean(self) -> Path:
        """File that says that Jupyter Book finished without a warning; its time says when."""
        return self.workshop / "clean"

    @property
    def site(self) -> Path:
        """The finished site; replaced whole or not at all."""
        return self.build / "html"

    def chapters(self) -> list[Path]:
        """Return every notebook, in order of name."""
        return sorted(self.notebooks.glob("*.md"))

    def records_folders(self) -> list[Path]:
        """Return the folders that hold the numbers of executed notebooks."""
        return [self.executed / chapter.stem / "records" for chapter in self.chapters()]

    def modules(self) -> list[str]:
        """Return the dotted name of every module of the project's own packages."""
        return sorted(
            ".".join(file.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            for package, folder in self.packages.items()
            for file in (folder / package).rglob("*.py")
        )
