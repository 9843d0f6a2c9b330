"""What a budget formula explains, of people and of groups."""
