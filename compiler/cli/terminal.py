"""What a terminal gets: color, lines of its width, and a sign that a command is still at work."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

FIRST_SECONDS: Final = 0.5
"""What is done by then needs no sign of life."""


def use_color(stream: TextIO) -> bool:
    """Color on a terminal only; NO_COLOR is obeyed (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_columns(stream: TextIO) -> int | None:
    """The cells of a line on a terminal; None where nothing limits it."""
    return terminal_width() if stream.isatty() else None


def terminal_width() -> int:
    """In columns: what `COLUMNS` says, else that of standard output, 80 where it has none (Python's `shutil`)."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (AttributeError, ValueError, OSError):
        return 80


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
