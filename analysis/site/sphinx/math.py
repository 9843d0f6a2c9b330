"""Mathematics as native MathML: no script to load, and nothing from another host."""

import re
from html import escape
from typing import Any, cast
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

RENDERER = "latex2mathml"
"""Name to give `html_math_renderer` in the configuration."""

_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align\*?|gathered|gather\*?|equation\*?)\}")
"""Environments that differ only in numbering, which Sphinx does, or that are unknown to it."""

_UNKNOWN = re.compile(r">\s*(\\[A-Za-z]+)\s*<")
_logger = logging.getLogger(__name__)


def to_mathml(latex: str, display: bool = False) -> str:
    r"""Return LaTeX as a MathML element.

    Parameters
    ----------
    latex : str
        Mathematics without its dollar signs. Lines divided by `\\` are aligned at `&`.
    display : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        The `math` element, with the LaTeX as its `alttext`.

    Raises
    ------
    ValueError
        When a command is not understood, or the LaTeX is malformed.
    """
    body = _ALIGNED.sub(r"\\\1{split}", latex.strip())
    if "\\\\" in body and "\\begin{" not in body:
        body = f"\\begin{{split}}{body}\\end{{split}}"
    try:
        mathml = convert(body, display="block" if display else "inline")
        # An environment it does not know comes out with a bare ampersand.
        ElementTree.fromstring(mathml)
    except Exception as error:  # the library raises a dozen unrelated types
        raise ValueError(f"mathematics {latex!r} is malformed: {type(error).__name__}") from error
    unknown = _UNKNOWN.search(mathml)
    if unknown:
        raise ValueError(f"mathematics {latex!r} has a command unknown here: {unknown.group(1)}")
    return mathml.replace("<math ", f'<math alttext="{escape(latex.strip())}" ', 1)


def _mathml_or_warning(node: nodes.Element, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display)
    except ValueError as error:
        _logger.warning(str(error), location=node, type="math")
        return f"<code>{escape(node.astext())}</code>"


def visit_inline(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Write one formula within a line."""
    translator.body.append(f'<span class="math">{_mathml_or_warning(node, False)}</span>')
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Write one displayed formula, with its equation number where it has a label."""
    # Wide formulas scroll, and whatever scrolls must be reachable from the keyboard.
    opening = translator.starttag(node, "div", CLASS="math", tabindex="0")
    translator.body.append(opening + _mathml_or_warning(node, True))
    if node["number"]:
        number = get_node_equation_number(translator, cast("Any", node))
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer(RENDERER, (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
