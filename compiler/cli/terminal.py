"""What a terminal gets: color, lines of its width, and how far a command is."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from compiler.support.work_count import work_under_way

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
def progress_shown(*, quiet: bool) -> Iterator[None]:
    """Shows the seconds on standard error while the work lasts, and how much of it is done, if that is a terminal.

    By a timer's signal, for beside a thread no process could be forked. The cursor stays at the start of the line:
    whatever is written next takes the place of the figure.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    start = time.monotonic()

    def show(_number: int, _frame: object) -> None:
        sys.stderr.write(f"{progress_line(time.monotonic() - start)}\033[K\r")
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


def progress_line(seconds: float) -> str:
    """`340 of 1,000 releases checked, 3 s …`; the seconds alone where nobody counts."""
    count = work_under_way()
    done = f"{count.done:,} of {count.total:,} {count.noun}, " if count is not None and count.total > 1 else ""
    return f"{done}{seconds:.0f} s …"
