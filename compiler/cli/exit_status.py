"""Exit statuses, and what a bug of ours says."""

from __future__ import annotations

import os
import sys
from typing import Final

from compiler import __version__
from compiler.diagnostics.model import Diagnostic

EXIT_OK: Final = 0
EXIT_FAILURE: Final = 1
EXIT_USAGE: Final = 2
EXIT_BUG: Final = 3
EXIT_INTERRUPTED: Final = 130


def report_internal_error(error: BaseException) -> None:
    """Says in one line that the bug is ours, and keeps the traceback in a file to send along."""
    import tempfile  # noqa: PLC0415 - 6 ms that only a bug is worth
    import traceback  # noqa: PLC0415 - as above

    text = "".join(traceback.format_exception(error))
    sys.stderr.write(f"shipway: a bug of ours: {type(error).__name__}: {error}\n")
    try:
        descriptor, path = tempfile.mkstemp(prefix="shipway-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"shipway {__version__}, Python {sys.version}\n{text}")
    except OSError:
        sys.stderr.write("help: report it with the words above\n")
        return
    sys.stderr.write(f"help: report it with the log {path}\n")


def report_system_error(error: OSError) -> int:
    """Says what the system refused; the exit status. What was still to be written to standard output is let go."""
    if isinstance(error, BrokenPipeError):
        # the reader went away (`| head`): nothing is wrong, and nobody reads on
        sys.stderr.close()
        return EXIT_INTERRUPTED
    from compiler.cli.output import print_diagnostics  # noqa: PLC0415 - only a failure needs the renderers

    said = (error.strerror or str(error)).lower()
    message = f"{error.filename}: {said}" if error.filename else said
    status = print_diagnostics([Diagnostic("system-refused", message, None, "see to it, and run it again")], None)
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the end of the process says it again
    return status
