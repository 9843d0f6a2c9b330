"""People and what they cost: risk groups and risk cells (sufficient statistics)."""
