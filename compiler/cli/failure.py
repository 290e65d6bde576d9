"""Exit statuses, and what a bug of ours says."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from typing import Final

from compiler import __version__

DONE: Final = 0
WRONG: Final = 1
USAGE: Final = 2
BUG: Final = 3
INTERRUPTED: Final = 130


def internal_error(error: BaseException) -> None:
    """Says in one line that the bug is ours, and keeps the traceback in a file to send along."""
    text = "".join(traceback.format_exception(error))
    descriptor, path = tempfile.mkstemp(prefix="shipway-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"shipway {__version__}, Python {sys.version}\n{text}")
    sys.stderr.write(f"shipway: a bug of ours: {type(error).__name__}: {error}\nhelp: report it with the log {path}\n")
