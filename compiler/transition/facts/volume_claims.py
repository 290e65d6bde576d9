"""What volume claims name: the class that provides the volume, and the snapshot or claim that fills it.

Source: Kubernetes, pkg/apis/core/types.go `PersistentVolumeClaimSpec` (a claim stays Pending without them).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value


def requested_storage(spec: object) -> Fraction:
    """The bytes that a claim of this spec requests."""
    return quantity_value(nested_value(mapping_or_empty(spec), "resources", "requests", "storage"))


def storage_class(spec: object, field: str = "storageClassName") -> Key | None:
    """The StorageClass that a claim's spec names; None: the cluster's default."""
    name = mapping_or_empty(spec).get(field)
    return Key("storage.k8s.io", "StorageClass", "", str(name)) if name else None


def named_by_claim(claim: Object, namespace: str) -> Iterator[Key]:
    """The StorageClass of a claim or of a claim template, and its data sources."""
    spec = mapping_or_empty(claim.get("spec"))
    named = storage_class(spec)
    if named is not None:
        yield named
    for field in ("dataSource", "dataSourceRef"):
        source = mapping_or_empty(spec.get(field))
        if source.get("name"):
            place = str(source.get("namespace") or namespace)
            yield Key(str(source.get("apiGroup") or ""), str(source.get("kind")), place, str(source["name"]))


def held_volume(claim: Object) -> Key | None:
    """The PersistentVolume that a claim names; None: it takes one that fits, or gets one made."""
    name = nested_value(claim, "spec", "volumeName")
    return Key("", "PersistentVolume", "", str(name)) if name else None


def claims_of(key: Key, obj: Object) -> Iterator[Object]:
    """The object itself where it is a claim; of a StatefulSet its claim templates."""
    if key.distinct_kind == "PersistentVolumeClaim":
        yield obj
    elif key.distinct_kind == "StatefulSet":
        yield from map(dict, mapping_items(mapping_or_empty(obj.get("spec")).get("volumeClaimTemplates")))
