"""The errors this project raises on purpose: each is one sentence that says what to do."""


class TenSuggestionsError(Exception):
    """Base of every expected failure; the command line prints its message and no traceback."""


class InputError(TenSuggestionsError, ValueError):
    """A value handed to this project is wrong; the message names it and the fix."""
