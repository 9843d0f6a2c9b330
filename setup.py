"""What a wheel holds beside the code: the frozen tables of `data/`, as `analysis/frozen/`.

So the commands on a reader's own data run outside a checkout. Everything else about the package is
declared in `pyproject.toml`; an editable install reads `data/` where it lies.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = Path("data")
LEFT_OUT = {".py", ".pyc"}
"""The deriving scripts need raw files and the checkout."""


class WithFrozenTables(build_py):
    """The usual step that collects the modules, and then the tables."""

    def run(self) -> None:
        """Collect both."""
        super().run()
        if self.editable_mode:
            return
        for source, target in self._tables().items():
            self.mkpath(str(Path(target).parent))
            self.copy_file(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return every file that `run` writes."""
        tables = [] if self.editable_mode else list(self._tables().values())
        return [*super().get_outputs(include_bytecode), *tables]

    def _tables(self) -> dict[str, str]:
        """Where each file of a data package goes."""
        frozen = Path(self.build_lib) / "analysis" / "frozen"
        packages = [descriptor.parent for descriptor in DATA.glob("*/datapackage.json")]
        files = [file for package in packages for file in sorted(package.rglob("*"))]
        return {
            str(file): str(frozen / file.relative_to(DATA))
            for file in files
            if file.is_file() and file.suffix not in LEFT_OUT
        }


setup(cmdclass={"build_py": WithFrozenTables})
