"""Suggestion 6, consequences: rules of termination, their errors, and what deters."""
