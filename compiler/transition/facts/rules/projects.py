"""What an AppProject lets its Applications sync: kinds, and for cluster-scoped ones names.

Source: Argo CD, pkg/apis/application/v1alpha1/app_project_types.go `IsGroupKindNamePermitted`, types.go
`isResourceInList` and `isNamedResourceInList` (patterns are Go's `filepath.Match`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty

GROUP: Final = "argoproj.io"


def permits(project: Object, key: Key) -> bool:
    """Whether the project lets its Applications sync an object of this kind; without it they do not even see it."""
    spec = mapping_or_empty(project.get("spec"))
    if key.namespace:
        allowed = spec.get("namespaceResourceWhitelist")
        return (allowed is None or _lists_kind(allowed, key)) and not _lists_kind(
            spec.get("namespaceResourceBlacklist"), key
        )
    return _lists_kind(spec.get("clusterResourceWhitelist"), key) and not _lists_kind(
        spec.get("clusterResourceBlacklist"), key
    )


def is_destination(project: Object, namespace: str) -> bool:
    """Whether the project names the namespace among its destinations."""
    return any(fnmatchcase(namespace, place) for place in destination_namespaces(project))


def destination_namespaces(project: Object) -> list[str]:
    """The namespaces of its destinations, as patterns."""
    places = mapping_items(mapping_or_empty(project.get("spec")).get("destinations"))
    return [str(place.get("namespace") or "") for place in places]


def _lists_kind(entries: Any, key: Key) -> bool:
    return any(_entry_matches(entry, key) for entry in mapping_items(entries))


def _entry_matches(entry: Mapping[str, Any], key: Key) -> bool:
    name = "" if key.namespace else str(entry.get("name") or "")
    return (
        fnmatchcase(key.kind, str(entry.get("kind") or ""))
        and fnmatchcase(key.group, str(entry.get("group") or ""))
        and (not name or fnmatchcase(key.name, name))
    )
