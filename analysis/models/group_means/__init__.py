"""Variation of one person and lasting differences of groups, from the mean costs of groups."""
