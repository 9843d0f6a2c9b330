"""The report on a reader's own people."""
