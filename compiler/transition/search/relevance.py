"""Which objects decide how a request class is answered."""

from __future__ import annotations

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.search.router import Router


def relevant_objects(router: Router, request: Request) -> list[Key]:
    """The objects whose writes a class can see: its routes, their Services, the pods behind, and what is between."""
    change = router.change
    keys: dict[Key, None] = {}
    for key in _reachable_services(router, request, keys):
        keys[key] = None
        for snapshot in (change.live, change.target):
            facts = snapshot.services.get(key)
            keys.update((found, None) for found in (router.selected(facts) if facts else ()))
    keys.update(dict.fromkeys(router.index.connectivity))
    return list(keys)


def _reachable_services(router: Router, request: Request, keys: dict[Key, None]) -> dict[Key, None]:
    """The Services that may get the request; its routes are added to `keys`."""
    change, services = router.change, dict[Key, None]()
    if request.entry.startswith("service "):
        return {Key("", "Service", *request.entry.removeprefix("service ").split("/", 1)): None}
    if request.entry.startswith("ingress ") or request.moves:
        for key in router.index.ingresses_of(request.host, request.path):
            keys[key] = None
            for snapshot in (change.live, change.target):
                services.update(dict.fromkeys(snapshot.ingresses[key].services if key in snapshot.ingresses else ()))
    if request.entry.startswith("ingress ") and not request.moves:
        return services
    for key in router.index.routes(request.host, request.path):
        for snapshot in (change.live, change.target):
            found = router.candidate(key, snapshot, request) if key in snapshot.http_routes else None
            if found is not None:
                keys[key] = None
                services.update((backend.service, None) for backend in found.answer.backends)
    return services
