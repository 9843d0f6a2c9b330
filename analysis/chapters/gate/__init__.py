"""The gate: on whose costs the intervals of the cost model hold the truth."""
