"""The arguments of `shipway docs`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", nargs="?", metavar="PAGE|CODE|COMMAND", help="what to print (default: list the pages)")
    parser.add_argument("--write", metavar="DIR", help="write all pages as files below DIR, to build a site from")
    parser.add_argument(
        "--open",
        action="store_true",
        help="show the page in a browser, until Ctrl-C (default: index)",
    )
