"""`python -m analysis report`: the book's answers for a reader's own people, as HTML and PDF."""

from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import check_output_path, write_output
from analysis.commands.own_population import (
    WIDEST,
    AsJson,
    Input,
    Lasting,
    Maximum,
    Probability,
    Tolerance,
    chosen_settings,
    fitted_from,
)
from analysis.commands.tables import print_json
from analysis.errors import printable

REPORT_HELP = "\n\n".join(
    [
        "Write a report on your own people: minimum size, other populations beside it, what "
        "adjustment explains, stop-loss cover, how much few people matter, and what your data "
        "cannot tell. As one HTML file that needs nothing beside it, and as PDF.",
        "It is made from cells (see `cells`), so that nothing in it shows single people; a file "
        "of `people` is made into cells first. Nothing leaves this machine.",
        "Example: python -m analysis report cells.parquet --out report.html",
    ]
)


def report(
    file: Input,
    out: Annotated[
        Path,
        typer.Option(
            help="HTML file to write; the PDF is written beside it, with the same name. Both are "
            "replaced if they exist.",
            show_default=False,
        ),
    ],
    tolerance: Tolerance = None,
    probability: Probability = None,
    lasting: Lasting = None,
    maximum: Maximum = None,
    as_json: AsJson = False,
) -> None:
    """Write a report on a reader's own people; `REPORT_HELP` is what the user reads."""
    with failing_in_one_line():
        paper = out.with_suffix(".pdf")
        check_output_path(out, (".html", ".htm"), [file])
        check_output_path(paper, (".pdf",))
        settings = chosen_settings(tolerance, probability, lasting, maximum)
        fitted = fitted_from(file)
        from analysis.commands.progress import shown_steps
        from analysis.own.people.report.document import report_html, report_pdf, sentences
        from analysis.own.people.report.findings import compute_findings
        from analysis.own.people.report.pages import own_report

        with shown_steps("Computing", total=6) as step:
            findings = compute_findings(fitted, settings, step)
            step("figures")
            written = own_report(findings)
            step("PDF")
            page, printed = report_html(written).encode(), report_pdf(written)
        write_output(out, page)
        write_output(paper, printed)
    if as_json:
        print_json(written.numbers | {"out": [str(out), str(paper)]})
        return
    print(f"{printable(str(out))} and {printable(paper.name)}: written.")
    for section in written.first_page:
        for sentence in sentences(section):
            print(fill(sentence, WIDEST))
