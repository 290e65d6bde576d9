"""Lengths of time as Go writes them."""

from __future__ import annotations

import re
from typing import Final

UNIT_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration_seconds(text: object, default: float) -> float:
    """A duration as Go writes it (`1h30m`, `5s`), or seconds as a number; the default where it is neither.

    Source: Argo CD, pkg/apis/application/v1alpha1/types.go `parseStringToDuration`.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", str(text))
    if parts and "".join(number + unit for number, unit in parts) == str(text):
        return sum(float(number) * UNIT_SECONDS[unit] for number, unit in parts)
    return float(str(text)) if re.fullmatch(r"\d+", str(text)) else default
