"""Parts of pages from the templates of this room."""

from pathlib import Path

from analysis.report.markup import environment

TEMPLATES = Path(__file__).parent / "templates"


def filled(template: str, **fields: object) -> str:
    """Return a template filled in, as HTML; text is escaped, and no field may be missing.

    Parameters
    ----------
    template : str
        File name, without `.html.jinja`.
    """
    return environment(TEMPLATES).get_template(f"{template}.html.jinja").render(**fields)
