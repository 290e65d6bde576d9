"""The arguments of `shipway adopt`."""

from __future__ import annotations

import argparse
from typing import Final

RECEIPT_FORMATS: Final = ("text", "md", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="manifests of what runs: a folder, a file, REPO@REV:PATH, or - (standard input)",
    )
    parser.add_argument("--into", required=True, metavar="ENV", help="the environment that takes the releases in")
    parser.add_argument("--release", metavar="NAME", help="the release's name, if the source has only one workload")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--application", metavar="FILE", help="the Argo CD Application that applies the source today")
    place.add_argument("--namespace", metavar="NAME", help="the namespace of objects that do not name one")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="show the receipt; write nothing")
    mode.add_argument(
        "--check", action="store_true", help="write nothing; fail if the source has changed since it was adopted"
    )
    parser.add_argument(
        "--format", choices=RECEIPT_FORMATS, default="text", help="how the receipt is written (default: text)"
    )
