"""One door to all controllers: which states a workload's pods can be in, before, during and after a change."""

from __future__ import annotations

from compiler.model.objects import integer_or_default, nested_value
from compiler.transition.controllers import deployment, rollout, simple, statefulset
from compiler.transition.facts.workload import ABSENT_PODS, WITHOUT_HEALTH, PodState, WorkloadFacts

DEFAULT_PROGRESS_DEADLINE = 600
"""Seconds of `progressDeadlineSeconds` that Kubernetes takes by default (pkg/apis/apps/v1/defaults.go)."""


def converged_state(workload: WorkloadFacts, count: int) -> PodState:
    """The one state of a converged workload."""
    return PodState("old", ((workload.template, count),)) if count else ABSENT_PODS


def during(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """Every state that properties can tell apart, from the write of `new` on until it has converged."""
    match new.kind:
        case "Deployment":
            return deployment.during(starts, new, count)
        case "StatefulSet" | "DaemonSet":
            return statefulset.during(starts, new, count)
        case "Rollout":
            return rollout.during(starts, new, count)
    return simple.during(starts, new, count)


def healthy_states(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states in which a gate lets the next wave begin: the object is Healthy."""
    if new.kind in ("StatefulSet", "DaemonSet"):
        states = [state for start in starts for state in statefulset.healthy_statefulset_states(start, new, count)]
        return tuple(dict.fromkeys(states))
    if new.kind == "ReplicaSet":
        return tuple(state for state in simple.during(starts, new, count) if state.total >= count)
    whole = PodState("new", ((new.template, count),)) if count else ABSENT_PODS
    if new.kind == "Rollout" and rollout.is_blue_green(new):
        both = (state for state in rollout.during(starts, new, count) if state.label == "both")
        return (whole, *(state for state in both if (new.template, count) in state.ready))
    return (whole,)


def max_unavailable_pods(workload: WorkloadFacts, count: int) -> int:
    """How many of `count` pods its own settings allow to be missing."""
    match workload.kind:
        case "Deployment":
            return 0 if deployment.uses_recreate(workload) else deployment.surge_and_unavailable(workload, count)[1]
        case "StatefulSet" | "DaemonSet":
            return statefulset.update_max_unavailable(workload, count)
        case "Rollout":
            return rollout.canary_max_unavailable(workload, count)
    return 0


def update_surge(workload: WorkloadFacts, count: int) -> int:
    """How many pods an update must be able to have beside `count`, where no old one may go before a new one is ready.

    Blue/green makes all new pods before it switches (Argo Rollouts, bluegreen.go, `reconcileNewReplicaSet`).
    """
    if workload.kind == "Rollout" and rollout.is_blue_green(workload):
        return count
    recreates = workload.kind == "Deployment" and deployment.uses_recreate(workload)
    return 1 if count and not recreates and max_unavailable_pods(workload, count) == 0 else 0


def never_reports_healthy(workload: WorkloadFacts) -> bool:
    """Whether a gate on it never opens though nothing is wrong with its pods."""
    return workload.paused


def gate_timeout(workload: WorkloadFacts, old: WorkloadFacts | None) -> float | None:
    """The seconds after which a gate on it ends at the latest; None: without a bound.

    What has no health check holds none. A progress deadline bounds a new ReplicaSet, not a mere scale-up (Kubernetes,
    deployment/progress.go, `hasFailed`, and util `DeploymentTimedOut`).
    """
    if workload.key[:2] in WITHOUT_HEALTH:
        return 0.0
    if workload.kind != "Deployment":
        return None
    rolls = old is None or old.template is not workload.template
    deadline = integer_or_default(
        nested_value(workload.raw, "spec", "progressDeadlineSeconds"), DEFAULT_PROGRESS_DEADLINE
    )
    return float(deadline) if rolls else None
