"""The arguments of `shipway build`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import cache_option, shard_option


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to build (default: all)")
    shard_option(parser)
    cache_option(parser)
    parser.add_argument("--out", default="out", metavar="DIR", help="write below DIR/<environment>/ (default: out)")
