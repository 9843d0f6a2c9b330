"""Savings of organisations: what is chance, what persists, what grows."""
