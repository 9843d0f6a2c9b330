"""Publish: execute the notebooks, collect the numbers, build and serve the site."""
