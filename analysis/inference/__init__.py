"""Sampling: draws with named dims, diagnostics that can stop publication, a cache of fits."""
