"""How every command fails: one line that says what to do, and a documented exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from analysis.errors import TenSuggestionsError

EXIT_CODES = "Exit codes: 0 done, 1 failed (the reason is printed), 2 wrong usage, 130 interrupted."


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn an expected failure or an interrupt into one line and its exit code.

    Inside the commands, because typer turns a Ctrl-C that reaches it into exit code 1.
    """
    try:
        yield
    except TenSuggestionsError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept", file=sys.stderr)
        raise typer.Exit(130) from None
