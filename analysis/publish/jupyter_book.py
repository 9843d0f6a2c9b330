"""Jupyter Book as a process that does not outlive the build that started it.

A build that is killed cannot end its child. The child would go on writing pages into the folder
that the next build has begun to use. Jupyter Book has no `__main__` either.
"""

import os
import sys
import threading
import time

LOOK_SECONDS = 0.2


def end_with(parent: int) -> None:
    """End this process soon after its parent, whose process id is given, has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    end_with(int(sys.argv.pop(1)))
    from jupyter_book.cli.main import main

    main()
