"""What a request class must keep: who answers it before and after, and what must hold for it in between.

Source of "still meant to be served" and of "deliberate retirement": the transition model's definition of a lost
request (a rule that is removed altogether, with no other rule to its backend, is a retirement).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from compiler.model.objects import Key
from compiler.model.request import BackendRef, Request, host_matches
from compiler.traffic.readers import reader_of_entry, readers_by_kind
from compiler.transition.controllers import fleet
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.search.router import ResolvedBackend, Router, RoutingResult
from compiler.transition.sync import replicas
from compiler.transition.sync.change import END, START, Change
from compiler.transition.sync.replicas import Load
from compiler.transition.sync.snapshot import Snapshot

UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Guarantee:
    """A class, its answers before and after, whether it was served, and whether it must be answered all the way.

    `dead` are the backends whose share was lost before: not a fallback without an endpoint, whose share others answer.
    """

    request: Request
    before: RoutingResult
    after: RoutingResult
    served: bool
    protected: bool
    dead: frozenset[BackendRef]
    contracts: frozenset[str]
    contracts_after: frozenset[str]


def guarantee_for(reference: Router, request: Request) -> Guarantee:
    """What the class must keep, judged between the converged states of `reference`."""
    before, after = reference.serve(request, START), reference.serve(request, END)
    if after.answer is None and _changes_provider(reference, request):
        request = request._replace(moves=True)
        before, after = reference.serve(request, START), reference.serve(request, END)
    silent = frozenset(
        item.ref
        for item in before.positive
        if not _backend_answers(reference, request, item, reference.change.baseline)
    )
    served = _was_served(before, silent)
    dead = silent.difference(item.ref for item in before.fallbacks)
    protected = served and _should_stay_served(reference, request, before, after)
    contracts = converged_contracts(reference, request, before, reference.change.baseline)
    later = converged_contracts(reference, request, after, reference.change.target)
    return Guarantee(request, before, after, served, protected, dead, contracts, later)


def _changes_provider(reference: Router, request: Request) -> bool:
    """Whether a class that its entry answers no more goes to another provider's, which takes it up in this commit."""
    if request.service is not None:
        return False
    other = request._replace(moves=True)
    result = reference.answer(other, END)
    first = reference.elsewhere(request, START)
    return result is not None and first is None


def is_served_elsewhere(reference: Router, request: Request) -> bool:
    """Whether another provider's entry answers the class before and after: then this one is given up on purpose.

    With its host, that is: clients come by one entry, and one that still has rules for the host is not left by them.
    """
    result = reference.elsewhere(request, START), reference.elsewhere(request, END)
    return all(answer is not None for answer in result) and not keeps_host(reference, request)


def keeps_host(reference: Router, request: Request) -> bool:
    """Whether the entry of the class has a rule for its host in the end."""
    reader = reader_of_entry(request)
    routes = () if reader is None else reference.change.target.routes_of(reader)
    return any(host_matches(match.host, request.host) for route in routes for match in route.matches)


def _was_served(before: RoutingResult, dead: frozenset[BackendRef]) -> bool:
    answer = before.answer
    if answer is None or answer.itself == "nothing":
        return False
    if answer.itself == "redirect":
        return True
    return any(item.ref not in dead for item in before.positive) and not dead & frozenset(answer.anchors)


def _backend_answers(router: Router, request: Request, item: ResolvedBackend, snapshot: Snapshot) -> bool:
    return item.fault is None and (
        item.unmanaged or converged_ready_pods(router, request, item, snapshot, "low", less=False) > 0
    )


def _should_stay_served(router: Router, request: Request, before: RoutingResult, after: RoutingResult) -> bool:
    if becomes_unread(router.change, before):
        return False
    if after.answer is not None:
        return True
    if request.service is not None or is_served_elsewhere(router, request):
        return False
    if before.answer is None or still_asks(router, request, before.answer.route):
        return before.answer is not None
    reader = readers_by_kind().get(before.answer.route[:2])
    backends = {item.ref.service for item in before.positive}
    return reader is not None and any(backends & route.services for route in router.change.target.routes_of(reader))


def becomes_unread(change: Change, before: RoutingResult) -> bool:
    """Whether the route that answers stays in a form that its reader does not read: what it does then is unknown."""
    if before.answer is None:
        return False
    key = before.answer.route
    return key in change.target.objects and key not in change.target.routes and key[:2] in readers_by_kind()


def still_asks(router: Router, request: Request, key: Key) -> bool:
    """Whether the route stays and has a rule for the class, wherever it hangs now."""
    reader, kept = readers_by_kind().get(key[:2]), router.change.target.routes.get(key)
    return reader is not None and kept is not None and reader.candidate(kept, request, aged=True) is not None


def has_no_direct_clients(router: Router, request: Request) -> bool:
    """Whether the class is that of a Service which has no clients of its own: routes name it, or a group's callers.

    Those to which requests have been mirrored have none who wait.
    """
    key = request.service
    if key is None:
        return False
    if key in router.index.mirrored:
        return True
    snapshots = (router.change.baseline, router.change.target)
    named = any(key in router.index.routed[snapshot] for snapshot in snapshots)
    return named or _called_by_group(router, key)


def _called_by_group(router: Router, key: Key) -> bool:
    """Whether the Service belongs to a group: its callers are judged with the entry."""
    change = router.change
    facts = change.baseline.services.get(key) or change.target.services.get(key)
    return facts is not None and any(
        t.group for result in router.selected(facts) for t in router.index.templates[result]
    )


def is_service_host(host: str, key: Key) -> bool:
    """Whether a host name is that of a Service, in any of its short and long forms."""
    parts = host.split(".")
    return parts[0] == key.name and (len(parts) == 1 or parts[1] in (key.namespace, "svc") or not key.namespace)


