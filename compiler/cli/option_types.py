"""Numbers as options take them."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def integer_at_least(smallest: int) -> Callable[[str], int]:
    """An option's type: a whole number that is not below `smallest`; anything else is a usage error."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text[:18]) < smallest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {smallest} on")
        return int(text[:18])

    return number
