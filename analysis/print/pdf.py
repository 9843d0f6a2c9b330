"""Documents as tagged PDF: Typst text in, bytes out."""

import tempfile
from collections.abc import Mapping
from pathlib import Path


def pdf_bytes(
    text: str, files: Mapping[str, bytes] | None = None, accessible: bool = True
) -> bytes:
    """Return a Typst document as a tagged PDF.

    Parameters
    ----------
    text : str
        The document, in Typst's language. With `#set document(date: none)` its bytes are the same
        at every build.
    files : mapping of str to bytes, optional
        Files that it includes, by the name it uses for them: figures, templates.
    accessible : bool
        Hold it to PDF/UA-1: a title, a language, a text for every figure and formula. A document
        that is not held to it is tagged all the same.

    Raises
    ------
    typst.TypstError
        When the document is wrong, or not accessible though it should be.
    """
    import typst

    # No font of this machine is used: Typst brings its own, so that documents look alike anywhere.
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {"document.typ": text.encode(), **(files or {})}.items():
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return typst.compile(
            Path(folder, "document.typ"),
            ignore_system_fonts=True,
            pdf_standards="ua-1" if accessible else [],
        )
