"""Strategic merge: as `kubectl patch` does it, lists merge by the keys that Kubernetes' own schemas name.

Source: Kubernetes, docs "Update API Objects in Place Using kubectl patch"; the keys are `x-kubernetes-list-map-keys`
and `x-kubernetes-patch-strategy` of the API's published definitions (`validate/bundle.py` writes `merge_keys.json`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.provenance import derived

MERGE_KEYS: Final = Path(__file__).with_name("merge_keys.json")
DIRECTIVE: Final = "$patch"
"""what an item of a patch may say: `delete` takes the item of its keys away, `replace` all that is not in the patch"""
KEY_DEFAULTS: Final = {"protocol": "TCP"}
"""what a key is where an item leaves it out (Kubernetes, pkg/apis/core/v1/defaults.go)"""


class ListKeys(NamedTuple):
    """How a field goes on: the definition below it, and by what the items of a list are told apart (none: replaced)."""

    definition: str
    keys: Sequence[str]


Fields = Mapping[str, ListKeys]


@cache
def merge_definitions() -> Mapping[str, Mapping[str, Any]]:
    """The kinds that have lists with keys, and the fields of each definition that lead to one."""
    known: Mapping[str, Mapping[str, Any]] = json.loads(MERGE_KEYS.read_bytes())
    return known


@cache
def fields_of(definition: str) -> Fields:
    """The fields of a definition that lead to lists with keys."""
    fields = merge_definitions()["fields"].get(definition, {})
    return {name: ListKeys(below, keys) for name, (below, keys) in fields.items()}


def strategic_merge(base: Object, patch: Mapping[str, Any]) -> Object:
    """The object with the patch merged in: maps merge, lists with keys by these, others replace, null deletes."""
    definition = merge_definitions()["kinds"].get(f"{base.get('apiVersion')} {base.get('kind')}", "")
    return merged_map(base, patch, definition)


def merged_map(base: Object, patch: Mapping[str, Any], definition: str) -> Object:
    known, merged = fields_of(definition), dict(base)
    for key, value in patch.items():
        below = known.get(key, ListKeys("", ()))
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            inner = merged.get(key)
            whole = merged_map(inner if isinstance(inner, dict) else {}, value, below.definition)
            merged[key] = whole if isinstance(inner, dict) else derived(whole, value)
        elif below.keys and are_items(value) and are_items(merged.get(key, [])):
            merged[key] = merged_list(merged.get(key, []), value, below)
        else:
            merged[key] = value
    return merged


def are_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def merged_list(base: Sequence[Object], patch: Sequence[Object], known: ListKeys) -> list[Object]:
    """The items of the base with those of the patch of equal keys merged in, then the patch's own."""
    replaced = any(item.get(DIRECTIVE) == "replace" for item in patch)
    patches = {item_key(item, known.keys): item for item in patch if item.get(DIRECTIVE) != "replace"}
    items: list[Object] = []
    for item in () if replaced else base:
        own = patches.pop(item_key(item, known.keys), None)
        if own is None or own.get(DIRECTIVE) != "delete":
            items.append(item if own is None else merged_map(item, own, known.definition))
    return [*items, *(merged_map({}, item, known.definition) for item in patches.values() if DIRECTIVE not in item)]


def item_key(item: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """What tells the item of a list from others."""
    return tuple(str(item.get(key, KEY_DEFAULTS.get(key))) for key in keys)
