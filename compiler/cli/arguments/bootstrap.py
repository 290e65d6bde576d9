"""The arguments of `shipway bootstrap`."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV", help="which environment")
    parser.add_argument(
        "--pilot", action="store_true", help="print the CronJob that runs the pilot, and its rights, instead"
    )
