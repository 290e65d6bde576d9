"""Volumes and claims that differ, and leave the pods that use them as they are."""

from __future__ import annotations

from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.volume_claims import held_volume, storage_class
from compiler.transition.sync.change import Change

VOLUME = ("", "PersistentVolume")
CLAIM = ("", "PersistentVolumeClaim")


def grows_in_a_class_of_the_folder(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a claim requests more of a class that is in the folder, which says whether claims may grow."""
    if key[:2] != CLAIM or not difference.field.startswith("spec.resources.requests"):
        return False
    named = storage_class(change.target.objects.get(key, {}).get("spec"))
    return named in change.live.objects or named in change.target.objects


def is_volume_of_the_first_pass(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a volume comes before anything can wait for it: what is bound keeps the volume that it has."""
    if key[:2] != VOLUME or difference.field or key in change.live.objects:
        return False
    return change.ops[key][0][0] == min(place[0] for place, _ in change.ops.values())


def is_volume_of_a_going_claim(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a volume goes no earlier than the one claim that holds it, which names it, or is named by it."""
    if key[:2] != VOLUME or difference.field or key in change.target.objects:
        return False
    named = mapping_or_empty(mapping_or_empty(change.live.objects[key].get("spec")).get("claimRef"))
    holders = [
        claim
        for claim in change.live.of_kind("PersistentVolumeClaim")
        if held_volume(change.live.objects[claim]) == key
        or (claim.namespace, claim.name) == (named.get("namespace"), named.get("name"))
    ]
    return bool(holders) and all(
        claim not in change.target.objects and claim in change.ops and change.ops[claim][0][0] <= change.ops[key][0][0]
        for claim in holders
    )
