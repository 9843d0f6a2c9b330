"""Positive cost as a generalised gamma, a rival form of the cost of one person."""
