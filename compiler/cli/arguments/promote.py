"""The arguments of `shipway promote`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import change_option, edit_options


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="RELEASE", help="a release or group that both environments have")
    parser.add_argument("--from", dest="source", required=True, metavar="ENV", help="where the version serves")
    parser.add_argument("--to", dest="target", required=True, metavar="ENV", help="where to start it")
    change_option(parser, "default: as in the spec of that version")
    edit_options(parser)
