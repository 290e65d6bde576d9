"""`overrides`: anything else, merged into one named object, except what Shipway's proofs rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object
from compiler.model.provenance import derived

OVERRIDES: Path = ("spec", "overrides")


def override_key(manifest: Manifest) -> str:
    return f"{manifest.kind}/{manifest.name}"


def with_override(manifest: Manifest, overrides: Mapping[str, Any]) -> Manifest:
    """The object with its override merged in: maps merge, lists replace, null deletes (as in RFC 7386)."""
    key = override_key(manifest)
    if key not in overrides:
        return manifest
    return Manifest(merge_patch(manifest.object, overrides[key]), manifest.origin)


def merge_patch(base: Object, patch: Mapping[str, Any]) -> Object:
    merged = dict(base)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = (
                merge_patch(below, value) if isinstance(below, dict) else derived(merge_patch({}, value), value)
            )
        else:
            merged[key] = value
    return merged
