"""Where results and findings go: results to standard output, the rest to standard error."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from compiler import __version__
from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.diagnostics.model import Diagnostic

FORMATS = ("text", "json", "sarif", "github")


def use_color(stream: TextIO) -> bool:
    """Colour on a terminal only; NO_COLOR is obeyed (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_columns(stream: TextIO) -> int | None:
    """The cells of a line on a terminal; None where nothing limits it."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def print_diagnostics(
    diagnostics: Sequence[Diagnostic], args: argparse.Namespace | None, texts: Mapping[str, str] | None = None
) -> int:
    """Prints findings in the wanted format; returns 1 if one is an error, else 0.

    As data they are the result and go to standard output; as text they go to standard error.
    """
    wanted = getattr(args, "format", "text") or "text"
    failed = any(diagnostic.severity == "error" for diagnostic in diagnostics)
    if wanted in ("json", "sarif", "github"):
        sys.stdout.write(diagnostics_document(diagnostics, wanted))
    elif diagnostics:
        from compiler.diagnostics.render.text import diagnostics_text  # noqa: PLC0415 - only findings need it
        from compiler.source import excerpts  # noqa: PLC0415 - the same

        known = dict(texts) if texts is not None else excerpts(Path(getattr(args, "root", ".")), tuple(diagnostics))
        sys.stderr.write(diagnostics_text(diagnostics, known, use_color(sys.stderr)))
    return EXIT_FAILURE if failed else EXIT_OK


def diagnostics_document(diagnostics: Sequence[Diagnostic], wanted: str) -> str:
    if wanted == "json":
        from compiler.diagnostics.render.json import diagnostics_json  # noqa: PLC0415 - one format is used, not all

        return diagnostics_json(diagnostics)
    if wanted == "github":
        from compiler.diagnostics.render.github import github  # noqa: PLC0415 - the same

        return github(diagnostics)
    from compiler.diagnostics.render.sarif import sarif  # noqa: PLC0415 - the same
    from compiler.explanations.catalog import explanations  # noqa: PLC0415 - the same

    return sarif(diagnostics, explanations(), __version__)


def print_notice(args: argparse.Namespace, message: str) -> None:
    """A line for people, on standard error, unless they asked for quiet."""
    if not args.quiet:
        sys.stderr.write(message + "\n")


def print_detail(args: argparse.Namespace, message: str) -> None:
    """A line for people who asked for more with -v."""
    if args.verbose and not args.quiet:
        sys.stderr.write(message + "\n")


def count_with_noun(number: int, noun: str) -> str:
    """`1 object`, `2 objects`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def next_command(args: argparse.Namespace, command: str) -> None:
    """The literal next command, at the end of every command's output; the folder of `-C` goes with it."""
    root = getattr(args, "root", ".")
    there = (
        f" -C {shlex.quote(root)}" if root != "." and command.startswith("shipway ") and " -C " not in command else ""
    )
    print_notice(args, f"next: {command}{there}")


def add_format(parser: Any, formats: Sequence[str] = FORMATS) -> None:
    parser.add_argument("--format", choices=formats, default="text", help="how findings are written (default: text)")
