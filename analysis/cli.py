"""The command line: `python -m analysis …`, or `tensuggestions …`.

Exit codes: 0 done; 1 the work failed, for the reason printed; 2 the command was not understood;
130 interrupted. Rooms are imported when a command needs them, so that `--help` is immediate.
"""

import os
import sys
from typing import Annotated

import typer

from analysis.commands.book_only import need_the_book
from analysis.commands.briefings import BRIEFINGS_HELP, briefings
from analysis.commands.cells import COMMAND_HELP as CELLS_HELP
from analysis.commands.cells import cells
from analysis.commands.describe import DESCRIBE_HELP, describe
from analysis.commands.example import EXAMPLE_HELP, example
from analysis.commands.expected import EXPECTED_HELP, expected
from analysis.commands.fit import FIT_HELP, fit
from analysis.commands.fits import FITS_HELP, fits
from analysis.commands.forecast import FORECAST_HELP, forecast
from analysis.commands.groups import GROUPS_HELP, groups
from analysis.commands.mature import MATURE_HELP, mature
from analysis.commands.numbers import NUMBERS_HELP, numbers
from analysis.commands.one_line_errors import EXIT_CODES, failing_in_one_line
from analysis.commands.people import PEOPLE_HELP, people
from analysis.commands.release import RELEASE_HELP, release
from analysis.commands.report import REPORT_HELP, report
from analysis.commands.runoff import RUNOFF_HELP, runoff
from analysis.commands.size import SIZE_HELP, size
from analysis.commands.stop_loss import STOP_LOSS_HELP, stop_loss
from analysis.commands.verify import VERIFY_HELP, verify

app = typer.Typer(
    name="tensuggestions",
    help="Ten Suggestions, Tested: answers for your own people; build, read and serve the book.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


app.command(help=EXAMPLE_HELP)(example)
app.command(help=DESCRIBE_HELP)(describe)
app.command(help=PEOPLE_HELP)(people)
app.command(help=CELLS_HELP)(cells)
app.command(help=FIT_HELP)(fit)
app.command(help=SIZE_HELP)(size)
app.command("stop-loss", help=STOP_LOSS_HELP)(stop_loss)
app.command(help=EXPECTED_HELP)(expected)
app.command(help=REPORT_HELP)(report)
app.command(help=RUNOFF_HELP)(runoff)
app.command(help=FORECAST_HELP)(forecast)
app.command(help=GROUPS_HELP)(groups)
app.command(help=MATURE_HELP)(mature)
app.command(help=VERIFY_HELP)(verify)
app.command(help=BRIEFINGS_HELP)(briefings)


@app.command()
def book(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Execute every notebook and build every page anew.")
    ] = False,
) -> None:
    """Make the fits, execute the notebooks that changed, build the site into _build/html."""
    with failing_in_one_line():
        need_the_book("book")
        from analysis.publish.book import build_book

        build_book(fresh=fresh)


app.command(help=FITS_HELP)(fits)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of this machine; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the built site to this machine only, until interrupted."""
    with failing_in_one_line():
        need_the_book("serve")
        from analysis.publish.project import Project
        from analysis.publish.server import HOST, make_server

        with make_server(Project().site, port) as server:
            print(f"http://{HOST}:{server.server_port}/ (Ctrl-C stops)")
            server.serve_forever()


app.command(help=NUMBERS_HELP)(numbers)
app.command(help=RELEASE_HELP)(release)


def main() -> None:
    """Run the command line; output that cannot be written is a failure told in one line."""
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            reason = error.strerror or error
            print(f"error: the output cannot be written: {reason}", file=sys.stderr)
        # What is left in the buffer would fail once more, with a traceback, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
