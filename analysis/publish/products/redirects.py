"""Pages that have moved: a small page stays at the old address and leads to the new one."""

from html import escape
from pathlib import Path

import yaml

from analysis.files import write_atomically
from analysis.publish.errors import BuildError
from analysis.publish.products.finished import Finished

MOVED = "_redirects.yml"
"""File of `book/` that maps each old page to its new one, both without `.html`."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<title>This page has moved</title>
<meta http-equiv="refresh" content="0; url={to}" />
<link rel="canonical" href="{to}" />
<meta name="robots" content="noindex" />
</head>
<body><main><h1>This page has moved</h1><p>It is now <a href="{to}">here</a>.</p></main></body>
</html>
"""


def read_redirects(file: Path) -> dict[str, str]:
    """Return the pages that have moved, and where to.

    Parameters
    ----------
    file : Path
        YAML; a missing file means that no page has moved.

    Raises
    ------
    BuildError
        When it is not a mapping of page to page, or a page leads to one that has moved too.
    """
    content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    content = {} if content is None else content
    if not isinstance(content, dict) or not all(
        isinstance(page, str) for pair in content.items() for page in pair
    ):
        raise BuildError(f"{file.name}: write one line `old: new` for each page that has moved.")
    for old, new in content.items():
        if new in content:
            raise BuildError(f"{file.name}: {old} leads to {new}, which has moved: name its place.")
    return content


def redirects(finished: Finished) -> None:
    """Put a page at every old address.

    Raises
    ------
    BuildError
        When a new place does not exist, or an old one does.
    """
    for old, new in read_redirects(finished.project.book / MOVED).items():
        if not (finished.site / f"{new}.html").is_file():
            raise BuildError(f"{MOVED}: {old} leads to {new}, which is no page of the site.")
        place = finished.site / f"{old}.html"
        if place.is_file():
            raise BuildError(f"{MOVED}: {old} has moved, but there is a page of that name.")
        up = "../" * old.count("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, _PAGE.format(to=escape(f"{up}{new}.html")))
