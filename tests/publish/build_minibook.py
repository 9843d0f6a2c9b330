"""Build a copy of the small book in a process of its own, so that a test can kill it."""

import sys
from pathlib import Path

from analysis.errors import TenSuggestionsError
from analysis.publish.book import build_book
from tests.publish.conftest import project_at

if __name__ == "__main__":
    try:
        build_book(project_at(Path(sys.argv[1])))
    except TenSuggestionsError as error:
        sys.exit(f"error: {error}")
