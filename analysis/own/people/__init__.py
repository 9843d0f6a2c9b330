"""A reader's own people: their cells, the models on them, and what these say."""
