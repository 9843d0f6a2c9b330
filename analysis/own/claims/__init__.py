"""From tables of claims, members and cover to one row a person and year."""
