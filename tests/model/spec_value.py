"""What a key is tried with: a value, another one, and what else the specs must hold for it to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ABSENT: Final = object()
DIGEST: Final = "sha256:" + "a" * 64
FILES: Final = {
    "model.json": '{"a": 1}',
    "other.json": '{"b": 1}',
    "tls.crt": "CERT",
    "tls.key": "KEY",
    "o.crt": "OTHER",
}


@dataclass(frozen=True)
class Value:
    """`value` of a key against `other`, with these keys `beside` it, and `also` these elsewhere in the spec."""

    value: Any
    other: Any = ABSENT
    beside: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)
    """by dotted path in the release's spec"""
    environment: Mapping[str, Any] = field(default_factory=dict)
    """by dotted path in the environment's spec"""
    providers: tuple[str, ...] = ("gatewayApi",)
    strategy: str = "rolling"
    """where the key does not say it"""
    nothing: str = ""
    """why the key decides nothing here"""
