"""Care and people taken out of the budget."""
