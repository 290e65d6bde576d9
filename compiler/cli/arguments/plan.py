"""The arguments of `shipway plan`."""

from __future__ import annotations

import argparse
from typing import Final

from compiler.cli.arguments import integer_at_least, running_option, shard_option

PLAN_FORMATS: Final = ("text", "md", "json", "html", "svg", "sarif", "github", "gitlab", "junit")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to plan (default: all)")
    shard_option(parser)
    running_option(parser)
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that you know Argo CD has synced")
    parser.add_argument(
        "--format",
        action="append",
        choices=PLAN_FORMATS,
        default=[],
        help="how the plan is written (default: text); may be repeated, each followed by its --output",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="write to FILE; the first --output belongs to the first --format, and so on. `{environment}` in the name "
        "writes one file for each environment",
    )
    parser.add_argument(
        "--limit",
        type=integer_at_least(4096),
        default=65_536,
        metavar="BYTES",
        help="the longest Markdown that --format md writes (default: 65536; at least 4096)",
    )
