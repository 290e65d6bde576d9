"""Traces: the shortest way from the converged state to the one that breaks a property, state by state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.model.verdict import PodCounts, TraceState
from compiler.transition.facts.workload import ABSENT_PODS, PodState
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.relevance import relevance_of, relevant_objects
from compiler.transition.search.router import Router
from compiler.transition.sync.change import START, Change, Cut
from compiler.transition.sync.order import SyncOperation

UNANSWERED = "none@-"
POD_STATE_MESSAGES = {
    "stuck": "its new pods are not ready (and may never be), and every old pod that may be deleted is gone",
    "mixed": "old and new pods are ready side by side",
    "both": "all its old and all its new pods are ready",
    "unswitched": "its last old pods have gone, and the Service of its stable pods does not lead to the new ones yet",
    "first": "the Service of its canary leads to the first new pod alone",
    "starting": "its pods are created and not ready yet",
    "scaling": "its additional pods are not ready yet",
    "draining": "its pods are terminating",
    "none": "it has no pods",
    "new": "its new pods are ready",
    "old": "its pods are as before",
}
ACTION_VERBS = {
    "apply": "is written",
    "prune": "is deleted",
    "recreate": "is deleted and created again",
    "hook": "runs as a hook",
}


def breach_trace(router: Router, breach: PropertyBreach) -> tuple[TraceState, ...]:
    """The states that lead to the breach: the writes that matter in their order, then what the pods do."""
    change, cut = router.change, breach.cut or START
    request = breach.request
    seen = dict.fromkeys(relevant_objects(router, relevance_of(router, request)) if request else ())
    keys = [key for key in {**seen, **dict.fromkeys(breach.objects)} if key in change.ops]
    pods = {key: change.starts(key, breach.load)[0] for key in _traced_workloads(change, (*seen, *breach.objects))}
    states = [_trace_state(router, "before the commit, everything has converged", request, START, pods)]
    stage = 0
    for key in sorted((key for key in keys if _takes_effect(change, key, cut)), key=lambda key: change.ops[key][0]):
        place, op = change.ops[key]
        if place[0] > stage:
            states += _gate_states(router, request, stage, place[0], pods, breach)
            stage = place[0]
        here = _cut_after(change, keys, key, cut)
        _update_displaced_pods(router, here, pods, breach)
        states.append(_trace_state(router, _event_text(change, op, here), request, here, pods))
    return (*states, *_pods_move(router, request, cut, pods, breach))


def _traced_workloads(change: Change, keys: Iterable[Key]) -> list[Key]:
    return [key for key in dict.fromkeys(keys) if key in change.live.workloads or key in change.target.workloads]


def _takes_effect(change: Change, key: Key, cut: Cut) -> bool:
    return change.ops[key][0] < cut.place or key in cut.partly


def _cut_after(change: Change, keys: Iterable[Key], last: Key, cut: Cut) -> Cut:
    """The point just after the write of `last`."""
    place, done = change.ops[last][0], []
    for key in keys:
        if change.ops[key][0] == place and (place < cut.place or key in cut.partly):
            done.append(key)
            if key == last:
                break
    return Cut(place, frozenset(done), cut.gone.intersection(done) if place == cut.place else frozenset())


def _event_text(change: Change, op: SyncOperation, cut: Cut) -> str:
    verb = "is deleted (it is created again later)" if op.key in cut.gone else ACTION_VERBS[op.action]
    return f"{change.stages[cut.place[0]].name}: {op.key} {verb}"


def _update_displaced_pods(router: Router, cut: Cut, pods: dict[Key, PodState], breach: PropertyBreach) -> None:
    """Pods that cannot stay as they were move to a state that they can be in."""
    for key, state in pods.items():
        possible = router.pods.at(key, cut, breach.load)
        if state not in possible:
            wanted = breach.pod_states.get(key)
            pods[key] = wanted if wanted in possible else possible[-1]


def _gate_states(
    router: Router,
    request: Request | None,
    stage: int,
    following: int,
    pods: dict[Key, PodState],
    breach: PropertyBreach,
) -> Iterable[TraceState]:
    waits = [router.change.stages[number] for number in range(stage, following)]
    if any(item.waits for item in waits):
        cut = Cut((following, 0))
        _update_displaced_pods(router, cut, pods, breach)
        names = ", ".join(item.name for item in waits if item.waits)
        yield _trace_state(router, f"{names}: every object is Healthy, so the next wave begins", request, cut, pods)


def _pods_move(
    router: Router, request: Request | None, cut: Cut, pods: dict[Key, PodState], breach: PropertyBreach
) -> Iterable[TraceState]:
    _update_displaced_pods(router, cut, pods, breach)
    for key, state in breach.pod_states.items():
        if pods.get(key) != state:
            pods[key] = state
            yield _trace_state(router, f"{key}: {POD_STATE_MESSAGES[state.label]}", request, cut, pods)


def _trace_state(
    router: Router, event: str, request: Request | None, cut: Cut, pods: Mapping[Key, PodState]
) -> TraceState:
    counts = {_workload_name(key, pods): _pod_counts(router.change, key, state) for key, state in pods.items()}
    serving = (
        {str(request): _traffic_shares(router, request, cut, pods)} if request and request.host[-2:] != ":0" else {}
    )
    return TraceState(event, counts, serving)


def _workload_name(key: Key, pods: Iterable[Key]) -> str:
    """A workload's name; all that tells it from another one of the same name, where there is one."""
    return key.name if sum(other.name == key.name for other in pods) < 2 else str(key)


def _pod_counts(change: Change, key: Key, state: PodState) -> PodCounts:
    target = change.target.workloads.get(key)
    new = sum(count for t, count in state.ready if target is not None and t is target.template and state.label != "old")
    return PodCounts(state.total - new, new, state.total)


def _traffic_shares(router: Router, request: Request, cut: Cut, pods: Mapping[Key, PodState]) -> dict[str, float]:
    serving = router.serve(request, cut)
    if serving.answer is None:
        return {UNANSWERED: 100.0}
    if serving.answer.itself:
        return {f"{serving.answer.itself}@-": 100.0}
    shares: dict[str, float] = {}
    for item in serving.backends:
        counts: dict[str, int] = {}
        for key in item.workloads:
            for template, count in pods.get(key, ABSENT_PODS).ready:
                if router.reach(item, template, request, cut) == "serves":
                    name = f"{_workload_name(key, pods)}@{template.contract}"
                    counts[name] = counts.get(name, 0) + count
        total = sum(counts.values())
        if item.share > 0 and not total:
            counts, total = {f"{item.ref.service.name}@?" if item.unmanaged else UNANSWERED: 1}, 1
        for name, count in counts.items() if item.share > 0 else ():
            shares[name] = round(shares.get(name, 0.0) + 100 * item.share * count / total, 1)
    return shares
