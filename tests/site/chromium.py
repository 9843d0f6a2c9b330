"""Where a Chromium is, on any machine; as a program it prints the place or fails."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def launches(place):
    """Return whether the browser at this place starts: a package may lack its libraries."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=place, args=arguments()).close()
        except Error:
            return False
    return True


def arguments():
    """Return how to start it: Chromium refuses its sandbox to root."""
    return ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []


def candidates():
    """Return the places to try: the one named by CHROMIUM, installed ones, Playwright's."""
    from playwright.sync_api import sync_playwright

    named = [os.environ.get("CHROMIUM", "")]
    installed = [shutil.which(name) or "" for name in NAMES]
    with sync_playwright() as playwright:
        own = [playwright.chromium.executable_path]
    return [place for place in [*named, *installed, *own] if place and Path(place).is_file()]


def find_chromium():
    """Return the first place that works, or None."""
    return next((place for place in candidates() if launches(place)), None)


if __name__ == "__main__":
    sys.exit(0 if find_chromium() else "no Chromium was found")
