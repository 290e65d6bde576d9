"""Kubernetes quantities as numbers (apimachinery pkg/api/resource)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

SUFFIXES: Final = {
    "": Decimal(1),
    "m": Decimal("0.001"),
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", start=1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", start=1)},
}
GRAMMAR: Final = re.compile(r"^([0-9]+(?:\.[0-9]+)?)(m|[kMGTPE]|[KMGTPE]i)?$")


@lru_cache(maxsize=1024, typed=True)  # an environment repeats few quantities many times
def parse_quantity(quantity: str | int) -> Decimal:
    """The quantity in cores, bytes or pieces; raises ValueError for any other text."""
    match = GRAMMAR.match(str(quantity))
    if match is None:
        raise ValueError(f"{quantity!r} is not a quantity")
    return Decimal(match[1]) * SUFFIXES[match[2] or ""]


def is_quantity(quantity: object) -> bool:
    """Whether `parse_quantity` reads it."""
    return type(quantity) in (str, int) and GRAMMAR.match(str(quantity)) is not None


def formatted_quantity(value: Decimal, unit: str) -> str:
    """An amount for people: `24 GiB`, `3.5 cores`."""
    if unit == "memory":
        for power, name in ((4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
            if value >= Decimal(1024) ** power:
                return f"{without_trailing_zeros(value / Decimal(1024) ** power)} {name}"
        return f"{without_trailing_zeros(value)} bytes"
    return without_trailing_zeros(value)


def without_trailing_zeros(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
