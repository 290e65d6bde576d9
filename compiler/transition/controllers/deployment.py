"""The Deployment controller: scale, surge, retire, recreate, stand still.

Source: Kubernetes, pkg/controller/deployment/rolling.go (`reconcileNewReplicaSet`, `reconcileOldReplicaSets`),
recreate.go (`rolloutRecreate`), sync.go (`scale`), util/deployment_util.go (`ResolveFenceposts`, `MaxUnavailable`).
"""

from __future__ import annotations

from compiler.model.objects import mapping_or_empty
from compiler.transition.controllers.rounding import scaled_value
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import PodState, WorkloadFacts, first_ready_pod


def surge_and_unavailable(workload: WorkloadFacts, replicas: int) -> tuple[int, int]:
    """(surge, unavailable) in pods: surge rounds up, unavailable down, and both never round to nothing."""
    rolling = mapping_or_empty(workload.strategy.get("rollingUpdate"))
    surge = scaled_value(rolling.get("maxSurge"), replicas, "25%", up=True)
    unavailable = scaled_value(rolling.get("maxUnavailable"), replicas, "25%", up=False)
    if surge == 0 and unavailable == 0:
        unavailable = 1
    return surge, min(unavailable, replicas)


def uses_recreate(workload: WorkloadFacts) -> bool:
    """Whether old pods all end before a new one starts."""
    return bool(workload.strategy.get("type") == "Recreate")


def during(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states that pods can be in from the write of `new` until it has converged, worst ones included."""
    states = list(starts)
    for start in starts:
        if all(template is new.template for template, _ in start.ready):
            states += _scaling(start, new, count)
        elif new.paused:
            states.append(_scaled_down(start, count))
        elif uses_recreate(new):
            states += [*_scaled_first(start, count), *_recreating(new, count)]
        else:
            states += _rolling(start, new, count)
    return tuple(dict.fromkeys(states))


def _scaling(start: PodState, new: WorkloadFacts, count: int) -> list[PodState]:
    """Only the count changes, or pods are created: those that exist stay, new ones may never be ready."""
    kept, whole = min(start.total, count), PodState("new", ((new.template, count),))
    if kept == count:
        return [whole] if count else [PodState("none", ())]
    waiting = PodState("scaling" if kept else "starting", ((new.template, kept),) if kept else (), (new.template,))
    return [waiting, *first_ready_pod(new.template, count if not kept else 0), whole]


def _scaled_down(start: PodState, count: int) -> PodState:
    template, ready = start.ready[0]
    return PodState("old", ((template, min(ready, count)),))


def _scaled_first(start: PodState, count: int) -> list[PodState]:
    """A smaller count takes effect before the pods are replaced (deployment_controller.go, `isScalingEvent`)."""
    return [PodState("draining", ((start.ready[0][0], count),))] if 0 < count < start.total else []


def _recreating(new: WorkloadFacts, count: int) -> list[PodState]:
    starting = PodState("starting", (), (new.template,) if count else ())
    return [
        PodState("draining", ()),
        starting,
        *first_ready_pod(new.template, count),
        PodState("new", ((new.template, count),)),
    ]


def _rolling(start: PodState, new: WorkloadFacts, count: int) -> list[PodState]:
    _, unavailable = surge_and_unavailable(new, count)
    floor = min(start.total, max(0, count - unavailable))
    fresh = (new.template,) if count else ()
    states = [PodState("stuck", kept, fresh) for kept in _remaining_pods(start, floor)]
    if count and start.total:  # without a surge too: the two ReplicaSets are scaled at once, each by itself
        # where none need stay, all old pods are told to end in one write (`scaleDownOldReplicaSetsForRollingUpdate`)
        mixed = _remaining_pods(start, max(1, floor - 1) if floor else start.total)
        states += [PodState("mixed", _with_new_pod(kept, new.template)) for kept in mixed]
        states += first_ready_pod(new.template, 0 if floor else count)
    return [*states, PodState("new", ((new.template, count),) if count else ())]


RemainingPods = tuple[tuple[Template, int], ...]


def _remaining_pods(start: PodState, floor: int) -> list[RemainingPods]:
    """The ways in which `floor` ready pods may be left: as many as there are of one template, then of the others."""
    ways: dict[RemainingPods, None] = {}
    for first, _ in start.ready:
        left, kept = floor, []
        for template, count in sorted(start.ready, key=lambda pair: pair[0] is not first):
            take = min(count, left)
            left -= take
            kept += [(template, take)] if take else []
        ways[tuple(kept)] = None
    return list(ways) or [()]


def _with_new_pod(kept: RemainingPods, template: Template) -> RemainingPods:
    """The kept pods and one more ready pod of `template`: pods of every ReplicaSet count for the floor."""
    counts = dict(kept)
    counts[template] = counts.get(template, 0) + 1
    return tuple(counts.items())
