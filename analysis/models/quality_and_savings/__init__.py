"""How quality scores and savings of organisations go together."""
