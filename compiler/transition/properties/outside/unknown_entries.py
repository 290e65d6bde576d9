"""Requests that lead out of the folder: to pods that none of its workloads makes."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.properties.contract.call_graph import CallGraph
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Routes and Services that change before pods of no folder."""
    change, graph = judged.change, CallGraph(judged.router)
    for key in change.ops:
        if key in change.live.routes and routing_differs(change, key):
            yield from _pods_of_no_folder(change, key)
        if _is_led_elsewhere(judged, graph, key):
            yield PropertyBreach(
                "pods-outside",
                PROPERTY,
                f"{key} changes, and its pods are in no folder. Not judged: whether there are any, before and after, "
                "and who calls them",
                (key,),
                "verify the folder of these pods together with this one",
                "warning",
                change.moment(key),
            )


def routing_differs(change: Change, key: Key) -> bool:
    """Whether a route that stays comes to say something else."""
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    return old is not None and new is not None and old.get("spec") != new.get("spec")


def _pods_of_no_folder(change: Change, key: Key) -> Iterator[PropertyBreach]:
    outside = sorted(
        service
        for service in change.live.routes[key].served
        if selects_nobody(change.live, service)
        and (service not in change.target.services or selects_nobody(change.target, service))
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


def _is_led_elsewhere(judged: JudgedChange, graph: CallGraph, key: Key) -> bool:
    """Whether a Service without pods of the folder, in a namespace that has others, may leave its clients alone.

    In a namespace of which the folder has no pods, they are taken to exist, and the requests to them are judged.
    """
    change, before = judged.change, judged.change.live.services.get(key)
    if before is None or not selects_nobody(change.live, key) or not _has_pods_there(judged, key.namespace):
        return False
    if judged.router.index.routed[change.live].get(key) is False:
        return False  # routes name it, as they do an idle track, and send it nothing
    after = change.target.services.get(key)
    if after is None:
        return any(
            call.service == key for caller in judged.router.index.templates for call in graph.workload_calls(caller)
        )
    if not selects_nobody(change.target, key):
        return False
    moved = any(after.ports.get(port) != target for port, target in before.ports.items())
    return moved or (after.selector, after.pod) != (before.selector, before.pod)


def _has_pods_there(judged: JudgedChange, namespace: str) -> bool:
    return any(key.namespace == namespace for key in judged.router.index.templates)


def selects_nobody(snapshot: Snapshot, service: Key) -> bool:
    """Whether the Service selects pods, and no workload of the folder has such."""
    facts = snapshot.services.get(service)
    if facts is None or facts.external or not facts.selects_pods:
        return False
    return not any(
        key.namespace == service.namespace and facts.takes(workload.template)
        for key, workload in snapshot.workloads.items()
    )
