"""Suggestion 10, allow five to ten years: growth, forecasts, and phasing risk in."""
