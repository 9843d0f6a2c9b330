"""Suggestion 8, real or virtual budgets: bills that have not come yet, and what they hide.

Import from the modules: reading a user's file should not load the models.
"""
