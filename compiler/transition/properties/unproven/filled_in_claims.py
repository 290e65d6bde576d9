"""accepted, for claims that come to say what the cluster has filled in: any other value is refused.

Source: Kubernetes, pkg/apis/core/validation `ValidatePersistentVolumeClaimUpdate` (the live claim is compared);
pkg/controller/volume/persistentvolume (a bound claim has a volume); plugin/pkg/admission/storage/storageclass/
setdefault (of several default classes the newest).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, annotations_of, mapping_or_empty, nested_value
from compiler.transition.facts.immutable import FILLED_IN_CLAIM, is_filled_in
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "accepted"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The claims that come to name a volume or a class, and whose live ones nobody here knows to have it."""
    change = judged.change
    for key in change.target.of_kind("PersistentVolumeClaim"):
        if key not in change.ops or key not in change.live.objects or change.recreated(key):
            continue
        old, new = (mapping_or_empty(side.objects[key].get("spec")) for side in (change.live, change.target))
        for field in FILLED_IN_CLAIM:
            comes = is_filled_in(old, field) and not is_filled_in(new, field)
            if comes and not _shows_value(change, key, field, str(new[field])):
                yield _claim_breach(change, key, field, str(new[field]))


def _shows_value(change: Change, key: Key, field: str, value: str) -> bool:
    """Whether the folder shows that the live claim has the value: by the volume that is its, by the default class."""
    if field == "storageClassName":
        classes = change.live.of_kind("StorageClass")
        defaults = [
            each.name for each in classes if annotations_of(change.live.objects[each]).get(DEFAULT_CLASS) == "true"
        ]
        return defaults == [value]
    volume = change.live.objects.get(Key("", "PersistentVolume", "", value))
    holder = (nested_value(volume, "spec", "claimRef", "namespace"), nested_value(volume, "spec", "claimRef", "name"))
    return holder == (key.namespace, key.name)


def _claim_breach(change: Change, key: Key, field: str, value: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key}: spec.{field} changes from nothing to {value}. Not judged: whether the cluster filled in this value; "
        "the API server refuses any other",
        (key,),
        f"look spec.{field} up in the cluster, and write that value",
        "warning",
        change.moment(key),
    )
