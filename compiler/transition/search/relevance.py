"""Which objects decide how a request class is answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.traffic.reader import RouteReader
from compiler.traffic.readers import reader_of_entry, readers_by_kind, route_readers
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
    if request.service is not None:
        return Relevance((), {request.service: _workloads_behind(router, request.service)}, ())
    routed = list(_routed_services(router, request))
    services = dict.fromkeys(key for each in routed for key in each.services)
    return Relevance(
        tuple(key for each in routed for key in each.routes),
        {key: _workloads_behind(router, key) for key in services},
        tuple(key for each in routed for key in _gates(router, each)),
    )


def _workloads_behind(router: Router, service: Key) -> tuple[Key, ...]:
    snapshots = (router.change.live, router.change.target)
    workloads = (key for s in snapshots if service in s.services for key in router.selected(s.services[service]))
    return tuple(dict.fromkeys(workloads))


def relevant_objects(router: Router, result: Relevance) -> list[Key]:
    """The objects whose writes the class can see, each once."""
    policies = (policy for key in result.workloads for policy in router.index.policies.get(key, ()))
    return list(dict.fromkeys((*result.routes, *result.services, *result.workloads, *result.gates, *policies)))


def class_cuts(
    router: Router, request: Request, relevance: Relevance, last: int
) -> dict[SyncPosition, list[Cut] | None]:
    """The points of each group of writes that the class can tell apart, up to pass `last`; None: too many.

    What answers the class is one route; each property of it looks at one backend, or at two. So writes that decide one
    backend only need not be combined with more than one other's.
    """
    decided = decided_services(router, relevance)
    visible = [key for key in decided if key in router.change.ops and is_visible(router, request, key)]
    scalers = [scaler for key in relevance.workloads if (scaler := router.change.scaler_key(key)) is not None]
    return {
        group.place: group_cuts(router.change, group, *units_by_owner((key, decided[key]) for key in group.others))
        for group in write_groups(router.change, (*visible, *relevance.workloads, *scalers), last)
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
    reader, forms = readers_by_kind().get(key[:2]), [change.live.routes.get(key), change.target.routes.get(key)]
    if reader is not None and key in router.idle_routes:
        return False
    if reader is None or None in forms or change.recreated(key):
        return True
    cluster = router.cluster(reader)
    before, after = (reader.effect_on(form, request, cluster) for form in forms)
    return before != after


@dataclass(frozen=True, slots=True, eq=False)
class _RoutedServices:
    """What one provider's routes may do with a request: its reader, the routes that take it, the Services behind."""

    reader: RouteReader
    routes: Collection[Key]
    services: Collection[Key]


def _gates(router: Router, routed: _RoutedServices) -> Iterable[Key]:
    """The written objects that decide whether the routes reach the Services."""
    if not router.index.gates:
        return ()
    snapshots = (router.change.live, router.change.target)
    forms = [s.routes[key] for key in routed.routes for s in snapshots if key in s.routes]
    return routed.reader.gates(forms, routed.services, router.index.gates)


def _routed_services(router: Router, request: Request) -> Iterator[_RoutedServices]:
    """By provider: its own at the request's entry, all while the host moves from one to another."""
    own = reader_of_entry(request)
    for reader in route_readers() if request.moves else (own,):
        if reader is not None:
            yield _services_behind(router, request, reader)


def _services_behind(router: Router, request: Request, reader: RouteReader) -> _RoutedServices:
    cluster, routes, behind = router.cluster(reader), dict[Key, None](), dict[Key, None]()
    for key in router.index.routes(reader.PROVIDER, request.host, request.path):
        for snapshot in (router.change.live, router.change.target):
            route = snapshot.routes.get(key)
            services = None if route is None else reader.services_for(route, request, cluster)
            if services is not None:
                routes[key] = None
                behind.update(dict.fromkeys(services))
    return _RoutedServices(reader, tuple(routes), tuple(behind))
