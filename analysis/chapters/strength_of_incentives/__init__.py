"""Suggestion 5, neither too strong nor too weak: the share at risk, luck, and what to pay on."""
