"""Cooperation of hospitals (suggestion 9): gain-shares, readmissions, and calls for advice."""
