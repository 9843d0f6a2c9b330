"""A reader's own triangle of bills."""
