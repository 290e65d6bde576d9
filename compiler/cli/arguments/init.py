"""The arguments of `shipway init`."""

from __future__ import annotations

import argparse
import re
from typing import Final

CI_SYSTEMS: Final = ("github", "gitlab", "none")
FIRST_STRATEGIES: Final = ("blueGreen", "canary", "versioned", "rolling", "recreate")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="name what it would write, and write nothing")
    ci = "for which CI the files are (default: gitlab if there is a .gitlab-ci.yml, else github)"
    parser.add_argument("--ci", choices=CI_SYSTEMS, metavar="|".join(CI_SYSTEMS), help=ci)
    parser.add_argument(
        "--strategy",
        choices=FIRST_STRATEGIES,
        default=FIRST_STRATEGIES[0],
        metavar="|".join(FIRST_STRATEGIES),
        help="how the example's version changes in prod (default: blueGreen)",
    )
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: here)")
    parser.add_argument(
        "--action",
        type=action_address,
        metavar="OWNER/REPOSITORY@COMMIT",
        help="the Shipway action that the workflows use (default: what this Shipway was installed from)",
    )


def action_address(text: str) -> str:
    """An option's value as an action pinned by commit; anything else is a usage error."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+(/[\w.-]+)*@[0-9a-f]{40}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not OWNER/REPOSITORY@COMMIT with a commit's 40 digits")
    return text
