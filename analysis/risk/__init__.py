"""Risk: measures on draws, from one person's cost to a pool's overspend."""
