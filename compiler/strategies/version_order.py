"""Which of two versions is the newer one, as far as their names tell."""

from __future__ import annotations

import re

PARTS = re.compile(r"\d+|[a-zA-Z]+")


def is_newer(left: str, right: str) -> bool:
    """True if `left` reads as newer: numbers compare as numbers, `1.0-rc1` precedes `1.0` (semver.org §11)."""
    return sort_key(left) > sort_key(right)


def sort_key(version: str) -> tuple[tuple[int, int, str], ...]:
    parts = PARTS.findall(version.partition("+")[0])
    # a number outranks the end, and the end outranks a pre-release word
    ranked = [(2, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]
    return (*ranked, (1, 0, ""))
