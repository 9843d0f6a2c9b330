"""Suggestion 1, learn from IPAs: what happened to organisations like these."""
