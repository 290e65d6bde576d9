"""The arguments of `shipway publish`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import DIAGNOSTIC_FORMATS, running_option, shard_option


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    shard_option(parser)
    parser.add_argument(
        "--again",
        metavar="ENV/RELEASE",
        help="publish the same content as a new commit, because Argo CD never retries a failed one",
    )
    running_option(parser)
    parser.add_argument("--plan", metavar="DIGEST", help="publish only what this plan showed (one environment)")
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that you know Argo CD has synced")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="CODE", help="publish despite findings with this code"
    )
    parser.add_argument(
        "--reason", metavar="TEXT", help="why you allow it; the commit records the reason (with --allow)"
    )
    parser.add_argument(
        "--format", choices=DIAGNOSTIC_FORMATS, default="text", help="how findings are written (default: text)"
    )
