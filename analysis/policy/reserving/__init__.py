"""Suggestion 8, real or virtual budgets: bills that have not come yet, and what they hide."""
