"""Where the templates of pages lie."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
"""A folder of Jinja templates; `analysis.report.markup` reads them."""
