"""Code that is folded away: its handle is called what it shows.

MyST-NB gives it a label of its own, "Toggle hidden content", so that somebody who speaks what they
read, "Show code cell source", could not open it (WCAG 2.5.3).
"""

from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def open_fold(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write the start of the fold, with the words for closed and open of which one is shown."""
    classes = " ".join(["admonition", "hide", *node["classes"]])
    words = "\n".join(
        f'<p class="{state} admonition-title">{translator.encode(node[prompt])}</p>'
        for state, prompt in (("collapsed", "prompt_show"), ("expanded", "prompt_hide"))
    )
    translator.body.append(f'<details class="{classes}">\n<summary>\n{words}\n</summary>\n')


def close_fold(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write its end."""
    translator.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx, in place of MyST-NB's own."""
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, close_fold))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
