"""The two kinds of YAML that Shipway reads, and the limits of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from compiler.source.scalars import Scalar, manifest_scalar, spec_scalar

MAX_DATA_FILE_BYTES = 1024 * 1024
MAX_BASE_CHAIN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes of a file, nested collections, values, values that aliases may add, and findings listed."""

    bytes: int
    depth: int
    values: int
    expansion: int
    findings: int = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of document is read: its limits, what unquoted words mean, and which tags are data."""

    limits: Limits
    plain: Callable[[str], Scalar]
    tags: frozenset[str]


SPEC = Dialect(
    limits=Limits(bytes=1024 * 1024, depth=64, values=50_000, expansion=0),
    plain=lru_cache(maxsize=4096)(spec_scalar),  # specs repeat their words
    tags=frozenset(),
)
"""Written for Shipway: YAML 1.2, nothing that a reviewer of one line could misread."""

MANIFEST = Dialect(
    limits=Limits(bytes=64 * 1024 * 1024, depth=100, values=1_000_000, expansion=200_000),
    plain=lru_cache(maxsize=4096)(manifest_scalar),
    tags=frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")),
)
"""Written by other tools: read as kubectl and Argo CD read it, anchors, merge keys and plain tags included."""
