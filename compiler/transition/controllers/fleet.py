"""One door to all controllers: which states a workload's pods can be in, before, during and after a change."""

from __future__ import annotations

from compiler.transition.controllers import deployment, rollout, simple, statefulset
from compiler.transition.objects import dig, whole
from compiler.transition.workload import GONE, PodState, Workload

DEADLINE = 600
"""Seconds of `progressDeadlineSeconds` that Kubernetes takes by default (pkg/apis/apps/v1/defaults.go)."""


def steady(workload: Workload, count: int) -> PodState:
    """The one state of a converged workload."""
    return PodState("old", ((workload.template, count),)) if count else GONE


def during(starts: tuple[PodState, ...], new: Workload, count: int) -> tuple[PodState, ...]:
    """Every state that properties can tell apart, from the write of `new` on until it has converged."""
    match new.kind:
        case "Deployment":
            return deployment.during(starts, new, count)
        case "StatefulSet" | "DaemonSet":
            return statefulset.during(starts, new, count)
        case "Rollout":
            return rollout.during(starts, new, count)
    return simple.during(starts, new, count)


def after(starts: tuple[PodState, ...], new: Workload, count: int) -> tuple[PodState, ...]:
    """The states in which a gate lets the next wave begin: the object is Healthy."""
    if new.kind in ("StatefulSet", "DaemonSet"):
        states = [state for start in starts for state in statefulset.settled(start, new, count)]
        return tuple(dict.fromkeys(states))
    if new.kind in ("ReplicaSet", "ReplicationController"):
        return tuple(state for state in simple.during(starts, new, count) if state.total >= count)
    return (PodState("new", ((new.template, count),)) if count else GONE,)


def permitted(workload: Workload, count: int) -> int:
    """How many of `count` pods its own settings allow to be missing."""
    match workload.kind:
        case "Deployment":
            return 0 if deployment.recreates(workload) else deployment.fenceposts(workload, count)[1]
        case "StatefulSet" | "DaemonSet":
            return statefulset.unavailable(workload, count)
        case "Rollout":
            return rollout.unavailable(workload, count)
    return 0


def hangs(workload: Workload) -> bool:
    """Whether a gate on it never opens though nothing is wrong with its pods."""
    return workload.paused


def bound(workload: Workload, old: Workload | None) -> float | None:
    """The seconds after which a gate on it ends at the latest; None: without a bound.

    A progress deadline bounds a new ReplicaSet, not a mere scale-up (Kubernetes, deployment/progress.go,
    `hasFailed`, and util `DeploymentTimedOut`).
    """
    if workload.kind != "Deployment":
        return None
    rolls = old is None or old.template is not workload.template
    deadline = whole(dig(workload.raw, "spec", "progressDeadlineSeconds"), DEADLINE)
    return float(deadline) if rolls else None
