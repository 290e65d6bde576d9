"""The arguments of `shipway start`."""

from __future__ import annotations

import argparse

from compiler.cli.arguments.spec_edits import change_option, edit_options, unit_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument("--version", metavar="TAG", help="the image's tag")
    parser.add_argument("--digest", metavar="sha256:…", help="the image's digest")
    change_option(parser, "major: the input contract changes")
    parser.add_argument("--path", metavar="PATH", help="where clients find the new track (versioned)")
    parser.add_argument("--env", action="append", default=[], metavar="K=V", help="a variable of this version")
    parser.add_argument(
        "--member",
        action="append",
        default=[],
        metavar="NAME=TAG@DIGEST",
        help="the new version of a member (of a group)",
    )
    edit_options(parser)
