"""The arguments of `shipway comment`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the plans: what `plan --output 'DIR/{environment}.md'` wrote")
    parser.add_argument("--event", metavar="FILE", help="the event that started the workflow ($GITHUB_EVENT_PATH)")
    parser.add_argument(
        "--author",
        metavar="LOGIN",
        default="github-actions[bot]",
        help="whose comments are edited (default: github-actions[bot])",
    )
