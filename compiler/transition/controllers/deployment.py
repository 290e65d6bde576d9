"""The Deployment controller: scale, surge, retire, recreate, stand still.

Source: Kubernetes, pkg/controller/deployment/rolling.go (`reconcileNewReplicaSet`, `reconcileOldReplicaSets`),
recreate.go (`rolloutRecreate`), sync.go (`scale`), util/deployment_util.go (`ResolveFenceposts`, `MaxUnavailable`).
"""

from __future__ import annotations

from compiler.transition.controllers.rounding import scaled
from compiler.transition.objects import dig
from compiler.transition.pods import Template
from compiler.transition.workload import PodState, Workload


def fenceposts(workload: Workload, replicas: int) -> tuple[int, int]:
    """(surge, unavailable) in pods: surge rounds up, unavailable down, and both never round to nothing."""
    rolling = ("spec", "strategy", "rollingUpdate")
    surge = scaled(dig(workload.raw, *rolling, "maxSurge"), replicas, "25%", up=True)
    unavailable = scaled(dig(workload.raw, *rolling, "maxUnavailable"), replicas, "25%", up=False)
    if surge == 0 and unavailable == 0:
        unavailable = 1
    return surge, min(unavailable, replicas)


def recreates(workload: Workload) -> bool:
    """Whether old pods all end before a new one starts."""
    return bool(dig(workload.raw, "spec", "strategy", "type") == "Recreate")


def during(starts: tuple[PodState, ...], new: Workload, count: int) -> tuple[PodState, ...]:
    """The states that pods can be in from the write of `new` until it has converged, worst ones included."""
    states = list(starts)
    for start in starts:
        if all(template is new.template for template, _ in start.ready):
            states += _scaling(start, new, count)
        elif new.paused:
            states.append(_scaled_down(start, count))
        elif recreates(new):
            states += _recreating(new, count)
        else:
            states += _rolling(start, new, count)
    return tuple(dict.fromkeys(states))


def _scaling(start: PodState, new: Workload, count: int) -> list[PodState]:
    """Only the count changes, or pods are created: those that exist stay, new ones may never be ready."""
    kept, whole = min(start.total, count), PodState("new", ((new.template, count),))
    if kept == count:
        return [whole] if count else [PodState("none", ())]
    waiting = PodState("scaling" if kept else "starting", ((new.template, kept),) if kept else (), (new.template,))
    return [waiting, whole]


def _scaled_down(start: PodState, count: int) -> PodState:
    template, ready = start.ready[0]
    return PodState("old", ((template, min(ready, count)),))


def _recreating(new: Workload, count: int) -> list[PodState]:
    starting = PodState("starting", (), (new.template,) if count else ())
    return [PodState("draining", ()), starting, PodState("new", ((new.template, count),))]


def _rolling(start: PodState, new: Workload, count: int) -> list[PodState]:
    surge, unavailable = fenceposts(new, count)
    floor = min(start.total, max(0, count - unavailable))
    states = [PodState("stuck", kept, (new.template,)) for kept in _kept(start, floor)]
    if count and (count > 1 or surge) and start.total:
        mixed = _kept(start, max(1, floor - 1))
        states += [PodState("mixed", _joined(kept, new.template)) for kept in mixed]
    return [*states, PodState("new", ((new.template, count),) if count else ())]


Kept = tuple[tuple[Template, int], ...]


def _kept(start: PodState, floor: int) -> list[Kept]:
    """The ways in which `floor` ready pods may be left: as many as there are of one template, then of the others."""
    ways: dict[Kept, None] = {}
    for first, _ in start.ready:
        left, kept = floor, []
        for template, count in sorted(start.ready, key=lambda pair: pair[0] is not first):
            take = min(count, left)
            left -= take
            kept += [(template, take)] if take else []
        ways[tuple(kept)] = None
    return list(ways) or [()]


def _joined(kept: Kept, template: Template) -> Kept:
    """The same pods and one ready pod of `template` more: pods of every ReplicaSet count for the floor."""
    counts = dict(kept)
    counts[template] = counts.get(template, 0) + 1
    return tuple(counts.items())
