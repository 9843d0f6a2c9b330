"""HTML from templates, with everything that people wrote escaped."""

from functools import cache
from pathlib import Path

import jinja2


@cache
def environment(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder; a field that is missing is an error, not a gap."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
