"""Names of the files that a build stages for the pages beside their sources."""

NUMBERS_FOLDER = "_numbers"
"""Folder that holds one JSON file for each number."""

NUMBERS_INDEX = "_index.json"
"""File in that folder that changes whenever any number does."""

STATUS_FILE = "_status.json"
"""File that holds one mapping for each notebook: how it ran, and what it depends on."""
