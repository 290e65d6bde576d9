"""Which item of a list is which: what names it, and which names only differ in a content's hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from compiler.model.objects import mapping_items

_HASHED = re.compile(r"(?P<stem>.+)-(?P<hash>[0-9a-f]{8,10})")

_KEYS: tuple[tuple[str, ...], ...] = (
    ("name",),
    ("key",),
    ("id",),
    ("mountPath",),
    ("containerPort", "protocol"),
    ("port", "protocol"),
    ("host",),
    ("path", "pathType"),
    ("topologyKey",),
    ("type",),
    ("secretName",),
    ("kind", "name", "namespace"),
    ("ip",),
    ("uid",),
)


def hash_stem(name: str) -> str:
    """`web-config` of `web-config-46cdf12f94`: what stays of a name that ends in its content's hash; else the name."""
    matched = _HASHED.fullmatch(name)
    return matched["stem"] if matched else name


def has_hash(name: str) -> bool:
    """Whether the name ends in a content's hash, as the compiler's ConfigMaps and smoke Jobs do."""
    return _HASHED.fullmatch(name) is not None


def item_labels(field: str, *sides: Sequence[Any]) -> list[list[str]] | None:
    """A label for each item of each side, unique within it; None where nothing names the items.

    `field` is the list's own name: the rules of a route are named by what they match, the sources of an
    environment by what they read.
    """
    if not all(isinstance(item, dict) for side in sides for item in side):
        return None
    special = _FIELD_LABELS.get(field)
    if special is not None:
        return _unique_labels([[special(item) for item in side] for side in sides])
    for keys in _KEYS:
        if all(keys[0] in item for side in sides for item in side):
            labels = _unique_labels([[_joined_key(item, keys) for item in side] for side in sides])
            if labels is not None:
                return labels
    return None


def _unique_labels(labels: list[list[str]]) -> list[list[str]] | None:
    return labels if all(len(set(side)) == len(side) and all(side) for side in labels) else None


def _joined_key(item: dict[str, Any], keys: tuple[str, ...]) -> str:
    return "/".join(str(item[key]) for key in keys if key in item)


def _route_rule_label(item: dict[str, Any]) -> str:
    """A route's rule by what it matches; an Ingress's by its host."""
    if "matches" not in item:
        return str(item.get("host") or "any request")
    matches = item["matches"] if isinstance(item["matches"], list) else []
    return " or ".join(_route_match_label(match) for match in matches if isinstance(match, dict)) or "any request"


def _route_match_label(match: dict[str, Any]) -> str:
    path = match.get("path") if isinstance(match.get("path"), dict) else None
    parts = [str(match.get("method", "")), str(path.get("value", "/")) if path else ""]
    for kind in ("headers", "queryParams"):
        parts += [f"{item.get('name')}={item.get('value')}" for item in mapping_items(match.get(kind))]
    return " ".join(part for part in parts if part) or "any request"


def _env_source_label(item: dict[str, Any]) -> str:
    """An `envFrom` entry by what it reads, less the content's hash."""
    for kind in ("configMapRef", "secretRef"):
        reference = item.get(kind)
        if isinstance(reference, dict):
            return f"{item.get('prefix', '')}{hash_stem(str(reference.get('name', '')))}"
    return ""


def _metric_label(item: dict[str, Any]) -> str:
    kind = str(item.get("type", ""))
    detail = item.get(kind[:1].lower() + kind[1:])
    name = detail.get("name") or detail.get("metric") if isinstance(detail, dict) else None
    return f"{kind}/{name.get('name')}" if isinstance(name, dict) else f"{kind}/{name}" if name else kind


_FIELD_LABELS: dict[str, Callable[[dict[str, Any]], str]] = {
    "rules": _route_rule_label,
    "envFrom": _env_source_label,
    "metrics": _metric_label,
}
