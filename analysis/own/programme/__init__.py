"""Suggestion 10 on a reader's own table: how long until their own groups save.

Import from the modules: reading a user's file should not load the models.
"""
