"""What a command that failed reports, and its exit status."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from typing import Final

from compiler import __version__
from compiler.cli.exit_status import EXIT_BUG, EXIT_INTERRUPTED
from compiler.cli.output import print_diagnostics
from compiler.diagnostics.model import Diagnostic, Rejected

PILOT_PACKAGES: Final = ("scipy", "urllib3")
"""What only `pilot`, `why-moved` and `status --wait` load: an extra of the package, for it is large."""


def report_failure(error: Exception, args: argparse.Namespace | None) -> int:
    """Reports what ended a command: what is wrong with its input, what the system refused, or a bug of ours."""
    if isinstance(error, Rejected):
        return print_diagnostics(error.diagnostics, args)
    if isinstance(error, OSError):
        return report_system_error(error)
    if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] in PILOT_PACKAGES:
        message = f"the package {error.name} is not installed: only the pilot needs it"
        return print_diagnostics(
            [Diagnostic("pilot-packages", message, None, "run `pip install 'shipway[pilot]'`")], None
        )
    report_internal_error(error)
    return EXIT_BUG


def report_internal_error(error: Exception) -> None:
    """Reports in one line that the bug is ours, and keeps the traceback in a file to send along."""
    text = "".join(traceback.format_exception(error))
    sys.stderr.write(f"shipway: a bug of ours: {type(error).__name__}: {error}\n")
    try:
        descriptor, path = tempfile.mkstemp(prefix="shipway-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"shipway {__version__}, Python {sys.version}\n{text}")
    except OSError:
        sys.stderr.write("help: report it with the text above\n")
        return
    sys.stderr.write(f"help: report it with the log {path}\n")


def report_system_error(error: OSError) -> int:
    """Reports what the system refused; the exit status. What was still to be written to standard output is let go."""
    if isinstance(error, BrokenPipeError):
        # the reader went away (`| head`): nothing is wrong, and nobody reads on
        sys.stderr.close()
        return EXIT_INTERRUPTED
    reason = (error.strerror or str(error)).lower()
    message = f"{error.filename}: {reason}" if error.filename else reason
    status = print_diagnostics(
        [Diagnostic("system-refused", message, None, "correct this, and run the command again")], None
    )
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the end of the process says it again
    return status
