"""The arguments of `shipway schema`."""

from __future__ import annotations

import argparse
from typing import Final

ANY_KIND: Final = "any"
SCHEMA_KINDS: Final = ("environment", "release", "group", ANY_KIND)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        nargs="?",
        type=str.lower,
        choices=SCHEMA_KINDS,
        metavar="KIND",
        help="environment, release or group; any: one schema for files of every kind, told apart by `kind`",
    )
    parser.add_argument("--write", metavar="DIR", help="write all of them as files below DIR")
    parser.add_argument("--fields", action="store_true", help="print every key of every kind, as Markdown")
