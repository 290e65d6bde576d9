"""The arguments of `shipway site`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    parser.add_argument("--out", default="site", metavar="DIR", help="the folder to write (default: site)")
