"""How much of the spread of quality scores is sampling noise."""
