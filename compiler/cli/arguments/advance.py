"""The arguments of `shipway advance`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import edit_options, now_option, unit_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument("--to", metavar="STEP", help="take all steps up to this one in one commit: 50, switch")
    now_option(parser)
    edit_options(parser)
