"""The arguments of `shipway pilot`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import pace_seconds, report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to watch (default: all)")
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--once", action="store_true", help="look once, then end (default)")
    pace.add_argument("--every", type=pace_seconds, metavar="30s", help="look again after this time, until you stop it")
    parser.add_argument("--dry-run", action="store_true", help="print what it would do, and change nothing")
    parser.add_argument(
        "--via",
        choices=("commit", "branch"),
        default="commit",
        help="branch: each move becomes a branch for a pull request; an abort is still published at once",
    )
    report_format(parser)
