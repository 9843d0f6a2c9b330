"""The command line: `python -m analysis …`, or `tensuggestions …`.

Exit codes: 0 done; 1 the work failed, for the reason printed; 2 the command was not understood;
130 interrupted. Rooms are imported when a command needs them, so that `--help` is immediate.
"""

import sys
from typing import Annotated

import typer

from analysis.commands.briefings import BRIEFINGS_HELP, briefings
from analysis.commands.cells import COMMAND_HELP as CELLS_HELP
from analysis.commands.cells import cells
from analysis.commands.describe import DESCRIBE_HELP, describe
from analysis.commands.plainly import EXIT_CODES, told_plainly
from analysis.commands.runoff import RUNOFF_HELP, runoff
from analysis.commands.verify import VERIFY_HELP, verify

app = typer.Typer(
    name="tensuggestions",
    help="Ten Suggestions, Tested: build, read and serve the book; sum your own data into cells.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


app.command(help=DESCRIBE_HELP)(describe)
app.command(help=CELLS_HELP)(cells)
app.command(help=RUNOFF_HELP)(runoff)
app.command(help=VERIFY_HELP)(verify)
app.command(help=BRIEFINGS_HELP)(briefings)


@app.command()
def book(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Execute every notebook and build every page anew.")
    ] = False,
) -> None:
    """Execute the notebooks that changed and build the site into _build/html."""
    from analysis.publish.book import build_book

    with told_plainly():
        build_book(fresh=fresh)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of this machine; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the built site to this machine only, until interrupted."""
    from analysis.publish.project import Project
    from analysis.publish.server import HOST, make_server

    with told_plainly(), make_server(Project().site, port) as server:
        print(f"http://{HOST}:{server.server_port}/ (Ctrl-C stops)")
        server.serve_forever()


@app.command()
def numbers(
    json: Annotated[bool, typer.Option("--json", help="Print numbers.json instead.")] = False,
) -> None:
    """Print every number that the executed notebooks recorded."""
    from analysis.publish.numbers_file import numbers_json
    from analysis.publish.project import Project
    from analysis.report.numbers import read_records

    with told_plainly():
        records = read_records(*Project().records_folders())
    if json:
        sys.stdout.write(numbers_json(records))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "number", "grade", "label")
    for record in records.values():
        table.add_row(record.id, record.text, record.grade, record.label)
    Console().print(
        table if records else "No number is recorded yet: run `python -m analysis book`."
    )


def main() -> None:
    """Run the command line."""
    app()
