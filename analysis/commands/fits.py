"""`fits`: make every published fit that is not in the store."""

from analysis.commands.book_only import need_the_book
from analysis.commands.one_line_errors import failing_in_one_line

FITS_HELP = """Make every fit of the book that is not in the store.

`book` does this first. Two processes share the work, and every model is compiled once; a fit that
is there is left alone. What is made is kept in _build/cache/fits, keyed by model, data, priors,
sampler, seed and package versions."""


def fits() -> None:
    """Make the fits; `FITS_HELP` is what the user reads."""
    with failing_in_one_line():
        need_the_book("fits")
        from rich.console import Console

        from analysis.publish.book import only_build
        from analysis.publish.execute import Reporter
        from analysis.publish.fits import make_fits
        from analysis.publish.project import Project

        project, reporter = Project(), Reporter(Console())
        with only_build(project.build):
            if not make_fits(project, reporter):
                reporter.say("every fit is in the store")
