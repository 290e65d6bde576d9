"""The arguments of `shipway check`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import DIAGNOSTIC_FORMATS, cache_option, shard_option


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to check (default: all)")
    shard_option(parser)
    cache_option(parser)
    parser.add_argument(
        "--format", choices=DIAGNOSTIC_FORMATS, default="text", help="how findings are written (default: text)"
    )
