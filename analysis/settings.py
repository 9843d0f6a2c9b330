"""Constants and places that every room shares.

The interval, the seed and the folders are defined here once, so that a figure, a table and a
sentence cannot use different ones.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout: the folder that holds `analysis/`, `data/`, `notebooks/` and `book/`."""

DATA = ROOT / "data"
"""The frozen evidence: one Frictionless package a folder."""

NOTEBOOKS = ROOT / "notebooks"
"""The chapters: MyST Markdown notebooks, prose and calls only."""

BUILD = Path(os.environ.get("TENSUGGESTIONS_BUILD", ROOT / "_build"))
"""Everything that can be made again: fits, executed notebooks, the site."""

INTERVAL = 0.90
"""Probability inside every published interval: equal-tailed, credible."""

PROJECT_SEED = 20110613
"""Root of every random stream: the Viewpoint's publication date, 13 June 2011."""
