"""Requests that lead out of the folder: to pods that none of its workloads makes."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Routes that change before pods of no folder."""
    change = judged.change
    for key in change.ops:
        if key in change.live.routes and _routing_differs(change, key):
            yield from _pods_of_no_folder(change, key)


def _routing_differs(change: Change, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    return old is not None and new is not None and old.get("spec") != new.get("spec")


def _pods_of_no_folder(change: Change, key: Key) -> Iterator[PropertyBreach]:
    outside = sorted(
        service
        for service in change.live.routes[key].served
        if selects_nobody(change.live, service) and selects_nobody(change.target, service)
    )
    if outside:
        yield PropertyBreach(
            "pods-outside",
            PROPERTY,
            f"{key} changes, and the pods of {', '.join(map(str, outside))} are in no folder. Not judged: whether "
            "they answer its requests, before and after",
            (key, *outside),
            "verify the folder of these pods together with this one",
            "warning",
        )


def selects_nobody(snapshot: Snapshot, service: Key) -> bool:
    """Whether the Service selects pods, and no workload of the folder has such."""
    facts = snapshot.services.get(service)
    if facts is None or facts.external or not facts.selects_pods:
        return False
    return not any(
        key.namespace == service.namespace and facts.takes(workload.template)
        for key, workload in snapshot.workloads.items()
    )
