"""The StatefulSet and DaemonSet controllers: a pod ends before its successor starts.

Source: Kubernetes, pkg/controller/statefulset/stateful_set_control.go (`updateStatefulSet`, one ordinal at a time from
the highest, down to `partition`); pkg/controller/daemon/update.go (`rollingUpdate`, `updatedDesiredNodeCounts`).
"""

from __future__ import annotations

from compiler.model.objects import integer_or_default, nested_value
from compiler.transition.controllers.rounding import scaled_value
from compiler.transition.facts.workload import PodState, WorkloadFacts, first_ready_pod


def update_max_unavailable(workload: WorkloadFacts, replicas: int) -> int:
    """How many pods an update may take away at once."""
    update = ("spec", "updateStrategy", "rollingUpdate")
    value = scaled_value(
        nested_value(workload.raw, *update, "maxUnavailable"), replicas, "1", up=workload.kind == "DaemonSet"
    )
    surge = scaled_value(nested_value(workload.raw, *update, "maxSurge"), replicas, "0", up=True)
    if workload.kind == "DaemonSet" and surge:
        return min(replicas, value if nested_value(workload.raw, *update, "maxUnavailable") is not None else 0)
    return min(replicas, max(1, value))


def waits_for_deletion(workload: WorkloadFacts) -> bool:
    """Whether pods get the new template only when somebody deletes them."""
    return bool(nested_value(workload.raw, "spec", "updateStrategy", "type") == "OnDelete")


def update_partition(workload: WorkloadFacts) -> int:
    """The ordinal from which pods are updated; those below keep the old template."""
    return integer_or_default(nested_value(workload.raw, "spec", "updateStrategy", "rollingUpdate", "partition"), 0)


def during(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states that pods can be in from the write of `new` until it has converged."""
    states, fresh = list(starts), (new.template,) if count else ()
    for start in starts:
        if all(template is new.template for template, _ in start.ready):
            kept = min(start.total, count)
            ready = ((new.template, kept),) if kept else ()
            states.append(PodState("scaling" if kept else "starting", ready, fresh))
            states += first_ready_pod(new.template, 0 if kept else count)
        else:
            states += _updating(start, new, count)
        states += healthy_statefulset_states(start, new, count)
        states += _last_pod(start) if count == 0 else []
    return tuple(dict.fromkeys(states))


def _last_pod(start: PodState) -> list[PodState]:
    """Of several pods that go, one after another, the last one is left: a fallback's whole share comes to it alone."""
    return [PodState("draining", ((template, 1),)) for template, _ in start.ready] if start.total > 1 else []


def healthy_statefulset_states(start: PodState, new: WorkloadFacts, count: int) -> list[PodState]:
    """The states in which the object counts as Healthy (Argo CD, health_statefulset.go, health_daemonset.go)."""
    old = [(template, ready) for template, ready in start.ready if template is not new.template]
    below = min(update_partition(new), count) if new.kind == "StatefulSet" else 0
    if not old or count == 0:
        return [PodState("new", ((new.template, count),) if count else ())]
    if waits_for_deletion(new):
        return [start, PodState("mixed", ((old[0][0], max(1, count - 1)), (new.template, 1)))]
    if below >= count:
        return [start]
    if below:
        return [PodState("mixed", ((old[0][0], below), (new.template, count - below)))]
    return [PodState("new", ((new.template, count),))]


def _updating(start: PodState, new: WorkloadFacts, count: int) -> list[PodState]:
    old = next(template for template, _ in start.ready if template is not new.template)
    if waits_for_deletion(new):
        return []
    below = min(update_partition(new), count) if new.kind == "StatefulSet" else 0
    floor = min(start.total, max(below, count - update_max_unavailable(new, count)))
    if below >= count:
        return []
    states = [PodState("stuck", ((old, floor),) if floor else (), (new.template,) if count else ())]
    if floor:
        states.append(PodState("mixed", ((old, max(1, floor - 1)), (new.template, 1)), (new.template,)))
    return states
