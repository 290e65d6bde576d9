"""The arguments of `shipway finish`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import edit_options, now_option, unit_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    now_option(parser)
    edit_options(parser)
