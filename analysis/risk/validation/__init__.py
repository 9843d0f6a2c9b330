"""Validation: what the models claim, compared with known truths and with published tables."""
