"""What can go wrong in a build, each as one message."""

from analysis.errors import TenSuggestionsError


class BuildError(TenSuggestionsError):
    """The book cannot be built; the message says why and what to do."""


class NotebookError(BuildError):
    """A notebook's cell failed; the message names notebook, cell and error."""
