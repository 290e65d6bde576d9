"""The exploration: every point of the sync that a class can tell apart, and every state of pods there.

Why this is exhaustive: writes are ordered up to the order within a group, and a group's subsets are all visited.
Between two gates workloads move independently of each other, so the reachable states at a point are the product of
each workload's own; a property of the product then holds exactly when it holds for the worst member of each factor
(`Scene.worst`), or for pairs (`contract`). Points that differ only in writes that the class cannot see are one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.controllers.hpa import Load
from compiler.transition.facts.workload import is_workload
from compiler.transition.properties import available, capacity, contained, contract, drained
from compiler.transition.properties import tied_routes as ties
from compiler.transition.routing.router import Router
from compiler.transition.search.guarantee import (
    Guarantee,
    guarantee_for,
    has_no_direct_clients,
    relevant_loads,
    required_capacity,
)
from compiler.transition.search.traffic_state import PropertyBreach, TrafficState
from compiler.transition.sync.change import END, START, Change, Cut, SyncPosition

MAX_CONCURRENT_WRITES = 12


@dataclass(slots=True)
class Exploration:
    """What was found, over how many states.

    `coarse` are classes too large to explore; `unserved` those that a route took before, to backends without pods.
    """

    breaches: list[PropertyBreach] = field(default_factory=list)
    states: int = 0
    coarse: list[Request] = field(default_factory=list)
    unserved: list[Request] = field(default_factory=list)


def explore(
    router: Router, reference: Router, requests: Iterable[Request], last: int, between: Sequence[Router] = ()
) -> Exploration:
    """All breaches of the properties that speak of request classes; passes after `last` are never reached."""
    result = Exploration()
    for request in requests:
        if has_no_direct_clients(reference, request):
            continue
        keys = relevant_objects(router, request)
        if not any(key in router.change.ops or router.change.moving(key) for key in keys):
            continue
        item = guarantee_for(reference, request)
        if item.before.answer is None and item.after.answer is None:
            continue
        if item.before.positive and not item.protected and item.after.answer is not None:
            result.unserved.append(request)
        result.breaches += available.unreachable_backends(item)
        if item.request.moves:
            keys = relevant_objects(router, item.request)
        cuts = list(distinct_cuts(router.change, keys, last))
        if END in cuts:
            result.coarse.append(request)
            result.breaches.append(request_class_too_large(request))
            continue
        needs = [
            (load, required_capacity(reference, item, load, between)) for load in relevant_loads(router.change, item)
        ]
        _explore_cuts(router, item, keys, cuts, needs, result)
    return result


def _explore_cuts(
    router: Router,
    item: Guarantee,
    keys: Iterable[Key],
    cuts: Iterable[Cut],
    needs: Sequence[tuple[Load, float]],
    result: Exploration,
) -> None:
    result.breaches += [*drained.breaches(router.change, item), *ties.breaches(router, item)]
    seen: set[tuple[str, tuple[Key, ...]]] = set()
    busy = frozenset((*item.before.workloads, *router.serve(item.request, START).workloads))
    gain = max((router.change.ops[key][0] for key in keys if _moves_traffic(router.change, key)), default=(-1, 0))
    for cut in cuts:
        scene = TrafficState(router, item, cut, router.serve(item.request, cut), busy, gain)
        result.states += math.prod(scene.sizes())
        lost = list(available.breaches(scene))
        found = [*lost, *contained.breaches(scene, lost), *contract.breaches(scene)]
        for load, need in needs:
            found += capacity.breaches(scene, load, need)
        for breach in found:
            if (breach.code, breach.objects) not in seen:
                seen.add((breach.code, breach.objects))
                result.breaches.append(replace(breach, cut=cut, request=item.request))


def _moves_traffic(change: Change, key: Key) -> bool:
    return key in change.ops and key.kind in ("HTTPRoute", "Ingress", "Service", "Gateway")


def distinct_cuts(change: Change, keys: Iterable[Key], last: int) -> Iterator[Cut]:
    """The points that differ for these objects, up to pass `last`: after each subset of each group of writes.

    Workloads need no subsets: the states of one that is being written include those before the write, so writing all
    of a group covers writing any. A group too large otherwise gives END, once: the class is then not explored.
    """
    places: dict[SyncPosition, tuple[list[Key], list[Key]]] = {}
    for key in keys:
        if key in change.ops and change.ops[key][0][0] <= last:
            found = places.setdefault(change.ops[key][0], ([], []))
            found[is_workload(key)].append(key)
    for place in sorted(places):
        others, workloads = places[place]
        if len(others) > MAX_CONCURRENT_WRITES:
            yield END
            return
        for size in range(0 if workloads else 1, len(others) + 1):
            for subset in itertools.combinations(others, size):
                yield from _cuts_while_recreated(change, place, frozenset((*workloads, *subset)), subset)


def _cuts_while_recreated(
    change: Change, place: SyncPosition, partly: frozenset[Key], subset: Iterable[Key]
) -> Iterator[Cut]:
    """The point at which `partly` are written, and those before it where some are not created anew yet."""
    anew = [key for key in subset if change.recreated(key)]
    for size in range(len(anew) + 1):
        for gone in itertools.combinations(anew, size):
            yield Cut(place, partly, frozenset(gone))


def request_class_too_large(request: Request) -> PropertyBreach:
    """The finding on a class whose writes of one group are too many to take in every order."""
    return PropertyBreach(
        "too-large", available.PROPERTY,
        f"more than {MAX_CONCURRENT_WRITES} objects that decide {request} are written at once: their orders "
        "are not all explored",
        (), "spread them over several commits or waves", "warning",
    )  # fmt: skip


def relevant_objects(router: Router, request: Request) -> list[Key]:
    """The objects whose writes a class can see: its routes, their Services, the pods behind, and what is between."""
    change = router.change
    keys: dict[Key, None] = {}
    for key in _reachable_services(router, request, keys):
        keys[key] = None
        for side in (change.live, change.target):
            facts = side.services.get(key)
            keys.update((found, None) for found in (router.selected(facts) if facts else ()))
    keys.update(dict.fromkeys(router.directory.fences))
    return list(keys)


def _reachable_services(router: Router, request: Request, keys: dict[Key, None]) -> dict[Key, None]:
    """The Services that may get the request; its routes are added to `keys`."""
    change, services = router.change, dict[Key, None]()
    if request.entry.startswith("service "):
        return {Key("", "Service", *request.entry.removeprefix("service ").split("/", 1)): None}
    if request.entry.startswith("ingress ") or request.moves:
        for key in router.directory.ingresses_of(request.host, request.path):
            keys[key] = None
            for side in (change.live, change.target):
                services.update(dict.fromkeys(side.ingresses[key].services if key in side.ingresses else ()))
    if request.entry.startswith("ingress ") and not request.moves:
        return services
    for key in router.directory.routes(request.host, request.path):
        for side in (change.live, change.target):
            found = router.candidate(key, side, request) if key in side.http_routes else None
            if found is not None:
                keys[key] = None
                services.update((backend.service, None) for backend in found.answer.backends)
    return services
