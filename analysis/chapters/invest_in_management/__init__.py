"""Suggestion 2, invest in management: what a group chooses, and what a ring-fence changes."""
