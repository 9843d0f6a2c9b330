"""Suggestion 3, train leaders: how many are needed, and how long it takes to have them."""
