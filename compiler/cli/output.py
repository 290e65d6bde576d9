"""Where results and findings go: results to standard output, the rest to standard error."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.terminal import use_color
from compiler.diagnostics.model import Diagnostic

DIAGNOSTIC_DOCUMENTS = ("json", "sarif", "github", "gitlab")


def print_diagnostics(
    diagnostics: Sequence[Diagnostic], args: argparse.Namespace | None, texts: Mapping[str, str] | None = None
) -> int:
    """Prints findings in the wanted format; returns 1 if one is an error, else 0.

    As data they are the result and go to standard output; as text they go to standard error.
    """
    wanted = getattr(args, "format", "text") or "text"
    if wanted == "text" and not diagnostics:
        return EXIT_OK
    from compiler.cli.diagnostics_output import diagnostics_document, write_diagnostics  # noqa: PLC0415 - not needed where all is well

    if wanted in DIAGNOSTIC_DOCUMENTS:
        sys.stdout.write(diagnostics_document(diagnostics, wanted))
    else:
        write_diagnostics(diagnostics, Path(getattr(args, "root", ".")), texts, use_color(sys.stderr))
    return EXIT_FAILURE if any(diagnostic.severity == "error" for diagnostic in diagnostics) else EXIT_OK


def print_done(args: argparse.Namespace, text: str) -> None:
    """What a command changed, on standard output. With -q it says nothing; a dry run is a question, and answers."""
    if not args.quiet or getattr(args, "dry_run", False):
        sys.stdout.write(text)


def print_notice(args: argparse.Namespace, message: str) -> None:
    """A line for people, on standard error, unless they asked for quiet; the results so far come before it."""
    if not args.quiet:
        sys.stdout.flush()
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
    print_notice(args, next_notice(args, command))


def next_notice(args: argparse.Namespace, command: str) -> str:
    return f"next: {with_root(command, args.given_root)}"


def with_root(command: str, root: str) -> str:
    """The command with `-C`, where it is one of ours and the folder was named; a pipe that follows stays behind it."""
    ours, pipe, rest = command.partition(" | ")
    if root == "." or not ours.startswith("shipway ") or " -C " in ours:
        return command
    return f"{ours} -C {shlex.quote(root)}{pipe}{rest}"
