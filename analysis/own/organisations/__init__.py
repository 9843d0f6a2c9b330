"""A reader's own organisations: how many began, and how many succeeded."""
