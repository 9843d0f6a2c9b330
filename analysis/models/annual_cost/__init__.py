"""One person's annual cost: the tail, the cells, and what they share."""
