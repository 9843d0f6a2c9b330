"""Run the catalogue and write the tables that the book shows: `python -m tests.bad_inputs`."""

import sys

from analysis.files import write_if_changed
from tests.bad_inputs.catalogue import CATALOGUE, tables
from tests.bad_inputs.run import outcome
from tests.project.source import ROOT


def main():
    """Write what comes out now; an entry that breaks a promise stops it."""
    folder = ROOT / "book" / "bad_inputs"
    folder.mkdir(exist_ok=True)
    files = tables({group: [outcome(case) for case in cases] for group, cases in CATALOGUE.items()})
    for old in {path.name for path in folder.glob("*.csv")} - set(files):
        (folder / old).unlink()
    for name, text in files.items():
        write_if_changed(folder / name, text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
