"""The arguments of the commands, a file each; here is what several take, and what all do.

Light on purpose: `--help` and completion load these and no stage. A command's module (`commands/NAME.py`) is imported
once its arguments are read.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Callable, Mapping
from typing import Final

DIAGNOSTIC_FORMATS: Final = ("text", "json", "sarif", "github", "gitlab")
QUIET_HELP: Final = "print only errors, warnings and what was asked for: a report, a dry run, --format json"


def add_command_arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Adds what the command takes beside the common arguments."""
    importlib.import_module(f"{__name__}.{command.replace('-', '_')}").arguments(parser)


def integer_at_least(smallest: int) -> Callable[[str], int]:
    """An option's type: a whole number of at least `smallest`; anything else is a usage error."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text[:18]) < smallest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {smallest}")
        return int(text[:18])

    return number


def common_arguments(parser: argparse.ArgumentParser, defaults: Mapping[str, object]) -> None:
    """-C, -q and -v, which may come before or after a command's name."""
    common = parser.add_argument_group("common")
    absent = argparse.SUPPRESS
    root, quiet, verbose = (defaults.get(name, absent) for name in ("root", "quiet", "verbose"))
    common.add_argument("-C", dest="root", metavar="DIR", default=root, help="the folder that holds environments/")
    common.add_argument("-q", dest="quiet", action="store_true", default=quiet, help=QUIET_HELP)
    common.add_argument("-v", dest="verbose", action="store_true", default=verbose, help="print more details")


def cache_option(parser: argparse.ArgumentParser) -> None:
    text = "neither read nor write the cache (SHIPWAY_CACHE names its folder; empty: no cache)"
    parser.add_argument("--no-cache", action="store_true", help=text)


def part_and_count(text: str) -> tuple[int, int]:
    """An option's value as a part of several, `I/N`; anything else is a usage error."""
    first, _, second = text.partition("/")
    part, count = map(integer_at_least(1), (first, second))
    if part > count:
        raise argparse.ArgumentTypeError(f"{text!r} is not a part: I is at most N")
    return part, count


def shard_option(parser: argparse.ArgumentParser) -> None:
    text = "only part I of N of the releases, to divide the work among machines; a group stays in one part"
    parser.add_argument("--shard", type=part_and_count, default=(1, 1), metavar="I/N", help=text)


def running_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="running",
        metavar="PLACE",
        help="what runs before a first publish: a folder, file, or REPO@REV:PATH",
    )


def pace_seconds(text: str) -> int:
    """Seconds in a duration of at least one second. Raises ArgumentTypeError."""
    match = re.fullmatch(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?", text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = 3600 * hours + 60 * minutes + seconds
    if not 1 <= total <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 30s, 5m or 1h")
    return total


def report_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how it is written (default: text)")
