"""The arguments of `shipway demo`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", metavar="DIR", help="work there and leave it (default: a new temporary folder)")
