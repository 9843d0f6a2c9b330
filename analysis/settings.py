"""Constants and places that every room shares.

The interval, the seed and the folders are defined here once, so that a figure, a table and a
sentence cannot use different ones.
"""

import os
from pathlib import Path

from analysis.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
"""The checkout: the folder that holds `analysis/`, `data/`, `notebooks/` and `book/`."""

_IN_THE_WHEEL = Path(__file__).resolve().parent / "frozen"

INSTALLED = _IN_THE_WHEEL.is_dir()
"""Whether this is an installed wheel, which brings the tables and has no book (see `setup.py`)."""

DATA = _IN_THE_WHEEL if INSTALLED else ROOT / "data"
"""The frozen evidence: one Frictionless package a folder."""

NOTEBOOKS = ROOT / "notebooks"
"""The chapters: MyST Markdown notebooks, prose and calls only."""

_CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

_MADE_HERE = _CACHES / "tensuggestions" if INSTALLED else ROOT / "_build"

BUILD = Path(os.environ.get("TENSUGGESTIONS_BUILD", _MADE_HERE))
"""Everything that can be made again: fits, executed notebooks, the site."""

SEED_VARIABLE = "TENSUGGESTIONS_SEED"
"""Environment variable by which `verify` computes everything with other random numbers."""

INTERVAL = 0.90
"""Probability inside every published interval: equal-tailed, credible."""

INTERVAL_PERCENT = f"{INTERVAL:.0%}"
"""The same in print, for captions and headings."""

INTERVAL_WORDS = f"{INTERVAL_PERCENT} interval"
"""What a caption calls the interval."""

PUBLISHED_SEED = 20110613
"""Seed of what is published: the Viewpoint's publication date, 13 June 2011."""


def _seed() -> int:
    """Return the seed that the environment asks for, the published one by default."""
    named = os.environ.get(SEED_VARIABLE, str(PUBLISHED_SEED))
    if not (named.isascii() and named.isdigit()):
        raise InputError(f"{SEED_VARIABLE} is {named!r}: give a whole number, 0 or above.")
    return int(named)


PROJECT_SEED = _seed()
"""Root of every random stream of this process."""
