"""The arguments of `shipway why`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="FILE:LINE|ENV/RELEASE", help="a line of a rendered file, or a release")
    parser.add_argument("field", nargs="?", metavar="KIND/NAME:FIELD", help="with ENV/RELEASE: a field of an object")
    report_format(parser)
