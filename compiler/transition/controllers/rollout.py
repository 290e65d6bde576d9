"""Argo Rollouts' Rollout, as far as it decides which pods are ready.

Source: Argo Rollouts, rollout/canary.go (`reconcileCanaryReplicaSets`), rollout/bluegreen.go
(`reconcileActiveService`), utils/defaults (`GetMaxSurgeOrDefault`, `GetMaxUnavailableOrDefault`: 25 % each).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.controllers.rounding import scaled_value
from compiler.transition.facts.workload import PodState, WorkloadFacts, first_ready_pod

UNSWITCHED = "unswitched"
"""A stable Service between the end of the last old pods and its switch to the new ones."""


def is_blue_green(workload: WorkloadFacts) -> bool:
    """Whether the controller switches an active Service instead of mixing pods."""
    return workload.strategy.get("blueGreen") is not None


def states_behind(states: tuple[PodState, ...], workload: WorkloadFacts | None, service: str) -> tuple[PodState, ...]:
    """The states as a Service sees them: the one that blue/green switches leads to the old or to the new pods alone.

    A canary's own Services are switched too, where nothing routes by weights (rollout/service.go
    `reconcileStableAndCanaryService`): the stable one leads to the old pods until all new ones are ready, and the last
    old pods go before it is switched (rollout/canary.go `rolloutCanary` scales first, and lets `promoteStable` say
    which pods are stable after that); the other one leads to the new pods from the first that is ready on
    (`ensureSVCTargets`).
    """
    if workload is None or workload.kind != "Rollout":
        return states
    if service in _switched_services(workload):
        return tuple(state for state in states if state.label != "both")
    rolls = len({template for state in states for template, _ in state.ready}) > 1
    return (*states, *_states_of_canary_service(workload, service)) if rolls else states


def _states_of_canary_service(workload: WorkloadFacts, service: str) -> tuple[PodState, ...]:
    """What a Service that a canary without traffic routing switches leads to at the moment of its fewest pods."""
    canary = mapping_or_empty(workload.strategy.get("canary"))
    if canary.get("trafficRouting"):
        return ()
    if service == canary.get("stableService"):
        return (PodState(UNSWITCHED, ()),)
    return (PodState("first", ((workload.template, 1),)),) if service == canary.get("canaryService") else ()


def _switched_services(workload: WorkloadFacts) -> frozenset[str]:
    strategy = mapping_or_empty(workload.strategy.get("blueGreen"))
    return frozenset(str(strategy[name]) for name in ("activeService", "previewService") if strategy.get(name))


def canary_max_unavailable(workload: WorkloadFacts, replicas: int) -> int:
    """How many pods a canary update may take away at once; blue/green takes none before the switch.

    One at least where surge and unavailable both round to nothing (utils/replicaset, `resolveFenceposts`).
    """
    if is_blue_green(workload):
        return 0
    canary = mapping_or_empty(workload.strategy.get("canary"))
    surge = scaled_value(canary.get("maxSurge"), replicas, "25%", up=True)
    unavailable = scaled_value(canary.get("maxUnavailable"), replicas, "25%", up=False)
    return min(replicas, unavailable if surge or unavailable else 1)


def shares_of_held_canary(workload: WorkloadFacts, count: int) -> Iterator[tuple[int, float, int]]:
    """(step, share, pods) for each `setWeight` while `setCanaryScale` says how many of `count` pods the canary has.

    The steps count from 1; the share is between 0 and 1.
    """
    canary = mapping_or_empty(workload.strategy.get("canary"))
    whole = integer_or_default(nested_value(canary, "trafficRouting", "maxTrafficWeight"), 100)
    held: int | None = None
    share = 0.0
    for number, step in enumerate(mapping_items(canary.get("steps")) if canary.get("trafficRouting") else (), start=1):
        scale = mapping_or_empty(step.get("setCanaryScale"))
        if scale:
            held = None if scale.get("matchTrafficWeight") else _held_pods(scale, count, whole)
        if step.get("setWeight") is not None:
            share = integer_or_default(step["setWeight"], 0) / whole
        if held is not None and (scale or step.get("setWeight") is not None):
            yield number, share, held


def _held_pods(scale: Mapping[str, Any], count: int, whole: int) -> int:
    if scale.get("replicas") is not None:
        return integer_or_default(scale["replicas"], 0)
    return -(-integer_or_default(scale.get("weight"), 0) * count // whole)


def waits_for_promotion(workload: WorkloadFacts) -> bool:
    """Whether a gate on it may have no end: a pause without duration, or no promotion by itself."""
    if nested_value(workload.strategy, "blueGreen", "autoPromotionEnabled") is False:
        return True
    steps = mapping_items(nested_value(workload.strategy, "canary", "steps"))
    return any("pause" in step and not nested_value(step, "pause", "duration") for step in steps)


def during(starts: tuple[PodState, ...], new: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states that pods can be in from the write of `new` until it has converged."""
    states, new_pods = list(starts), PodState("new", ((new.template, count),) if count else ())
    fresh = (new.template,) if count else ()
    for start in starts:
        old = [pair for pair in start.ready if pair[0] is not new.template]
        kept = min(start.total, max(0, count - canary_max_unavailable(new, count)))
        if not old:
            ready = ((new.template, min(start.total, count)),) if start.total else ()
            states.append(PodState("scaling" if ready else "starting", ready, fresh))
            states += first_ready_pod(new.template, 0 if ready else count)
        elif is_blue_green(new):
            # what an unfinished sync has left of two sets, a switched Service leads to one of all the same
            states.append(PodState("both" if start.label == "both" else "stuck", start.ready, fresh))
            if count:
                states.append(PodState("both", (*old, (new.template, count))))
        else:
            states.append(PodState("stuck", ((old[0][0], kept),) if kept else (), fresh))
            states += [PodState("mixed", ((old[0][0], max(1, kept - 1)), (new.template, 1)))] if count else []
            states += first_ready_pod(new.template, 0 if kept else count)
        states.append(new_pods)
    return tuple(dict.fromkeys(states))
