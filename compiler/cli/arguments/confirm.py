"""The arguments of `shipway confirm`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV", help="which environment")
    parser.add_argument("rev", metavar="REV", nargs="?", help="the published commit (default: the branch's head)")
