"""Kubernetes' quantities as exact numbers: k8s.io/apimachinery/pkg/api/resource/quantity.go."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_SUFFIX = re.compile(r"([KMGTPE]i|[numkMGTPE])?$")
_FACTORS = {
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", 1)},
    **{letter: Decimal(1000) ** -power for power, letter in enumerate("mun", 1)},
    "": Decimal(1),
}


@lru_cache(maxsize=4096, typed=True)
def exact_quantity(quantity: str | int | float) -> Decimal:
    """The number that a quantity stands for: `250m` is 0.25, `1Ki` is 1024, `1e3` is 1000.

    Raises decimal.InvalidOperation for what is no quantity.
    """
    text = str(quantity)
    suffix = _SUFFIX.search(text)
    unit = suffix.group() if suffix else ""
    return Decimal(text[: len(text) - len(unit)]) * _FACTORS[unit]
