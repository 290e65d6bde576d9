"""finishes: new pods that mount a new claim of a volume which cannot be bound to it.

Source: Kubernetes, pkg/controller/volume/persistentvolume/pv_controller.go `syncUnboundClaim` (a claim that names a
volume stays Pending where that is another's) and `checkVolumeSatisfyClaim` (mode, size, class, access modes).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.volume_claims import held_volume, requested_storage
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
FILESYSTEM = "Filesystem"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose pods mount such a claim."""
    change = judged.change
    for key in change.ops:
        claim = None if key in change.live.objects else change.target.objects.get(key)
        if key.distinct_kind != "PersistentVolumeClaim" or claim is None:
            continue
        volume = held_volume(claim)
        written = None if volume is None else change.target.objects.get(volume)
        reason = "" if written is None else _mismatch(key, claim, written)
        for pods in _pods_that_mount(change, key) if reason else ():
            yield PropertyBreach(
                "rollout-stalled",
                PROPERTY,
                f"the pods of {pods} never start: {key} cannot have {volume}, {reason}",
                (pods, key, *((volume,) if volume is not None else ())),
                "let the claim and the volume fit",
                cut=Cut(change.ops.get(pods, change.ops[key])[0]),
            )


def _pods_that_mount(change: Change, claim: Key) -> Iterator[Key]:
    for key, workload in change.target.workloads.items():
        mounts = key.namespace == claim.namespace and claim.name in workload.template.claims
        if mounts and change.count_after(key, "low"):
            yield key


def _mismatch(key: Key, claim: Object, volume: Object) -> str:
    """Why the volume is not bound to the claim, in words; empty: it may be."""
    wanted, held = (mapping_or_empty(each.get("spec")) for each in (claim, volume))
    bound = mapping_or_empty(held.get("claimRef"))
    if bound.get("name"):
        own = (str(bound.get("namespace")), str(bound["name"])) == (key.namespace, key.name)
        return "" if own else f"which is bound to {bound.get('namespace')}/{bound['name']}"
    modes = [each.get("volumeMode") or FILESYSTEM for each in (wanted, held)]
    if modes[0] != modes[1]:
        return f"whose volumeMode is {modes[1]}"
    size = nested_value(held, "capacity", "storage")
    if quantity_value(size) < requested_storage(wanted):
        return f"which has {size}"
    named = wanted.get("storageClassName")
    if named is not None and str(named) != str(held.get("storageClassName") or ""):
        return f"whose class is {held.get('storageClassName') or 'none'}"
    offered = list_or_empty(held.get("accessModes"))
    missing = [str(each) for each in list_or_empty(wanted.get("accessModes")) if each not in offered]
    return f"which does not offer {missing[0]}" if missing else ""
