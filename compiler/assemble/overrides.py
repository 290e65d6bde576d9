"""`overrides`: anything else, merged into one named object, except what Shipway's proofs rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.assemble.strategic_merge import strategic_merge
from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object
from compiler.model.provenance import derived

OVERRIDES: Path = ("spec", "overrides")


def override_key(manifest: Manifest) -> str:
    return f"{manifest.kind}/{manifest.name}"


def with_override(manifest: Manifest, overrides: Mapping[str, Any]) -> Manifest:
    """The object with its override merged in: as `kubectl patch` does, lists by their keys."""
    patch = overrides.get(override_key(manifest))
    if patch is None:
        return manifest
    return Manifest(strategic_merge(manifest.object, patch), manifest.origin)


def left_out(manifest: Manifest, overrides: Mapping[str, Any]) -> bool:
    """Whether the spec says of the object that it is not written: `null` in place of an override."""
    key = override_key(manifest)
    return key in overrides and overrides[key] is None


def merge_patch(base: Object, patch: Mapping[str, Any]) -> Object:
    """A map with another one merged in: maps merge, all else replaces, null deletes (RFC 7386)."""
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
