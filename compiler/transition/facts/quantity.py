"""Quantities as Kubernetes writes them: `250m`, `2Gi`, `1e3`.

Source: Kubernetes, apimachinery pkg/api/resource/quantity.go.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

# apimachinery reads longer numbers too, none of which a cluster has room for
QUANTITY = re.compile(
    r"^([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))(?:[eE]([+-]?[0-9]{1,2}))?([numkMGTPE]|[KMGTPE]i)?$"
)
DECIMAL_SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY_SUFFIXES = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}


def quantity_value(value: Any) -> Fraction:
    """A Kubernetes quantity (`250m`, `2Gi`, `1e3`) as an exact number; 0 where it is none."""
    return parse_decimal(str(value))


@lru_cache(maxsize=4096)  # manifests repeat few quantities many times
def parse_decimal(text: str) -> Fraction:
    match = QUANTITY.match(text)
    if match is None:
        return Fraction(0)
    number, exponent, unit = match[1], int(match[2] or 0), match[3] or ""
    scale = Fraction(2) ** BINARY_SUFFIXES[unit] if unit in BINARY_SUFFIXES else Fraction(10) ** DECIMAL_SUFFIXES[unit]
    return Fraction(number) * Fraction(10) ** exponent * scale
