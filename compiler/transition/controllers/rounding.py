"""Percentages and counts as Kubernetes rounds them."""

from __future__ import annotations

from typing import Any

from compiler.transition.objects import whole


def scaled(value: Any, total: int, default: str, *, up: bool) -> int:
    """`value` (`2`, `"25%"`, None for `default`) of `total` pods, rounded up or down.

    Source: Kubernetes, apimachinery pkg/util/intstr, `GetScaledValueFromIntOrPercent`.
    """
    chosen = default if value is None else value
    if isinstance(chosen, str) and chosen.endswith("%"):
        product = whole(chosen[:-1], 0) * total
        return -(-product // 100) if up else product // 100
    return whole(chosen, 0)
