"""Report: recorded numbers, figures, tables and stamps; what a chapter calls to publish.

Nothing that a chapter imports from here loads Sphinx: the parts that run inside the book's
build (`book_figure`, `sphinx_numbers`, `sphinx_math`) are imported by Sphinx alone.
"""

from analysis.report.figures import FigureBundle, show_figure, style
from analysis.report.monte_carlo import Simulated, over_draws
from analysis.report.numbers import Record, record
from analysis.report.stamps import Stamp, stamp
from analysis.report.tables import TableBundle, show_table

__all__ = [
    "FigureBundle",
    "Record",
    "Simulated",
    "Stamp",
    "TableBundle",
    "over_draws",
    "record",
    "show_figure",
    "show_table",
    "stamp",
    "style",
]
