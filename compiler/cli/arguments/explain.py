"""The arguments of `shipway explain`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="the code that an error shows in brackets (default: list all)"
    )
    report_format(parser)
    parser.add_argument(
        "--fields", action="store_true", help="print which fields of which kinds `verify` judges, as Markdown"
    )
