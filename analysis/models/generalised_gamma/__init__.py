"""Positive cost as a generalised gamma, the hurdle model's rival for the body of costs."""