def converged_ready_pods(
    router: Router, request: Request, item: ResolvedBackend, snapshot: Snapshot, load: Load, *, less: bool
) -> int:
    """The ready pods behind a backend once `snapshot` has converged; `less` those that may be missing."""
    change, total = router.change, 0
    cut = START if snapshot is change.baseline else END
    for key in item.workloads:
        workload = _workload_at_rest(change, key, snapshot)
        if workload is None or router.reach(item, workload.template, request, cut) != "serves":
            continue
        count = _count_at_rest(router, request, workload, snapshot, load)
        total += max(0, count - _max_unavailable_of_forms(change, key, count)) if less else count
    return total


def _workload_at_rest(change: Change, key: Key, snapshot: Snapshot) -> WorkloadFacts | None:
    """The workload once `snapshot` has converged: also one that the target leaves out and no prune takes away."""
    if snapshot is not change.target or key in snapshot.workloads or change.snapshot_of(key, END) is None:
        return snapshot.workloads.get(key)
    kept = change.live.workloads.get(key)
    scaled = kept is not None and kept.scaler is not None and change.snapshot_of(kept.scaler.key, END) is not None
    return kept if kept is None or scaled else replace(kept, scaler=None)


def _count_at_rest(router: Router, request: Request, workload: WorkloadFacts, snapshot: Snapshot, load: Load) -> int:
    """How many pods it has then: one that loses its HPA, and whose count nobody writes, keeps those that it has."""
    change = router.change
    before = change.live.workloads.get(workload.key) if snapshot is change.target else None
    unscaled = before is not None and before.scaler is not None and workload.scaler is None
    if before is not None and unscaled and _writes_no_count(change, before, workload):
        busy = workload.key in router.serve(request, START).loaded_workloads
        return replicas.converged_replicas(before, change.options, load if busy else "low")
    return replicas.converged_replicas(workload, change.options, load)


def _writes_no_count(change: Change, before: WorkloadFacts, after: WorkloadFacts) -> bool:
    return after.key not in change.target.workloads or (before.written is None and after.written is None)


def _max_unavailable_of_forms(change: Change, key: Key, count: int) -> int:
    """How many of `count` pods either form of the workload allows to be missing: the new one decides how it rolls."""
    forms = [snapshot.workloads[key] for snapshot in (change.baseline, change.target) if key in snapshot.workloads]
    return max(fleet.max_unavailable_pods(form, count) for form in forms)


def converged_capacity(
    router: Router, request: Request, serving: RoutingResult, snapshot: Snapshot, load: Load
) -> float:
    """Pods that the class may count on once `snapshot` has converged, weighted, less what updates may take away."""
    empty = _empty_fallbacks(router, request, serving, snapshot, load)
    more = sum(item.share for item in empty)
    counted = [item for item in serving.backends if item not in empty and not item.unmanaged and item.fault is None]
    shares = [(item, carried_share(serving, item, more)) for item in counted]
    ready = partial(converged_ready_pods, router, request, snapshot=snapshot, load=load, less=True)
    return min((ready(item) / share for item, share in shares if share > 0), default=UNLIMITED)


def carried_share(serving: RoutingResult, item: ResolvedBackend, more: float) -> float:
    """The share that a backend is sized for, while `more` falls to it from fallbacks without an endpoint.

    Who carries the larger part was sized for all of it before its canary came.
    """
    return item.share if more <= item.share or item in serving.fallbacks else item.share + more


def _empty_fallbacks(
    router: Router, request: Request, serving: RoutingResult, snapshot: Snapshot, load: Load
) -> list[ResolvedBackend]:
    """The fallbacks that have no endpoint once `snapshot` has converged."""
    return [
        item
        for item in serving.fallbacks
        if item.fault is not None
        or not (item.unmanaged or converged_ready_pods(router, request, item, snapshot, load, less=False))
    ]


def required_capacity(reference: Router, item: Guarantee, load: Load, between: Sequence[Router] = ()) -> float:
    """The capacity that the class must keep: the smallest of before, after, and the commits between."""
    change = reference.change
    before = converged_capacity(reference, item.request, item.before, change.baseline, load)
    after = converged_capacity(reference, item.request, item.after, change.target, load)
    middle = (_converged_class_capacity(router, item.request, load) for router in between)
    return min(before, after, *middle)


def _converged_class_capacity(router: Router, request: Request, load: Load) -> float:
    return converged_capacity(router, request, router.serve(request, START), router.change.target, load)


def converged_contracts(router: Router, request: Request, serving: RoutingResult, snapshot: Snapshot) -> frozenset[str]:
    """The contracts that answer the class once `snapshot` has converged."""
    cut = END if snapshot is router.change.target else START
    names = set()
    fallen = sum(item.share for item in _empty_fallbacks(router, request, serving, snapshot, "low"))
    for item in serving.backends:
        for key in item.workloads if item.share + fallen > 0 else ():
            workload = _workload_at_rest(router.change, key, snapshot)
            serves = workload and router.reach(item, workload.template, request, cut) == "serves"
            if workload and serves and _count_at_rest(router, request, workload, snapshot, "low"):
                names.add(workload.template.contract)
    return frozenset(names)


def relevant_loads(change: Change, item: Guarantee) -> tuple[Load, ...]:
    """The loads to judge under: with an HPA behind the class, also one that has made it grow."""
    keys = {*item.before.loaded_workloads, *item.after.loaded_workloads}
    snapshots = (change.baseline, change.live, change.target)
    scaled = any(key in snapshot.workloads and snapshot.workloads[key].scaler for key in keys for snapshot in snapshots)
    return ("low", "grown") if scaled else ("low",)
