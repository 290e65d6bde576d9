"""The arguments of `shipway abort`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import edit_options, publish_option, unit_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    edit_options(parser)
    publish_option(parser)
