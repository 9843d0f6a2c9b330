"""`python -m tests.benchmarks`: every comparison in one table; fails if an answer is wrong."""

import sys
import time
import warnings

from analysis.publish.build_times import BUILD_TIMES, BuildTimes
from analysis.settings import BUILD
from tests.benchmarks.cells import cell_benchmarks
from tests.benchmarks.claims import claim_benchmarks
from tests.benchmarks.imports import import_benchmarks
from tests.benchmarks.pooling import pooling_benchmarks
from tests.benchmarks.results import print_table
from tests.benchmarks.scale import scale_benchmarks


def main() -> int:
    """Run all benchmarks and return the exit code: 1 if two sides disagree."""
    # Notices of the libraries, not of this run: they would bury the table.
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    comparisons = [
        *import_benchmarks(),
        *pooling_benchmarks(),
        *cell_benchmarks(),
        *scale_benchmarks(),
        *claim_benchmarks(),
    ]
    print_table(comparisons)
    print(f"Took {time.perf_counter() - start:.0f} s.")
    stamp = BUILD / BUILD_TIMES
    if stamp.is_file():
        print(f"The last build of the book took {BuildTimes.from_json(stamp.read_text())}.")
    wrong = [found.task for found in comparisons if not found.agrees]
    for task in wrong:
        print(f"The two sides disagree, or ours grows: {task}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
