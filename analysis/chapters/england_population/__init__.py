"""The English population that looks like England."""
