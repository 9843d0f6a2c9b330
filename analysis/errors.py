"""The errors this project raises on purpose: each is one sentence that says what to do."""


class TenSuggestionsError(Exception):
    """Base of every expected failure; the command line prints its message and no traceback."""


class InputError(TenSuggestionsError, ValueError):
    """A value handed to this project is wrong; the message names it and the fix."""


def printable(text: str, most: int = 2_000) -> str:
    """Return text of others as a terminal may show it: no control characters, not endless.

    Parameters
    ----------
    text : str
        May hold anything, such as a column name with an escape sequence.
    most : int
        Characters kept; more are cut out of the middle.

    Returns
    -------
    str
        Characters that move the cursor, change colours or turn the writing direction are written
        as escapes; line ends are kept.
    """
    shown = "".join(c if c.isprintable() or c in "\n\u200d\xa0" else _escaped(c) for c in text)
    if len(shown) <= most:
        return shown
    return f"{shown[: most // 2]} … {shown[-most // 2 :]}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
