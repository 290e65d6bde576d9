"""The arguments of `shipway why-moved`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("commit", metavar="COMMIT", help="a published commit that the pilot made")
    parser.add_argument("name", nargs="?", metavar="ENV", help="which environment (default: all)")
    report_format(parser)
