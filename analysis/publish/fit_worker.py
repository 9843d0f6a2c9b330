"""The process that makes fits: told their names on standard input, answers in lines of JSON.

``python -m analysis.publish.fit_worker MODULE``: the module's function ``tasks`` returns them.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TextIO

from analysis.errors import TenSuggestionsError
from analysis.inference.cache import FitCache
from analysis.publish.fit_tasks import FitTask


def main() -> None:
    """Make each task that is asked for, until standard input ends."""
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    registry: Callable[[], Iterable[FitTask]] = importlib.import_module(sys.argv[1]).tasks
    tasks = {task.name: task for task in registry()}
    for line in sys.stdin:
        _answer(tasks[line.rstrip("\n")], answers)


def _answer(task: FitTask, answers: TextIO) -> None:
    started, stored_before = time.monotonic(), len(FitCache.stored)
    answer: dict[str, object] = {}
    try:
        task.make()
    except TenSuggestionsError as error:
        answer["error"] = str(error)
    except Exception as error:  # told in one line by the process that asked, with its name
        answer["error"] = f"{type(error).__name__}: {error}"
    answer["seconds"] = round(time.monotonic() - started, 1)
    answer["made"] = FitCache.stored[stored_before:]
    answer["data"] = _data_read()
    print(json.dumps(answer), file=answers, flush=True)


def _data_read() -> dict[str, str]:
    from analysis.report.provenance import data_digests

    return data_digests()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
