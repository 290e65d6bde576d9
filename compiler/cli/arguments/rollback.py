"""The arguments of `shipway rollback`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import edit_options, publish_option, unit_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument(
        "--to",
        metavar="REV|VERSION",
        help="a version that served, or a commit of the specs or of the published branch (default: the same as abort)",
    )
    edit_options(parser)
    publish_option(parser)
