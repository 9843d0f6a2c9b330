"""The smallest group that can bear its own budget."""
