"""How much one person's cost varies."""
