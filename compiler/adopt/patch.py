"""The smallest patch from one object to another, in the form that `overrides` merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

MERGE_KEYS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("spec", "containers"): ("name",),
    ("spec", "initContainers"): ("name",),
    ("spec", "volumes"): ("name",),
    ("spec", "imagePullSecrets"): ("name",),
    ("spec", "hostAliases"): ("ip",),
    ("spec", "topologySpreadConstraints"): ("topologyKey", "whenUnsatisfiable"),
    ("containers", "env"): ("name",),
    ("containers", "ports"): ("containerPort", "protocol"),
    ("containers", "volumeMounts"): ("mountPath",),
    ("initContainers", "env"): ("name",),
    ("initContainers", "ports"): ("containerPort", "protocol"),
    ("initContainers", "volumeMounts"): ("mountPath",),
    ("spec", "ports"): ("port", "protocol"),
}
"""The keys by which a list's items are told apart, by the field above the list and its own.

Source: Kubernetes, staging/src/k8s.io/api/core/v1/types.go, `patchMergeKey` and `listMapKey`.
"""


def merge_patch_between(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What, merged into `base` (maps merge, lists replace, null deletes: RFC 7386), gives `wanted`."""
    return _map_patch(base, wanted, None)


def override_between(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The override that makes `wanted` of `base`: as a merge patch, but lists with a key merge item by item."""
    return _map_patch(base, wanted, "")


def keyed_items(items: Any, above: str, field: str) -> dict[str, Any] | None:
    """The items of a list by their merge key, in order; None for a list that has none, or not in every item once."""
    keys = MERGE_KEYS.get((above, field))
    if keys is None or not isinstance(items, list):
        return None
    keyed = {_item_name(item, keys): item for item in items if isinstance(item, dict) and keys[0] in item}
    return keyed if len(keyed) == len(items) else None


def _item_name(item: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The item's keys as one name; TCP goes without saying."""
    parts = [str(item[key]) for key in keys if key in item]
    return "/".join(part for part in parts if part != "TCP")


def _map_patch(base: Mapping[str, Any], wanted: Mapping[str, Any], above: str | None) -> dict[str, Any]:
    """`above` is the field that holds these maps; None: no list has a key."""
    patch: dict[str, Any] = {key: None for key in base if key not in wanted}
    for key, value in wanted.items():
        if key not in base or base[key] != value:
            patch[key] = _value_patch(base.get(key), value, above, key)
    return {key: value for key, value in patch.items() if value is not NOTHING}


def _value_patch(below: Any, value: Any, above: str | None, field: str) -> Any:
    if isinstance(below, dict) and isinstance(value, dict):
        return _map_patch(below, value, None if above is None else field) or NOTHING
    if above is None:
        return value
    old, new = keyed_items(below, above, field), keyed_items(value, above, field)
    return value if old is None or new is None else _list_patch(old, new, above, field) or NOTHING


def _list_patch(old: Mapping[str, Any], new: Mapping[str, Any], above: str, field: str) -> list[Any]:
    keys = MERGE_KEYS[above, field]
    patch: list[Any] = [{**_item_keys(item, keys), "$patch": "delete"} for name, item in old.items() if name not in new]
    for name, item in new.items():
        inner = _map_patch(old[name], item, field) if name in old else item
        if inner:
            patch.append({**_item_keys(item, keys), **inner})
    return patch


def _item_keys(item: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: item[key] for key in keys if key in item}


NOTHING: Final[Sequence[Any]] = ()
"""Two values that differ in the order of their items alone."""
