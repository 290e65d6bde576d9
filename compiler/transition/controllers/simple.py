"""Bare ReplicaSets and pods: nothing replaces a running pod when the template changes.

Source: Kubernetes, pkg/controller/replicaset/replica_set.go, `manageReplicas`; pkg/kubelet `computePodActions`
(a changed image restarts the container in place).
"""

from __future__ import annotations

from compiler.transition.facts.defaults import same_without_defaults
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import PodState, WorkloadFacts, first_ready_pod


def during(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states after the write of `new`: old pods stay, and whichever is replaced gets the new template."""
    states, fresh = list(starts), (new.template,) if count else ()
    for start in starts:
        kept = min(start.total, count)
        old = [template for template, _ in start.ready if template is not new.template]
        if not old:
            ready = ((new.template, kept),) if kept else ()
            states.append(PodState("scaling" if kept else "starting", ready, fresh))
            states += first_ready_pod(new.template, 0 if kept else count)
        elif new.kind == "Pod" and _runs_on(old[0], new.template):
            states.remove(start)  # its labels are those of the new form from the write on
        elif new.kind == "Pod":
            states.append(PodState("starting", (), (new.template,)))
        else:
            states.append(PodState("mixed", ((old[0], max(1, kept - 1)), (new.template, 1))))
        states.append(PodState("new", ((new.template, count),) if count else ()))
    return tuple(dict.fromkeys(states))


def _runs_on(old: Template, new: Template) -> bool:
    """Whether the containers of a Pod stay as they are: only its metadata differ."""
    return same_without_defaults({"spec": old.raw.get("spec")}, {"spec": new.raw.get("spec")})
