"""The one error this room raises, so that callers can catch it by name."""

from analysis.errors import TenSuggestionsError


class EvidenceError(TenSuggestionsError, ValueError):
    """A data file, table, name or value is not what it must be; the message says how to fix it."""
