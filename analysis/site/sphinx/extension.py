"""The extension as Sphinx loads it: every part of this room, and what makes pages out of date."""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

PARTS = (
    "math",
    "numbers",
    "status",
    "figures",
    "hidden_cells",
    "glossary",
    "pages",
    "changelog",
    "binder",
    "claims",
    "search",
    "cards",
    "assumptions",
    "what_moved",
    "citation",
)
"""Modules of this folder, each with a `setup` of its own."""

ROOMS = ("report", "site")
"""Rooms of `analysis/` whose code and templates pages are made by."""


def _digest_of_files(*folders: Path) -> str:
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    sources = [file for file in files if file.suffix != ".pyc"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()


def _read_again_at_another_address(app: Sphinx, config: Config) -> None:
    """Let the address of the book count as code: Sphinx would keep the citations it has read."""
    config.tensuggestions_code = f"{config.tensuggestions_code} {config.html_baseurl}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part with Sphinx."""
    for part in PARTS:
        app.setup_extension(f"analysis.site.sphinx.{part}")
    # Sphinx looks at pages alone: it would keep them when the code that makes them changes, and
    # not even copy a changed style sheet. Configuration values say what to read or write again.
    code = [Path(__file__).parents[2] / room for room in ROOMS]
    theme = [Path(app.srcdir) / name for name in ("_static", "_templates")]
    app.add_config_value("tensuggestions_code", _digest_of_files(*code), "env", types=(str,))
    app.add_config_value("tensuggestions_theme", _digest_of_files(*theme), "html", types=(str,))
    app.connect("config-inited", _read_again_at_another_address)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
