"""Kubernetes quantities as exact numbers. Source: k8s.io/apimachinery/pkg/api/resource/quantity.go."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

SUFFIXES: Final = {
    "": Decimal(1),
    **{unit: Decimal(1000) ** -power for power, unit in enumerate("mun", start=1)},
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", start=1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", start=1)},
}
GRAMMAR: Final = re.compile(
    r"([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?)([numkMGTPE]|[KMGTPE]i)?"
)
"""Kubernetes reads longer numbers too, none of which a cluster has room for."""


@lru_cache(maxsize=4096, typed=True)  # an environment repeats few quantities many times
def parse_quantity(quantity: str | int | float) -> Decimal:
    """The number that a quantity stands for, in cores, bytes or pieces: `250m` is 0.25, `1Ki` is 1024, `1e3` is 1000.

    Raises ValueError for any other text.
    """
    match = GRAMMAR.fullmatch(str(quantity))
    if match is None:
        raise ValueError(f"{quantity!r} is not a quantity")
    return Decimal(match[1]) * SUFFIXES[match[2] or ""]


def is_quantity(quantity: object) -> bool:
    """Whether `parse_quantity` reads it."""
    return type(quantity) in (str, int, float) and GRAMMAR.fullmatch(str(quantity)) is not None


def quantity_value(value: Any) -> Fraction:
    """What is written where a quantity belongs, as an exact number; 0 where it is none."""
    return _fraction(str(value))


@lru_cache(maxsize=4096)
def _fraction(quantity: str) -> Fraction:
    try:
        return Fraction(parse_quantity(quantity))
    except ValueError:
        return Fraction(0)


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
