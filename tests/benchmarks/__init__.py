"""Benchmarks: each part of the core against a peer, side by side in one run."""
