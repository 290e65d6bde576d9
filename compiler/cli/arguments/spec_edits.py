"""What the verbs take that edit a spec."""

from __future__ import annotations

import argparse


def unit_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV/RELEASE", help="a release, or a group (its members move together)")


def change_option(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--change", choices=("minor", "major"), help=text)


def now_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--now", action="store_true", help="do not wait for the end of the soak time or for a promised date"
    )


def edit_options(parser: argparse.ArgumentParser) -> None:
    """What every verb takes that edits a spec; `publish` and `version` are options of some verbs only."""
    parser.set_defaults(publish=False, version=None)
    parser.add_argument("--dry-run", action="store_true", help="show the edit and write nothing")
    parser.add_argument("--commit", action="store_true", help="commit the edit on its own branch")
    parser.add_argument("--push", action="store_true", help="commit the edit on its own branch, and push that branch")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how the result is written (default: text)"
    )


def publish_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publish", action="store_true", help="edit, commit, verify and push at once")
