"""How every command fails: one line that says what to do, and a documented exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from analysis.errors import TenSuggestionsError, printable

EXIT_CODES = "Exit codes: 0 done, 1 failed (the reason is printed), 2 wrong usage, 130 interrupted."


@contextmanager
def failing_in_one_line(work_left: str = "what was finished is kept") -> Iterator[None]:
    """Turn an expected failure, a full or locked disk or an interrupt into one line and exit code.

    Inside the commands, because typer turns a Ctrl-C that reaches it into exit code 1.

    Parameters
    ----------
    work_left : str
        What an interrupted user should know about the work that was done.
    """
    try:
        yield
    except TenSuggestionsError as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        raise  # whoever reads the output has seen enough; typer ends quietly
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"error: {printable(f'{where}{error.strerror or error}')}", file=sys.stderr)
        raise typer.Exit(1) from None
    except MemoryError:
        print("error: this machine has too little memory for that", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print(f"interrupted; {work_left}", file=sys.stderr)
        raise typer.Exit(130) from None
