"""Stop-loss cover: what it costs, what it takes away, and who buys it."""
