"""The arguments of `shipway history`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import integer_at_least, report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="ENV[/RELEASE]", help="what to show (default: all environments)")
    parser.add_argument("--diff", metavar="REV", help="show what that publish changed, field by field")
    parser.add_argument(
        "--limit", type=integer_at_least(1), default=20, metavar="N", help="show at most this many rows (default: 20)"
    )
    report_format(parser)
