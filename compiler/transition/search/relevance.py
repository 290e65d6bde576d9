"""Which objects decide how a request class is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.search.cuts import group_cuts, units_by_owner, write_groups
from compiler.transition.search.object_index import write_has_effect
from compiler.transition.search.router import Router
from compiler.transition.sync.change import Cut, SyncPosition


@dataclass(frozen=True, slots=True, eq=False)
class Relevance:
    """The objects whose writes a class can see: its routes, its Services with the workloads behind, and gates."""

    routes: tuple[Key, ...]
    services: Mapping[Key, tuple[Key, ...]]
    gates: tuple[Key, ...]

    @property
    def workloads(self) -> tuple[Key, ...]:
        """The workloads behind any of the Services."""
        return tuple(dict.fromkeys(key for keys in self.services.values() for key in keys))


def relevance_of(router: Router, request: Request) -> Relevance:
    """What decides how the class is answered."""
    routes, services = _routes_and_services(router, request)
    snapshots = (router.change.live, router.change.target)
    behind = {
        key: tuple(dict.fromkeys(w for s in snapshots if key in s.services for w in router.selected(s.services[key])))
        for key in services
    }
    return Relevance(tuple(routes), behind, tuple(_gates(router, routes, services)))


def relevant_objects(router: Router, request: Request) -> list[Key]:
    """The objects whose writes the class can see, each once."""
    result = relevance_of(router, request)
    policies = (policy for key in result.workloads for policy in router.index.policies.get(key, ()))
    return list(dict.fromkeys((*result.routes, *result.services, *result.workloads, *result.gates, *policies)))


def class_cuts(router: Router, request: Request, last: int) -> dict[SyncPosition, list[Cut] | None]:
    """The points of each group of writes that the class can tell apart, up to pass `last`; None: too many.

    What answers the class is one route; each property of it looks at one backend, or at two. So writes that decide one
    backend only need not be combined with more than one other's.
    """
    relevance = relevance_of(router, request)
    decided = decided_services(router, relevance)
    visible = [key for key in decided if key in router.change.ops and is_visible(router, request, key)]
    return {
        group.place: group_cuts(router.change, group, *units_by_owner((key, decided[key]) for key in group.others))
        for group in write_groups(router.change, (*visible, *relevance.workloads), last)
    }


def decided_services(router: Router, relevance: Relevance) -> dict[Key, tuple[object, ...]]:
    """What each object but the workloads decides: a Service itself, a policy those whose pods it selects.

    What decides all of them, as routes and gates do, decides the route and its backends.
    """
    everything = ("route", "backends")
    decided: dict[Key, tuple[object, ...]] = dict.fromkeys((*relevance.routes, *relevance.gates), everything)
    for service, workloads in relevance.services.items():
        decided[service] = (service,)
        for policy in dict.fromkeys(p for key in workloads for p in router.index.policies.get(key, ())):
            decided[policy] = (*decided.get(policy, ()), service)
    return decided


def is_visible(router: Router, request: Request, key: Key) -> bool:
    """Whether the write of the object can change the answer to the request."""
    change = router.change
    if not write_has_effect(change, key):
        return False
    if key not in change.live.http_routes or key not in change.target.http_routes or change.recreated(key):
        return True
    forms = [(s.http_routes[key].parents, router.candidate(key, s, request)) for s in (change.live, change.target)]
    return forms[0] != forms[1]


def _gates(router: Router, routes: Iterable[Key], services: Iterable[Key]) -> Iterable[Key]:
    """The Gateways on which the routes hang, the grants and the Namespaces that decide whether they may."""
    snapshots = (router.change.live, router.change.target)
    every = [s.http_routes[key] for key in routes for s in snapshots if key in s.http_routes]
    parents = {parent.gateway for route in every for parent in route.parents}
    across = {key.namespace for key in services} - {key.namespace for key in routes}
    places = {route.key.namespace for route in every}
    for key in router.index.gates if every else ():
        grants = key.kind == "ReferenceGrant" and key.namespace in across
        if key in parents or grants or (key.kind == "Namespace" and key.name in places):
            yield key


def _routes_and_services(router: Router, request: Request) -> tuple[dict[Key, None], dict[Key, None]]:
    """The routes that may take the request, and the Services that may get it."""
    change, routes, services = router.change, dict[Key, None](), dict[Key, None]()
    if request.entry.startswith("service "):
        return {}, {Key("", "Service", *request.entry.removeprefix("service ").split("/", 1)): None}
    if request.entry.startswith("ingress ") or request.moves:
        for key in router.index.ingresses_of(request.host, request.path):
            routes[key] = None
            for snapshot in (change.live, change.target):
                services.update(dict.fromkeys(snapshot.ingresses[key].services if key in snapshot.ingresses else ()))
    if request.entry.startswith("ingress ") and not request.moves:
        return routes, services
    for key in router.index.routes(request.host, request.path):
        for snapshot in (change.live, change.target):
            result = router.candidate(key, snapshot, request) if key in snapshot.http_routes else None
            if result is not None:
                routes[key] = None
                services.update((backend.service, None) for backend in result.answer.backends)
    return routes, services
