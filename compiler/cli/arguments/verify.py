"""The arguments of `shipway verify`."""

from __future__ import annotations

import argparse
from typing import Final

from compiler.cli.arguments import DIAGNOSTIC_FORMATS

VERDICT_FORMATS: Final = (*DIAGNOSTIC_FORMATS, "svg")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "before",
        metavar="FROM",
        help="what runs now: a folder, a file, or REPO@REV:PATH; an empty folder means nothing",
    )
    parser.add_argument("after", metavar="TO", help="the new state: a folder, a file, or REPO@REV:PATH")
    repeatable(parser, "--sync-option", "NAME=VALUE", "how the Application syncs (PruneLast=true)")
    parser.add_argument("--application", metavar="FILE", help="take the options of this Argo CD Application")
    parser.add_argument("--namespace", metavar="NAME", help="the namespace for objects that do not name one")
    repeatable(parser, "--exclude", "GLOB", "files that the Application ignores (`directory.exclude`)")
    parser.add_argument(
        "--kustomize",
        action="store_true",
        help="judge what kustomize builds of each side, as Argo CD does (runs kustomize, or kubectl)",
    )
    parser.add_argument(
        "--baseline",
        action="store_true",
        help=(
            "also judge a plain change of every image, as the manifests handle it today; exit 0 if the change "
            "loses no more than that"
        ),
    )
    name = "KIND/NAMESPACE/NAME"
    repeatable(
        parser,
        "--graceful",
        f"{name}=REASON",
        "a workload whose process finishes its requests before it exits; REASON says who vouches for it",
    )
    parser.add_argument(
        "--kubernetes", metavar="VERSION", help="the cluster's version, as 1.34 (default: the newest that serves FROM)"
    )
    parser.add_argument(
        "--lag", type=float, metavar="SECONDS", help="seconds until every proxy knows new endpoints (default: 5)"
    )
    repeatable(parser, "--outside", name, "an object that exists in the cluster but in neither folder")
    inert = "a kind or a field that Shipway does not judge, but that does no harm here; REASON says why"
    repeatable(parser, "--inert", "KIND[:FIELD]=REASON", inert)
    parser.add_argument(
        "--format", choices=VERDICT_FORMATS, default="text", help="how the verdict is written (default: text)"
    )


def repeatable(parser: argparse.ArgumentParser, name: str, metavar: str, help: str) -> None:
    """An option that may be given several times; its values are a list."""
    parser.add_argument(name, action="append", default=[], metavar=metavar, help=help)
