"""That a command is still at work, on a terminal."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FIRST_SECONDS: Final = 0.5
"""What is done by then needs no sign of life."""


@contextmanager
def elapsed_time_shown() -> Iterator[None]:
    """Shows the seconds on standard error while the work lasts, if that is a terminal.

    By a timer's signal, for beside a thread no process could be forked. The cursor stays at the start of the line:
    whatever is written next takes the place of the figure.
    """
    if not sys.stderr.isatty():
        yield
        return
    start = time.monotonic()

    def show(_number: int, _frame: object) -> None:
        sys.stderr.write(f"{time.monotonic() - start:.0f} s …\r")
        sys.stderr.flush()

    before = signal.signal(signal.SIGALRM, show)
    signal.setitimer(signal.ITIMER_REAL, FIRST_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if time.monotonic() - start > FIRST_SECONDS:
            sys.stderr.write("\033[K")
            sys.stderr.flush()
