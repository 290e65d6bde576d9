"""Percentages and counts as Kubernetes rounds them."""

from __future__ import annotations

from typing import Any

from compiler.model.objects import integer_or_default


def scaled_value(value: Any, total: int, default: str, *, up: bool) -> int:
    """`value` (`2`, `"25%"`, None for `default`) of `total` pods, rounded up or down.

    Source: Kubernetes, apimachinery pkg/util/intstr, `GetScaledValueFromIntOrPercent`.
    """
    chosen = default if value is None else value
    if isinstance(chosen, str) and chosen.endswith("%"):
        product = integer_or_default(chosen[:-1], 0) * total
        return -(-product // 100) if up else product // 100
    return integer_or_default(chosen, 0)
