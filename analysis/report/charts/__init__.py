"""Charts: one module a chapter; finished arrays in, figure out; nothing is computed here."""
