"""The arguments of `shipway status`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments import pace_seconds, report_format


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to show (default: all)")
    parser.add_argument(
        "--wait", action="store_true", help="wait until Argo CD reports what is published as Synced and Healthy"
    )
    parser.add_argument(
        "--timeout", type=pace_seconds, default=600, metavar="10m", help="the longest --wait (default: 10m)"
    )
    report_format(parser)
